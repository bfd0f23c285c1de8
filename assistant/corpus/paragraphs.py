"""Pieces of text → paragraphs: lines broken by typesetting are joined, real paragraphs kept."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.corpus import signals
from assistant.corpus.clean import Piece
from assistant.corpus.numbering import enumerator
from assistant.corpus.text import CLOSERS, SENTENCE_ENDS, join, width

_BROKEN_SHARE = 0.3
_FULL_LINE = 37.0  # Chinese characters in a full line of the widest common page layout
_LONG_LINE = 45  # an unfinished line of an unwrapped text that is longer was broken by accident


def is_wrapped(pieces: Sequence[Piece]) -> bool:
    """Whether the lines were broken at the page width (PDF text) rather than at paragraphs."""
    longer = [p for p in pieces if len(p.text) > 15]
    if len(longer) < 4 or max(len(p.text) for p in longer) > 120:
        return False
    open_ends = sum(not _closed(p.text) for p in longer)
    return open_ends > _BROKEN_SHARE * len(longer)


def _closed(text: str) -> bool:
    return text[-1] in SENTENCE_ENDS + CLOSERS + "：:;"


def ends_paragraph(text: str) -> bool:
    """Whether a line's last character can end a paragraph."""
    return _closed(text)


def paragraphs(pieces: Sequence[Piece], wrapped: bool, first_is_heading: bool = False) -> list[str]:
    """Texts of the paragraphs that the pieces make.

    Args:
        wrapped: lines are broken at the page width.
        first_is_heading: the first piece is a heading on a line of its own.
    """
    groups: list[list[str]] = []
    row = 0.0  # width of the visual line so far: typesetting parts one line into several
    for i, piece in enumerate(pieces):
        if i == 0 or _new_paragraph(
            pieces[i - 1], piece, wrapped, row, i == 1 and first_is_heading
        ):
            groups.append([piece.text])
            row = 2.0
        else:
            groups[-1].append(piece.text)
        if wrapped:
            w = width(piece.text)
            row = w if row + w > _FULL_LINE + 5 else row + w
    return [join(g) for g in groups]


def front_lines(
    pieces: Sequence[Piece], wrapped: bool, joined: Sequence[tuple[int, int]] = ()
) -> list[str]:
    """Lines of front matter or a signature: titles, numbers, dates and names stand alone.

    Args:
        joined: ranges of pieces (end exclusive) that are one line, such as a broken title.
    """
    lines: list[str] = []
    open_text: list[Piece] = []
    i = 0
    while i < len(pieces):
        span = next((b for a, b in joined if a == i and b > a), 0)
        alone = signals.is_head(pieces[i].text)
        if span or alone:
            lines += paragraphs(open_text, wrapped)
            open_text = []
            lines.append(join([p.text for p in pieces[i : span or i + 1]]))
        else:
            open_text.append(pieces[i])
        i = span or i + 1
    return lines + paragraphs(open_text, wrapped)


def _new_paragraph(
    before: Piece, piece: Piece, wrapped: bool, row: float, after_heading: bool
) -> bool:
    if after_heading:
        return True
    if "\t" in before.text or "\t" in piece.text:
        return True
    mark = enumerator(piece.text)
    if not wrapped:
        return _closed(before.text) or len(before.text) <= _LONG_LINE or bool(mark and piece.gap)
    if not _closed(before.text):
        return False
    if mark and mark.value < 40:
        return True
    return (
        before.text[-1] in "。）)："
        and row < _FULL_LINE - 4
        and row + width(piece.text) > _FULL_LINE
    )
