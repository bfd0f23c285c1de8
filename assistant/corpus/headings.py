"""What a numbered unit is called: its heading, on its own line or in front of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.corpus.clean import Piece
from assistant.corpus.numbering import enumerator
from assistant.corpus.paragraphs import quoted_term
from assistant.corpus.text import join, width
from assistant.corpus.tree import Node

_BRACKET = re.compile(r"^[（(【\[]([^（）()【】\[\]]{1,40}(?:（[^（）]*）[^（）()]*)?)[）)】\]]")
_FULL = 33.0
_OPEN = re.compile(r"[，、“（《]$")
_BRACKETS = tuple("（(【[")
_BRACKET_LINES = 3
_CLAUSE = re.compile(r"[^，：；。:;]{4,40}(?=[，：；:;])")
_CITED = re.compile(r"(?<=.{4})[（(][^（）()]*(?:（[^（）]*）[^（）()]*)*[）)][。；]?$")
_LONGEST = 120  # characters of a heading on lines of its own
_LONG_SENTENCE = 45  # a longer first sentence is no heading
_TITLE_SENTENCE = 40


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    lines: int = 0  # pieces it fills; 0: the text goes on behind it in the same line


def heading(
    pieces: Sequence[Piece], node: Node, wrapped: float, sentences: bool = False
) -> Heading:
    """The heading of a unit.

    Args:
        pieces: all pieces of the document.
        wrapped: the page width at which lines are broken, or 0.
        sentences: articles of this document open with a title sentence (第三条　优化…政策。…).
    """
    text = pieces[node.first].text[node.mark.end :].strip()
    if node.mark.kind == "article":
        return _article(pieces, node, text, sentences)
    parts = [text] if text else []
    at = node.first
    while at < node.last and len(parts) < 6:
        joined = join(parts)
        if _full_stop(joined) >= 0 or (joined and _complete(pieces, at, joined, wrapped)):
            break
        at += 1
        if enumerator(pieces[at].text) and parts:
            break
        parts.append(pieces[at].text)
    joined = join(parts)
    stop = _full_stop(joined)
    if stop < 0:
        lines = at + 1 - node.first if at < node.last else 0
        joined = joined if lines else _CITED.sub("", joined)
        whole = len(joined) <= (_LONGEST if lines else _LONG_SENTENCE)
        return Heading(joined.strip("：:；; ") if whole else _clause(joined), lines)
    if stop > _LONG_SENTENCE:
        return Heading(_clause(joined))
    return Heading(joined[:stop].strip(), at + 1 - node.first if len(joined) == stop + 1 else 0)


def _full_stop(text: str) -> int:
    """Where the first sentence ends, or -1: not inside a title, a quotation or a bracket."""
    depth = 0
    for place, character in enumerate(text):
        if character in "《“（【":
            depth += 1
        elif character in "》”）】":
            depth = max(0, depth - 1)
        elif character == "。" and not depth:
            return place
    return -1


def _clause(text: str) -> str:
    """The first clause stands for the heading of a unit that is written without one."""
    match = _CLAUSE.match(text)
    return match.group().strip() if match else ""


def _complete(pieces: Sequence[Piece], at: int, text: str, wrapped: float) -> bool:
    """Whether a heading without a full stop ends with the line ``at``."""
    if _OPEN.search(text) or quoted_term(pieces[at + 1].text):
        return False
    last = pieces[at].text
    if quoted_term(last) and (wrapped or text != last):
        return False
    if not wrapped:
        return True
    if text.count("“") > text.count("”") or text.count("（") > text.count("）"):
        return False
    return width(last) < _FULL


def _article(pieces: Sequence[Piece], node: Node, text: str, sentences: bool) -> Heading:
    """第五条（条标）, 第五条【条标】 or, where the document does so, a title sentence."""
    at = node.first
    if not text and node.last > node.first:
        at += 1
        text = pieces[at].text
    while text[:1] in _BRACKETS and not _BRACKET.match(text) and at < node.last:
        if at - node.first >= _BRACKET_LINES:
            break
        at += 1
        text = join([text, pieces[at].text])
    bracket = _BRACKET.match(text)
    if bracket:
        lines = at + 1 - node.first if len(text) == bracket.end() else 0
        return Heading(bracket.group(1).strip(), lines)
    text = _opening(pieces, node)
    if sentences:
        stop = _full_stop(text)
        if 0 < stop <= _TITLE_SENTENCE and len(text) > stop + 1:
            return Heading(text[:stop])
    return Heading("", 0 if pieces[node.first].text[node.mark.end :].strip() else 1)


def _opening(pieces: Sequence[Piece], node: Node) -> str:
    """The first lines of an article, joined, without its number."""
    lines = pieces[node.first : min(node.last + 1, node.first + _BRACKET_LINES)]
    return join([p.text for p in lines])[node.mark.end :].strip()


def title_sentences(pieces: Sequence[Piece], articles: Sequence[Node]) -> bool:
    """Whether most articles open with a short title sentence followed by more text."""
    if len(articles) < 4:
        return False
    hits = 0
    for node in articles:
        text = _opening(pieces, node)
        stop = _full_stop(text)
        hits += 0 < stop <= 30 and len(text) > stop + 20 and "，" not in text[:stop]
    return hits >= 0.6 * len(articles)
