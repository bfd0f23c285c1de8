"""The front matter of a document: covering title, notice, the title of what is issued."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.corpus import signals
from assistant.corpus.clean import Piece
from assistant.corpus.numbering import enumerator
from assistant.corpus.paragraphs import ends_paragraph
from assistant.corpus.text import join

_DATE_TAIL = re.compile(r"[（(]\s*(?:19|20)\d\d\s*年\s*\d+\s*月\s*\d+\s*日\s*[）)]\s*$")
_ORDINAL = re.compile(r"^\d{1,3}[.．、]\s*")
_ISSUED_NAME = re.compile(r"《(?P<name>(?:[^《》]|《[^《》]*》)+)》")
_COVERED = re.compile(
    r"(?:印发|转发|公布|发布|制定|制订)的?(?:了)?《(?P<name>(?:[^《》]|《[^《》]*》)+)》"
)
_REPORTED = re.compile(r"(?:印发|公布|发布|出台|通过)了?《(?P<name>[^《》]{6,80})》")
_PLAIN_COVER = re.compile(r"(?:印发|转发)(?P<name>[^《》]{6,80}?)的通知$")
_BODY_KINDS = frozenset({"part", "chapter", "section", "article", "cn", "cn_bracket"})
_EXPLAINS = re.compile("解读|问答|解释|说明|图解")
_ISSUES = re.compile("印发|转发|公布|发布")
_OPENING, _OPENING_TEXT = 30, 500  # pieces, characters
_WINDOW = 60
_TITLE_LINES = 5
_LONGEST_NAME = 60  # characters of a first line that is taken for the title, if nothing else is


@dataclass(frozen=True, slots=True)
class Front:
    """Where the front matter ends and what it says about the title."""

    title: str
    notice_end: int  # pieces before this one: covering notice and title lines
    title_lines: tuple[int, ...]


def front(pieces: Sequence[Piece], compendium: int = 0) -> Front:
    """Read the front matter of a document.

    Args:
        pieces: all pieces of the document.
        compendium: how many of them hold a compendium's ordinal, title and date.
    """
    end = _window(pieces, compendium)
    cover, cover_end = _cover(pieces, compendium, end)
    name = _issued_name(cover, pieces, cover_end, end)
    found = _inner_title(pieces, cover_end, end, name, cover)
    if found:
        first, last = found
        return Front(_text(pieces, first, last), last, tuple(range(first, last)))
    if name:
        return Front(_outer_marks(name), cover_end, ())
    if cover:
        return Front(cover, cover_end, ())
    reported = _REPORTED.search(join([p.text for p in pieces[:_OPENING]])[:_OPENING_TEXT])
    if reported:
        return Front(f"《{reported.group('name')}》解读", 0, ())
    if end and _reads_as_name(pieces[0].text):
        return Front(pieces[0].text, 1, (0,))
    return Front("", 0, ())


def _reads_as_name(text: str) -> bool:
    """A first line that is no sentence, label or date: better a name than none."""
    sentence = re.search(r"[。；：:，！？]$|[。；]", text)
    return 4 <= len(text) <= _LONGEST_NAME and not sentence and not signals.is_signature(text)


def _outer_marks(name: str) -> str:
    """A title quoted inside 《》 has 〈〉 where it has 《》 itself."""
    return name if "《" in name else name.replace("〈", "《").replace("〉", "》")


def _text(pieces: Sequence[Piece], first: int, last: int) -> str:
    return join([p.text for p in pieces[first:last]])


def _window(pieces: Sequence[Piece], start: int) -> int:
    """Index of the first numbered unit of the body."""
    for i in range(start, min(len(pieces), start + _WINDOW)):
        mark = enumerator(pieces[i].text)
        if mark and mark.value == 1 and mark.kind in _BODY_KINDS:
            return i
    return min(len(pieces), start + _WINDOW)


def _cover(pieces: Sequence[Piece], compendium: int, end: int) -> tuple[str, int]:
    """The covering title and the piece after it."""
    if compendium:
        first = next(
            i for i in range(compendium) if _ORDINAL.match(pieces[i].text) or i == compendium - 1
        )
        title = _ORDINAL.sub("", join([p.text for p in pieces[first:compendium]]))
        return _DATE_TAIL.sub("", title).strip(), compendium
    for i in range(min(end, 20)):
        text = pieces[i].text
        if signals.is_cover(text) and text.endswith("。"):
            break
        for n in range(1, _TITLE_LINES + 1):
            joined = _text(pieces, i, min(i + n, end))
            if (signals.COVER_TITLE.match(joined) or signals.is_title(joined)) and (
                n == 1 or not _standalone(pieces, i, n)
            ):
                return joined, i + n
            if not _may_go_on(joined):
                break
    return "", 0


def _standalone(pieces: Sequence[Piece], i: int, n: int) -> bool:
    return any(
        signals.is_head(pieces[k].text) and not signals.is_title(pieces[k].text)
        for k in range(i, i + n - 1)
    )


def _may_go_on(text: str) -> bool:
    return (
        len(text) < 160
        and not re.search(r"[。；：:]$|^[（(]?\d", text)
        and not signals.NUMBER.match(text)
    )


def _issued_name(cover: str, pieces: Sequence[Piece], start: int, end: int) -> str:
    """The name of what a notice issues, from its title or its covering sentence."""
    if signals.COVER_TITLE.match(cover) and _ISSUES.search(cover):
        match = _COVERED.search(cover) or _PLAIN_COVER.search(cover)
        if match:
            return match.group("name")
    if cover.startswith("《") and (match := _ISSUED_NAME.match(cover)):
        return "" if _EXPLAINS.search(cover[match.end() :]) else match.group("name")
    if cover and not cover.endswith("令"):
        return ""
    for i in range(start, end):
        text = pieces[i].text
        if signals.is_cover(text) or re.search(r"现(?:予|将|印)", text):
            match = _ISSUED_NAME.search(text)
            if match:
                return match.group("name")
    return ""


def _plain(text: str) -> str:
    return re.sub(r"[\s《》〈〉“”\"'（）()\[\]〔〕—–\-_·，,、：:]", "", text)


def _inner_title(
    pieces: Sequence[Piece], start: int, end: int, name: str, cover: str
) -> tuple[int, int] | None:
    """Pieces of the title line(s) that stand right above the body."""
    if name:
        found = _named_title(pieces, start, end, _plain(name))
        if found:
            return found
    elif cover and not _ISSUES.search(cover) and not cover.endswith("令"):
        return _named_title(pieces, start, end, _plain(cover))
    last: tuple[int, int] | None = None
    for i in range(start, end):
        first = _title_begin(pieces, i, start)
        text = _text(pieces, first, i + 1)
        if signals.is_title(text) and not signals.APPENDIX.match(text) and text[0] != "《":
            last = (first, i + 1)
    return last


def _named_title(
    pieces: Sequence[Piece], start: int, end: int, wanted: str
) -> tuple[int, int] | None:
    for i in range(start, end):
        for n in range(1, _TITLE_LINES + 1):
            joined = _text(pieces, i, min(i + n, end))
            text = _plain(joined)
            longer = len(text) > len(wanted) and text.endswith(wanted)
            if text == wanted or (longer and signals.is_title(joined)):
                return i, min(i + n, end)
            if not wanted.startswith(text[: len(wanted)]):
                break
    return None


def _title_begin(pieces: Sequence[Piece], i: int, start: int) -> int:
    """First piece of the line that ends with piece ``i``: broken lines above it belong to it."""
    while i > start and not pieces[i].gap:
        above = pieces[i - 1].text
        if ends_paragraph(above) or signals.is_head(above):
            break
        i -= 1
    return i
