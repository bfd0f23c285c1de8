"""The annexes behind the measures: tables row by row, rules unit by unit, lists as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.corpus import signals, tables
from assistant.corpus.body import body_units
from assistant.corpus.clean import Piece
from assistant.corpus.numbering import enumerator
from assistant.corpus.outline import outline
from assistant.corpus.units import Unit

_NUMBER = re.compile(r"^附(?:件|录|表)\s*([\d一二三四五六七八九十]{0,3})")
_RULES = 3  # units that make an annex a text of its own
_RULE_LENGTH = 60  # characters of a unit, on average; lists of names are shorter


def annex_start(pieces: Sequence[Piece], begin: int) -> int:
    """First piece of the annexes: an annex line, or a table, behind the first numbered unit."""
    seen = False
    for i in range(begin, len(pieces)):
        text = pieces[i].text
        mark = enumerator(text)
        seen = seen or bool(mark and mark.value == 1 and mark.kind != "arabic_bracket")
        if seen and (signals.APPENDIX.match(text) or _table_at_end(pieces, i)):
            return i
    return len(pieces)


def _table_at_end(pieces: Sequence[Piece], i: int) -> bool:
    """A table's header, with nothing but the table behind it."""
    if not tables.is_header(pieces[i].text):
        return False
    rest = [p.text for p in pieces[i:]]
    return sum("\t" in text for text in rest) > 0.8 * len(rest)


def annex_units(
    pieces: Sequence[Piece], start: int, wrapped: float
) -> tuple[list[Unit], list[int], list[int]]:
    """The units of the annexes from piece ``start`` on.

    Returns:
        the units, the pieces that are headings of sections, those that repeat a table's header.
    """
    units: list[Unit] = []
    sections: list[int] = []
    repeated: list[int] = []
    for first, end in _parts(pieces, start):
        row = next((i for i in range(first, end) if tables.is_row(pieces[i].text)), None)
        if row is not None:
            found, again = tables.rows(pieces, row, end, _prefix(pieces[first].text))
            units += _own(first, row) + [_row_unit(r) for r in found]
            repeated += again
            continue
        inside, lines = _rules(pieces, first, end, wrapped)
        units += inside or _own(first, end)
        sections += lines
    return units, sections, repeated


def _parts(pieces: Sequence[Piece], start: int) -> list[tuple[int, int]]:
    starts = [
        i for i in range(start, len(pieces)) if i == start or signals.APPENDIX.match(pieces[i].text)
    ]
    return list(pairwise([*starts, len(pieces)]))


def _prefix(text: str) -> str:
    match = _NUMBER.match(text)
    return f"附件{match.group(1)}" if match else "附件"


def _own(first: int, end: int) -> list[Unit]:
    return [Unit(first, end, None, "附件", "附件")] if end > first else []


def _row_unit(row: tables.Row) -> Unit:
    return Unit(
        row.first,
        row.end,
        row.label,
        row.heading,
        "附件",
        row.path,
        row.text,
        depts=row.depts,
        deadline=row.deadline,
    )


def _rules(
    pieces: Sequence[Piece], first: int, end: int, wrapped: float
) -> tuple[list[Unit], list[int]]:
    """Units of an annex that is a text of its own; none when it is a list of names."""
    if ("：" in pieces[first].text or ":" in pieces[first].text) and end - first < _RULES:
        return [], []
    tree = outline(pieces, first + 1, end, wrapped)
    leaves = tree.leaves()
    length = sum(len(p.text) for n in leaves for p in pieces[n.first : n.last + 1])
    if len(leaves) < _RULES or length < _RULE_LENGTH * len(leaves):
        return [], []
    units, lines = body_units(pieces, tree, wrapped, "附件", f"{_prefix(pieces[first].text)}/")
    return [*_own(first, tree.roots[0].first), *units], lines
