"""Taking in a new file."""

from __future__ import annotations

from markupsafe import Markup

from ui.html import both, tag

TYPES = ".txt,.md,.html,.htm,.docx,.pdf"


def upload_box(max_mb: int) -> Markup:
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
            tag("button", both("staff_preview"), type="submit", class_="button small"),
            class_="staff-form upload-form",
            data_act="preview",
        ),
        tag("div", id="upload-result", aria_live="polite"),
        class_="staff-box upload-box",
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
