"""Rows as a sheet of a workbook, or as CSV, whose cells are text and never formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.rich_text import CellRichText
    from openpyxl.cell.text import InlineFont
    from openpyxl.worksheet.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # XML has no place for them


def inert(cell: str) -> str:
    """Text that a spreadsheet can hold and will not run as a formula (OWASP: CSV injection)."""
    text = _CONTROL.sub("", cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def marked(pieces: Iterable[tuple[str, InlineFont | None]]) -> CellRichText:
    """Runs of text with their fonts; never a formula, since a workbook stores it apart."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    cleaned = ((_CONTROL.sub("", text), font) for text, font in pieces)
    return CellRichText(*(TextBlock(font, text) if font else text for text, font in cleaned))


def fill(
    sheet: Worksheet,
    columns: Sequence[str],
    rows: Iterable[Sequence[str | CellRichText]],
    *,
    widths: Sequence[int],
    freeze: str = "A2",
) -> None:
    """A bold head and wrapped cells; ``widths`` in characters, ``freeze`` the first that moves."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.append(columns)
    for row in rows:
        sheet.append([inert(cell) if isinstance(cell, str) else cell for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = freeze


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
