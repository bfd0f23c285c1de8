"""What users said about answers, as the staff read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from ui.feedback import Feedback
from ui.html import both, labelled, option, tag
from ui.icons import icon
from ui.render.prose import shorten
from ui.render.tables import staff_table
from ui.texts import FEEDBACK_REASONS, TEXTS

THUMBS = {"up": "useful", "down": "not_useful"}
ANSWER_SHOWN = 60  # characters of an answer before it is opened
COLUMNS = (
    "feedback_time", "feedback_thumb", "feedback_reason", "feedback_comment", "feedback_question",
    "assistant",
)  # fmt: skip


def feedback_box() -> Markup:
    thumbs = [option(value, *TEXTS[key]) for value, key in THUMBS.items()]
    reasons = [option(value, *texts) for value, texts in FEEDBACK_REASONS.items()]
    return tag(
        "details",
        tag("summary", both("feedback_box")),
        tag("p", both("feedback_intro"), class_="muted small"),
        tag(
            "form",
            _choice("thumb", "feedback_thumb", thumbs),
            _choice("reason", "feedback_reason", reasons),
            tag(
                "label",
                both("feedback_words"),
                tag("input", type="search", name="words", maxlength=100, autocomplete="off"),
            ),
            tag("button", both("feedback_show"), type="submit", class_="button small"),
            _button("feedback-export", "feedback_export"),
            _button("feedback-clear", "feedback_clear"),
            class_="staff-form feedback-form",
            data_act="feedback",
        ),
        tag("div", id="feedback-result", aria_live="polite"),
        class_="staff-box feedback-box",
    )


def _choice(name: str, key: str, options: Sequence[Markup]) -> Markup:
    every = option("", *TEXTS["feedback_any"])
    return tag("label", both(key), tag("select", every, options, name=name))


def _button(act: str, key: str) -> Markup:
    return tag("button", both(key), type="button", class_="button small quiet", data_act=act)


def feedback_table(rows: Sequence[Feedback], limit: int) -> Markup:
    """The first ``limit`` of the rows; whether there are more is told."""
    if not rows:
        return tag("p", both("feedback_none"), class_="muted")
    more = len(rows) > limit
    told = both("feedback_more", n=limit) if more else both("feedback_n", n=len(rows))
    table = staff_table(
        COLUMNS, "delete", [_row(row) for row in rows[:limit]], "feedback_box", "feedback-table"
    )
    return tag("p", told, class_="muted small", role="status") + table


def _row(row: Feedback) -> Markup:
    answer = str(row.answer.get("answer", ""))
    delete = labelled(
        "button",
        "delete",
        icon("close"),
        type="button",
        class_="icon-button small",
        data_act="feedback-delete",
        data_id=row.id,
    )
    return tag(
        "tr",
        tag("td", local_time(row.created), class_="num"),
        tag("td", both(THUMBS[row.thumb])),
        tag("td", row.reason or ""),
        tag("td", row.comment),
        tag("td", row.question),
        tag("td", tag("details", tag("summary", shorten(answer, ANSWER_SHOWN)), answer)),
        tag("td", delete),
    )


def local_time(utc: str) -> str:
    """A time of the store as the clock of the server shows it."""
    return datetime.fromisoformat(utc).astimezone().strftime("%Y-%m-%d %H:%M")
