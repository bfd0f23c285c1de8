"""The finder's result as a spreadsheet, with the date of check and every source."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from io import StringIO
from pathlib import Path

from assistant.errors import BadInputError
from assistant.finder.chat import described, stated
from assistant.finder.match import Found
from assistant.records import Match, Profile
from assistant.spreadsheet import fill, inert, saved

COLUMNS = (
    "序号",
    "结论",
    "得到什么",
    "金额",
    "由谁负责或给付",
    "条件核对",
    "怎么申请",
    "不可兼得",
    "有效情况",
    "文件",
    "文号",
    "原文网址",
    "条款",
    "原文",
    "另见",
    "说明",
)
_WIDTHS = (6, 10, 40, 24, 20, 40, 30, 20, 20, 30, 20, 30, 12, 60, 30, 30)


def rows(found: Found) -> Iterator[tuple[str, ...]]:
    """One row a match, then one a near miss."""
    for verdict, matches in (("适用", found.matches), ("差一点", found.near_misses)):
        for match in matches:
            yield _row(verdict, match)


def xlsx(found: Found, company: Profile, *, as_of: str) -> bytes:
    """The workbook's bytes: a sheet of rows and a sheet that says what was checked and when."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "适用政策"
    fill(sheet, COLUMNS, rows(found), widths=_WIDTHS, freeze="D2")
    about = book.create_sheet("核对说明")
    for line in _about(company, as_of):
        about.append([inert(cell) for cell in line])
    about.column_dimensions["A"].width = 16
    about.column_dimensions["B"].width = 80
    return saved(book)


def csv_text(found: Found, company: Profile, *, as_of: str) -> str:
    """The same rows as CSV; the lines that say what was checked come last."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([inert(cell) for cell in row] for row in rows(found))
    writer.writerow([])
    writer.writerows([inert(cell) for cell in line] for line in _about(company, as_of))
    return out.getvalue()


def write(found: Found, company: Profile, path: Path, *, as_of: str | None = None) -> None:
    """Write ``path`` by its suffix.

    Raises:
        BadInputError: the suffix is neither .xlsx nor .csv, or the file cannot be written.
    """
    day = as_of or date.today().isoformat()
    kind = path.suffix.lower()
    if kind == ".xlsx":
        data = xlsx(found, company, as_of=day)
    elif kind == ".csv":
        data = csv_text(found, company, as_of=day).encode("utf-8-sig")  # Excel wants the mark
    else:
        raise BadInputError(f"不支持导出为 {kind or '无后缀'}", "请用 .xlsx 或 .csv")
    try:
        path.write_bytes(data)
    except OSError as error:
        raise BadInputError(f"不能写入 {path}", "请检查目录和权限") from error


def _row(verdict: str, match: Match) -> tuple[str, ...]:
    document, measure = match.citation.hit.document, match.citation.hit.measure
    conditions = "\n".join(f"【{c.verdict}】{c.text}" for c in match.conditions)
    twins = "\n".join(
        f"《{p.title}》{p.doc_number or ''} {p.measure or ''}" for p in match.citation.hit.also_in
    )
    return (
        str(match.citation.n),
        verdict,
        match.citation.quote,
        match.amount or "没有写明",
        match.payer or "",
        conditions,
        match.apply or "",
        match.exclusive or "",
        match.status,
        document.title,
        document.doc_number or "",
        document.url or "",
        measure.label or measure.part,
        measure.text,
        twins,
        match.why,
    )


def _about(company: Profile, as_of: str) -> Sequence[tuple[str, str]]:
    return (
        ("核对日期", as_of),
        *(stated(company) or [("企业情况", described(company))]),
        ("说明", "金额和条件摘自所列条款原文；是否符合以主管部门认定为准，咨询可拨打12345。"),
    )
