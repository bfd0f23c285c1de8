"""Lines that may begin a numbered unit: what looks like an enumerator and is none is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from string import digits

from assistant.corpus.clean import Piece
from assistant.corpus.numbering import Enumerator, Kind, enumerator
from assistant.corpus.paragraphs import ends_paragraph, row_width
from assistant.corpus.text import squash

ARTICLE_KINDS: frozenset[Kind] = frozenset({"part", "chapter", "section", "article"})
_NARROW = 32.0  # a line this short was not broken at the page width
_HEADING_LINES = 2  # from a heading to the article right below it
_EXCERPT = 3  # articles in a row that make an excerpt
_LONGEST_CONTENTS = 150  # lines
_ENTRY = 60  # characters of a line of contents
_REFERENCE = re.compile(r"(?:的)?(?:规定|所[称列规述指]|第|和|或|至|、|，)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece that begins with an enumerator."""

    at: int
    mark: Enumerator
    firm: bool = True  # the text before it is finished


def find_candidates(
    pieces: Sequence[Piece], first: int, last: int, wrapped: float
) -> list[Candidate]:
    """The pieces of ``first … last`` (exclusive) at which a unit may begin.

    Args:
        pieces: all pieces of the document.
        wrapped: width at which lines are broken, so that one may begin with anything; or 0.
    """
    found = [
        Candidate(i, mark, _is_firm(pieces, i, wrapped))
        for i in range(first, last)
        if (mark := enumerator(pieces[i].text)) and not _is_reference(pieces[i].text, mark)
    ]
    found = found[_contents(pieces, found) :]
    headed = _with_headings(found)
    if headed:
        return headed
    if _article_numbered(found):
        return [c for c in found if c.mark.kind in ARTICLE_KINDS]
    return [c for c in found if c.mark.kind not in ("article", "circled")]


def _contents(pieces: Sequence[Piece], candidates: Sequence[Candidate]) -> int:
    """How many candidates at the start are lines of a table of contents, repeated below."""
    if not candidates:
        return 0
    first = _entry(pieces, candidates[0])
    for k, candidate in enumerate(candidates[1 : _LONGEST_CONTENTS + 1], 1):
        if any(len(pieces[i].text) > _ENTRY for i in range(candidates[k - 1].at, candidate.at)):
            return 0
        if k > 1 and _entry(pieces, candidate) == first:
            return k
    return 0


def _entry(pieces: Sequence[Piece], candidate: Candidate) -> str:
    """A heading as both the contents and the text have it: no blanks, no page number.

    An enumerator that stands alone on its line says nothing without the line below it.
    """
    text = pieces[candidate.at].text
    if candidate.mark.end == len(text) and candidate.at + 1 < len(pieces):
        text += pieces[candidate.at + 1].text
    return squash(text).rstrip(digits).rstrip(".…·")


def _is_reference(text: str, mark: Enumerator) -> bool:
    """第十条规定的…: an article is spoken of, none begins."""
    return mark.kind == "article" and bool(_REFERENCE.match(text, mark.end))


def _is_firm(pieces: Sequence[Piece], i: int, wrapped: float) -> bool:
    """Whether the text before piece ``i`` is finished, so that anything may begin here."""
    if not wrapped or i == 0:
        return True
    before = pieces[i - 1]
    if pieces[i].gap and pieces[i].page == before.page:  # blank lines part pages, too
        return True
    return ends_paragraph(before.text) or row_width(pieces, i) < _NARROW


def _with_headings(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Articles from the first to the last under headings 一、 二、 that stand right above one each:
    the headings are chapters.  Empty where it is not so."""
    articles = [c for c in candidates if c.mark.kind == "article"]
    running = all(_follows(a.mark, b.mark) for a, b in pairwise(articles))
    if len(articles) < _EXCERPT or articles[0].mark.value != 1 or not running:
        return []
    headings = [
        a
        for a, b in pairwise(candidates)
        if a.mark.kind == "cn" and b.mark.kind == "article" and b.at - a.at <= _HEADING_LINES
    ]
    above = [c for c in candidates if c.mark.kind == "cn" and c.at < articles[0].at]
    if not above or above[-1] not in headings:
        return []
    chapters = {c.at: replace(c, mark=replace(c.mark, kind="chapter")) for c in headings}
    kept = (c for c in candidates if c.mark.kind == "article" or c.at in chapters)
    return [chapters.get(c.at, c) for c in kept]


def _follows(mark: Enumerator, following: Enumerator) -> bool:
    """第三条 after 第二条, 第二条之一 after 第二条."""
    if following.value == mark.value:
        return following.insert == mark.insert + 1
    return following.value == mark.value + 1 and not following.insert


def _article_numbered(candidates: Sequence[Candidate]) -> bool:
    """Whether articles are the units: they follow one another, and no 一、 stands before them.

    An excerpt may begin with any article.
    """
    articles = [c for c in candidates if c.mark.kind == "article"]
    steps = sum(b.mark.value == a.mark.value + 1 for a, b in pairwise(articles))
    if not steps or (articles[0].mark.value != 1 and steps < _EXCERPT):
        return False
    outer = next((c.at for c in candidates if c.mark.kind == "cn" and c.mark.value == 1), None)
    return outer is None or articles[0].at < outer
