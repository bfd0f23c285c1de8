"""Pieces of text → paragraphs: lines broken by typesetting are joined, real paragraphs kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.corpus import signals
from assistant.corpus.clean import Piece
from assistant.corpus.numbering import enumerator
from assistant.corpus.text import CLOSERS, SENTENCE_ENDS, join, width

_IN_CHARGE = re.compile(r"[（(](?:责任|牵头|配合)[^（）()]*(?:（[^（）]*）[^（）()]*)*[）)]$")
_BROKEN_SHARE = 0.3
_COMMA_SHARE, _COMMA_LINES = 0.1, 4
_QUOTED = re.compile(r"^“[^”。]{1,16}(?:”[^”。]{0,4})?$")
_FULL_LINE = 40.0  # Chinese characters in a full line of the common page layout
_SHORT = 0.8  # share of a full line that a line at the end of its paragraph may have
_INDENT = 2.0
_BRACKET_LINES = 8  # that the bracket of those in charge may fill
_ROW_PARTS = 200  # far more pieces than a page line is parted into
_MAX_ITEMS = 40  # a line of running text may begin with a larger number
_LONG_LINE = 45  # an unfinished line of an unwrapped text that is longer was broken by accident


def page_width(pieces: Sequence[Piece]) -> float:
    """Width of a full line, where lines were broken at the page width (PDF text); else 0.

    It is that of the common layout, or of the longest line where all are shorter.

    Typesetting may part them further, behind commas and around quotations, until hardly a long
    one is left: many that end with a comma then tell of it, as no paragraph ends with one.
    """
    if not pieces or max(len(p.text) for p in pieces) > 120:
        return 0.0
    wide = (_width(p) for p in pieces if "\t" not in p.text)
    full = min(_FULL_LINE, max(wide, default=_FULL_LINE))
    commas = sum(_at_comma(a.text, b.text) for a, b in pairwise(pieces))
    if commas >= _COMMA_LINES and commas > _COMMA_SHARE * len(pieces):
        return full
    longer = [p for p in pieces if len(p.text) > 15]
    open_ends = sum(not _closed(p.text) for p in longer)
    return full if len(longer) >= 4 and open_ends > _BROKEN_SHARE * len(longer) else 0.0


def _at_comma(text: str, following: str) -> bool:
    """Whether a line ends with a comma in mid-sentence: no enumerator alone, no list of items."""
    mark = enumerator(text)
    return text[-1] in "，、" and not (mark and mark.end == len(text)) and not enumerator(following)


def _closed(text: str) -> bool:
    return text[-1] in SENTENCE_ENDS + CLOSERS + "：:;"


def ends_paragraph(text: str) -> bool:
    """Whether a line's last character can end a paragraph."""
    return _closed(text)


def quoted_term(text: str) -> bool:
    """Whether a line holds a quoted term and next to nothing else.

    Typesetting, or a change of fonts, sets it as a line of its own in mid-sentence.
    """
    return bool(_QUOTED.match(text))


def _around_term(before: str, text: str, begun: bool) -> bool:
    """Whether a line was broken before a quoted term, or behind one that was in mid-sentence."""
    if quoted_term(text):
        return not _closed(before)
    return begun and quoted_term(before) and before[-1] not in SENTENCE_ENDS + "：:;"


def paragraphs(
    pieces: Sequence[Piece], wrapped: float, heading: int = 0, lists: bool = False
) -> list[str]:
    """Texts of the paragraphs that the pieces make; arguments as :func:`paragraph_spans`."""
    return [
        join([p.text for p in pieces[a:b]])
        for a, b in paragraph_spans(pieces, wrapped, heading, lists)
    ]


def paragraph_spans(
    pieces: Sequence[Piece], wrapped: float, heading: int = 0, lists: bool = False
) -> list[tuple[int, int]]:
    """The paragraphs that the pieces make, as ranges of pieces (end exclusive).

    Args:
        wrapped: the page width at which lines are broken, or 0.
        heading: how many pieces at the start are a heading on lines of its own.
        lists: every enumerator begins a line of its own (annexes).
    """
    starts: list[int] = []
    row = 0.0  # width of the page line so far: typesetting parts one line into several
    for i, piece in enumerate(pieces):
        wide = _width(piece) if wrapped else 0.0
        full = row + wide > wrapped + 1
        if i == 0 or (
            i >= heading
            and _new_paragraph(
                pieces[i - 1],
                piece,
                wrapped,
                short=full and row < _SHORT * wrapped,
                begun=i - starts[-1] > 1,
                forced=i == heading
                or (lists and bool(enumerator(piece.text)))
                or (wrapped > 0 and _in_charge(pieces[max(starts[-1], i - _BRACKET_LINES) : i])),
            )
        ):
            starts.append(i)
            row = wide + _INDENT
        else:
            row = wide if full else row + wide
    return list(pairwise([*starts, len(pieces)])) if starts else []


def _in_charge(pieces: Sequence[Piece]) -> bool:
    """Whether a paragraph ends with the bracket of those in charge, which closes a task."""
    closed = pieces[-1].text[-1] in "）)"
    return closed and bool(_IN_CHARGE.search("".join(p.text for p in pieces)))


def row_width(pieces: Sequence[Piece], end: int) -> float:
    """Width of the page line that ends before piece ``end``, of all the pieces it was parted into.

    Lines are parted behind commas and around quotations.
    """
    first = end - 1
    while (
        first and end - first < _ROW_PARTS and _parted(pieces[first - 1].text, pieces[first].text)
    ):
        first -= 1
    row = 0.0
    for piece in pieces[first:end]:
        wide = _width(piece)
        row = wide if row + wide > _FULL_LINE + 1 else row + wide
    return row


def _parted(text: str, following: str) -> bool:
    return text[-1] in "，、”" or following[0] == "“"


def _width(piece: Piece) -> float:
    """Width on the page, the blanks included that tidying took out."""
    return width(piece.text) + 0.5 * (piece.end - piece.start - len(piece.text))


def front_lines(
    pieces: Sequence[Piece],
    wrapped: float,
    joined: Sequence[tuple[int, int]] = (),
    lists: bool = False,
) -> list[str]:
    """Lines of front matter or a signature: titles, numbers, dates and names stand alone.

    Args:
        joined: ranges of pieces (end exclusive) that are one line, such as a broken title.
    """
    lines: list[str] = []
    open_text: list[Piece] = []
    sentence = False  # a comma has ended a line, and no mark the sentence
    i = 0
    while i < len(pieces):
        span = next((b for a, b in joined if a == i and b > a), 0)
        text = pieces[i].text
        alone = signals.is_head(text) and not sentence
        open_ = sentence and text[-1] not in SENTENCE_ENDS + "：:"
        sentence = wrapped > 0 and (text[-1] in "，、" or open_)
        if span or alone:
            lines += paragraphs(open_text, wrapped, lists=lists)
            open_text = []
            lines.append(join([p.text for p in pieces[i : span or i + 1]]))
        else:
            open_text.append(pieces[i])
        i = span or i + 1
    return lines + paragraphs(open_text, wrapped, lists=lists)


def _new_paragraph(
    before: Piece, piece: Piece, wrapped: float, *, short: bool, begun: bool, forced: bool
) -> bool:
    """Whether a paragraph ends between two pieces.

    Args:
        short: the page line ends with ``before`` and is not full.
        begun: the paragraph has begun above ``before``.
    """
    alone = enumerator(before.text)
    if alone and len(before.text) == alone.end:
        return False
    if forced or "\t" in before.text or "\t" in piece.text:
        return True
    mark = enumerator(piece.text)
    if not wrapped:
        if not mark and _around_term(before.text, piece.text, begun):
            return False
        return _closed(before.text) or len(before.text) <= _LONG_LINE or bool(mark and piece.gap)
    if not _closed(before.text):
        return False
    if mark and mark.value < _MAX_ITEMS:
        return True
    return short and before.text[-1] in "。）)："
