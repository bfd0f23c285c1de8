"""A comparison as a workbook: the clauses side by side, and what was compared on which day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.diff import Change, ChangeKind
from assistant.errors import BadInputError
from assistant.records import Measure
from assistant.spreadsheet import fill, inert, marked, saved
from assistant.validity import STATUS
from assistant.versions import GROUNDS, Compared

if TYPE_CHECKING:
    from openpyxl.cell.rich_text import CellRichText

KINDS: dict[ChangeKind, str] = {
    "changed": "修改",
    "added": "新增",
    "removed": "删去",
    "renumbered": "仅条号变化",
    "same": "未变",
}
FIGURES = {
    "amount": "金额",
    "ratio": "比例",
    "threshold": "门槛",
    "period": "期限",
    "time_limit": "时限",
}
NOT_VERSIONS = "不是同一文件的两个版本，差异不表示政策有了变化"
_COLUMNS = ("变化", "原条款", "原文", "现条款", "现文", "数字的变化")
_WIDTHS = (10, 14, 60, 14, 60, 30)
_GONE, _COME = "00B3261E", "0000662E"


def xlsx(compared: Compared) -> bytes:
    """The workbook's bytes; what was taken out is struck through, what came is underlined."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "逐条对比"
    fill(sheet, _COLUMNS, _rows(compared), widths=_WIDTHS)
    about = book.create_sheet("对比说明")
    for line in _about(compared):
        about.append([inert(cell) for cell in line])
    for column, width in (("A", 14), ("B", 60), ("C", 60)):
        about.column_dimensions[column].width = width
    return saved(book)


def write(compared: Compared, path: Path) -> None:
    """Raises :class:`BadInputError` for a suffix but .xlsx, or a file that cannot be written."""
    if path.suffix.lower() != ".xlsx":
        raise BadInputError(f"不支持导出为 {path.suffix or '无后缀'}", "请用 .xlsx")
    try:
        path.write_bytes(xlsx(compared))
    except OSError as error:
        raise BadInputError(f"不能写入 {path}", "请检查目录和权限") from error


def _rows(compared: Compared) -> Iterator[tuple[str | CellRichText, ...]]:
    for change in compared.found.changes:
        figures = (
            f"{FIGURES.get(f.kind, f.kind)}：{f.old or '无'} → {f.new or '无'}"
            for f in change.figures
        )
        yield (
            KINDS[change.kind],
            _label(change.old),
            _text(change, change.old, "removed"),
            _label(change.new),
            _text(change, change.new, "added"),
            "\n".join(figures),
        )


def _label(measure: Measure | None) -> str:
    return (measure.label or measure.part) if measure else ""


def _text(change: Change, measure: Measure | None, own: str) -> str | CellRichText:
    """The clause as one version has it, with what the other lacks marked."""
    from openpyxl.cell.text import InlineFont

    if measure is None:
        return ""
    if change.kind != "changed":
        return measure.text
    gone = own == "removed"
    font = InlineFont(strike=True, color=_GONE) if gone else InlineFont(u="single", color=_COME)
    return marked(
        (piece.text, font if piece.kind == own else None)
        for piece in change.pieces
        if piece.kind in ("same", own)
    )


def _about(compared: Compared) -> Iterator[tuple[str, ...]]:
    sides = tuple(zip((compared.old, compared.new), compared.validity, strict=True))
    yield "", "原文件", "现文件"
    yield "标题", *(document.title for document, _ in sides)
    yield "文号", *(document.doc_number or "" for document, _ in sides)
    yield "发文机关", *("、".join(document.issuers) for document, _ in sides)
    yield "印发", *(document.issued or "" for document, _ in sides)
    yield "效力", *(f"{STATUS[valid.status]}。{valid.basis}" for _, valid in sides)
    yield "核对日期", *(valid.as_of for _, valid in sides)
    yield "来源", *(f"{d.source} 第 {d.line_start}–{d.line_end} 行" for d, _ in sides)
    yield "两者关系", GROUNDS[compared.ground], "" if compared.versions else NOT_VERSIONS
    for kind, word in KINDS.items():
        yield word, str(compared.found.count(kind))
