"""Feedback for the staff over HTTP: as a table, as a spreadsheet, deleted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse

from assistant.spreadsheet import XLSX, fill, saved
from ui.feedback import MAX_ROWS, Feedback, FeedbackStore
from ui.render.feedback import COLUMNS, THUMBS, feedback_table, local_time
from ui.texts import TEXTS

SHOWN = 200  # a table that a browser lays out at once
_WIDTHS = (17, 8, 14, 30, 40, 80, 12)
Text = Annotated[str, Query(max_length=100)]


def add(routes: APIRouter, store: FeedbackStore) -> None:
    """The routes below ``/feedback``; filters that are empty let everything through."""

    @routes.get("/feedback")
    def table(thumb: Text = "", reason: Text = "", words: Text = "") -> HTMLResponse:
        rows = store.rows(SHOWN + 1, thumb=thumb, reason=reason, words=words)
        return HTMLResponse(str(feedback_table(rows, SHOWN)))

    @routes.get("/feedback.xlsx")
    def sheet(thumb: Text = "", reason: Text = "", words: Text = "") -> Response:
        rows = store.rows(MAX_ROWS, thumb=thumb, reason=reason, words=words)
        return Response(workbook(rows), media_type=XLSX)

    @routes.delete("/feedback/{feedback_id}")
    def delete(feedback_id: Annotated[int, InPath(le=2**63 - 1)]) -> dict[str, bool]:
        return {"deleted": store.delete(feedback_id)}

    @routes.delete("/feedback")
    def delete_all() -> dict[str, int]:
        return {"deleted": store.delete_all()}


def workbook(rows: list[Feedback]) -> bytes:
    """One sheet, a row for each judgement, in the order given."""
    from openpyxl import Workbook  # half a second: only when exporting

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "用户反馈"
    cells = (
        (
            local_time(row.created),
            TEXTS[THUMBS[row.thumb]][0],
            row.reason or "",
            row.comment,
            row.question,
            str(row.answer.get("answer", "")),
            row.version,
        )
        for row in rows
    )
    fill(sheet, [*(TEXTS[key][0] for key in COLUMNS), "程序版本"], cells, widths=_WIDTHS)
    return saved(book)
