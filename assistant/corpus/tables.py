"""Tables of annexes whose cells a tab parts: every numbered row is a measure ``附件/n``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.corpus.clean import Piece

_NUMBERED = re.compile(r"^(\d{1,4})\s*[*＊]?$")
_HEADER = re.compile(r"^(?:序号|编号|No\.?)$")
_DEPTS = re.compile(r"责任|牵头|部门|单位")
_DEADLINE = re.compile(r"时间|时限|期限|节点|进度")


@dataclass(frozen=True, slots=True)
class Row:
    first: int
    end: int
    label: str | None
    heading: str
    path: tuple[str, ...]
    text: str


def is_row(text: str) -> bool:
    """Whether a line is a row (or the header) of a table with tabs between its cells."""
    return text.count("\t") >= 2


def _cells(text: str) -> list[str]:
    return [c.strip() for c in text.split("\t")]


def rows(pieces: Sequence[Piece], first: int, end: int) -> list[Row]:
    """The rows of the table in ``pieces[first:end]``; lines that are no numbered row own text."""
    return _Table(pieces, first, end).read()


class _Table:
    def __init__(self, pieces: Sequence[Piece], first: int, end: int) -> None:
        self.pieces, self.first, self.end = pieces, first, end
        self.header: list[str] = []
        self.above: list[str] = []  # merged cells of the rows above
        self.found: list[Row] = []

    def read(self) -> list[Row]:
        for i in range(self.first, self.end):
            cells = _cells(self.pieces[i].text)
            if _HEADER.match(cells[0]):
                self.header = cells
                self._own(i, "表头")
            elif self.header and (match := _NUMBERED.match(cells[0])):
                self._row(i, match.group(1), cells)
            elif (
                self.found
                and self.found[-1].label
                and len(cells) < 3
                and not cells[0].startswith("注")
            ):
                self._extend(i)
            else:
                self._own(i, "附注")
        return self.found

    def _own(self, i: int, name: str) -> None:
        text = " ".join(c for c in _cells(self.pieces[i].text) if c)
        self.found.append(Row(i, i + 1, None, name, (), text))

    def _extend(self, i: int) -> None:
        row = self.found[-1]
        more = " ".join(_cells(self.pieces[i].text))
        self.found[-1] = Row(row.first, i + 1, row.label, row.heading, row.path, row.text + more)

    def _row(self, i: int, number: str, cells: list[str]) -> None:
        cells = self._aligned(cells)
        groups, heading, body = self._merged(cells)
        parts = [f"{number}. {heading}" if heading else f"{number}."]
        for name, value in body:
            if value:
                parts.append(f"（{name}：{value}）" if name != "具体举措" else value)
        text = "\n".join([parts[0], *parts[1:]])
        self.found.append(Row(i, i + 1, f"附件/{number}", heading, groups, text))

    def _aligned(self, cells: list[str]) -> list[str]:
        cells = cells[: len(self.header)]
        return cells + [""] * (len(self.header) - len(cells))

    def _merged(self, cells: list[str]) -> tuple[tuple[str, ...], str, list[tuple[str, str]]]:
        return (
            (),
            cells[min(3, len(cells) - 1)],
            [(self.header[k], cells[k]) for k in range(1, len(cells)) if k != 3],
        )
