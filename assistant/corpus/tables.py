"""Tables of annexes whose cells are parted by tabs: every numbered row is a measure ``附件/n``.

Cells lie where a PDF or web copy left them: merged cells are blank, whole rows are shifted by a
cell.  The cells of a row that are not blank are therefore laid against the *right* end of the
header, whose last columns (who, until when) no row leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.corpus.clean import Piece

_NUMBERED = re.compile(r"^(\d{1,4})\s*[*＊.．、]?$")
_INDEX = re.compile(r"^(?:序号|编号|序|No\.?)$")
_DEPTS = re.compile(r"责任|牵头|部门|单位|主体")
_DEADLINE = re.compile(r"时间|时限|期限|节点|进度")
_TIME = re.compile(r"\d|月|年|持续|长期|完成|适时")
_TASK = re.compile(r"举措|措施|内容|任务|要求|描述|说明")
_NOTE = re.compile(r"^(?:注|备注|说明)\s*[：:]")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; rows without a number (header, note) have no label."""

    first: int
    end: int
    label: str | None
    heading: str
    path: tuple[str, ...]
    text: str
    depts: str | None = None
    deadline: str | None = None


@dataclass(slots=True)
class _Header:
    """Columns of the table by what they say, as indices into the header."""

    names: list[str]
    task: int = -1  # the column that says what is to be done
    subject: int = -1  # what it is about
    depts: int = -1
    deadline: int = -1
    groups: list[int] = field(default_factory=list)

    @classmethod
    def read(cls, names: list[str]) -> _Header:
        made = cls(names)
        for k, name in enumerate(names):
            if _DEPTS.search(name):
                made.depts = k
            elif _DEADLINE.search(name):
                made.deadline = k
        inner = [k for k in range(1, len(names)) if k not in (made.depts, made.deadline)]
        tasks = [k for k in inner if _TASK.search(names[k])]
        made.task = tasks[-1] if tasks else (inner[-1] if inner else -1)
        before = [k for k in inner if k < made.task]
        made.subject = before[-1] if before else made.task
        made.groups = before[:-1]
        return made


def is_row(text: str) -> bool:
    """Whether a line is a row (or the header) of a table with tabs between its cells."""
    return text.count("\t") >= 2


def is_header(text: str) -> bool:
    """Whether a line is the header of a numbered table (序号 …)."""
    return is_row(text) and bool(_INDEX.match(text.split("\t", 1)[0].strip()))


def rows(
    pieces: Sequence[Piece], first: int, end: int, prefix: str = "附件"
) -> tuple[list[Row], list[int]]:
    """The rows of the table in ``pieces[first:end]``, and the pieces that repeat its header."""
    table = _Table(pieces, prefix)
    return table.read(first, end), table.repeated


class _Table:
    def __init__(self, pieces: Sequence[Piece], prefix: str) -> None:
        self.pieces, self.prefix = pieces, prefix
        self.header: _Header | None = None
        self.above: dict[int, str] = {}  # last value of every column that may be merged
        self.found: list[Row] = []
        self.repeated: list[int] = []  # headers set again on a new page

    def read(self, first: int, end: int) -> list[Row]:
        for i in range(first, end):
            cells = _cells(self.pieces[i].text)
            number = _NUMBERED.match(cells[0])
            if _INDEX.match(cells[0]):
                names = [c for c in cells if c]
                if self.header and names == self.header.names:
                    self.repeated.append(i)
                    continue
                self.header = _Header.read(names)
                self._own(i, cells, "表头")
            elif self.header and number and len(cells) > 1:
                self._row(i, number.group(1), cells, self.header)
            elif self._continues(i, cells):
                self._extend(i, cells)
            else:
                self._own(i, cells, "附注")
        return self.found

    def _continues(self, i: int, cells: list[str]) -> bool:
        """Whether a line goes on with the row right above it."""
        if not self.found or not self.found[-1].label or self.found[-1].end != i:
            return False
        return not _NOTE.match(cells[0])

    def _own(self, i: int, cells: list[str], name: str) -> None:
        self.found.append(Row(i, i + 1, None, name, (), " ".join(c for c in cells if c)))

    def _extend(self, i: int, cells: list[str]) -> None:
        row = self.found[-1]
        more = " ".join(c for c in cells if c)
        self.found[-1] = Row(
            row.first,
            i + 1,
            row.label,
            row.heading,
            row.path,
            f"{row.text}\n{more}",
            row.depts,
            row.deadline,
        )

    def _row(self, i: int, number: str, cells: list[str], header: _Header) -> None:
        values = _against_right(cells[1:], header)
        self._fill_down(values, header)
        heading = values.get(header.subject, "")
        self.found.append(
            Row(
                i,
                i + 1,
                f"{self.prefix}/{number}",
                heading,
                tuple(values[k] for k in header.groups if values.get(k)),
                "\n".join(c for c in cells if c),
                values.get(header.depts),
                values.get(header.deadline),
            )
        )

    def _fill_down(self, values: dict[int, str], header: _Header) -> None:
        """Blank merged cells take the value above; a new group ends those inside it."""
        columns = [*header.groups, header.subject]
        for place, k in enumerate(columns):
            if k in values:
                if values[k] != self.above.get(k):
                    for inner in columns[place + 1 :]:
                        self.above.pop(inner, None)
                self.above[k] = values[k]
            elif k in self.above:
                values[k] = self.above[k]


def _cells(text: str) -> list[str]:
    return [c.strip() for c in text.split("\t")]


def _against_right(cells: list[str], header: _Header) -> dict[int, str]:
    """Column index → value, the cells that are not blank laid against the header's right end."""
    given = [c for c in cells if c]
    last = len(header.names) - 1
    if header.deadline == last and given and not _TIME.search(given[-1]):
        last -= 1  # the row ends with its departments: no deadline was set
    return {last - back: value for back, value in enumerate(reversed(given)) if back < last}
