"""The corner of the staff: taking in a new file, reading the feedback."""

from __future__ import annotations

from markupsafe import Markup

from ui.html import both, tag

TYPES = ".txt,.md,.html,.htm,.docx,.pdf"


def upload_box(max_mb: int, *, needs_password: bool) -> Markup:
    password = (
        tag(
            "label",
            both("staff_password"),
            tag("input", type="password", name="password", autocomplete="current-password"),
        )
        if needs_password
        else None
    )
    return tag(
        "details",
        tag("summary", both("staff_upload")),
        tag("p", both("staff_intro", mb=max_mb), class_="muted small"),
        tag(
            "form",
            tag(
                "label",
                both("staff_file"),
                tag("input", type="file", name="file", accept=TYPES),
            ),
            password,
            tag("button", both("staff_preview"), type="submit", class_="button small"),
            class_="upload-form",
            data_act="preview",
        ),
        tag("div", id="upload-result", aria_live="polite"),
        class_="upload-box",
    )


def preview_actions(token: str) -> Markup:
    """The two buttons under a preview."""
    return tag(
        "div",
        tag(
            "button",
            both("staff_take"),
            type="button",
            class_="button",
            data_act="take",
            data_token=token,
        ),
        tag(
            "button",
            both("staff_discard"),
            type="button",
            class_="button quiet",
            data_act="discard",
            data_token=token,
        ),
        class_="preview-actions",
    )
