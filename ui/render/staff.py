"""The corner of the staff under the library: their password, uploads, feedback."""

from __future__ import annotations

from markupsafe import Markup

from ui.html import both, tag
from ui.render.feedback import feedback_box
from ui.render.upload import upload_box


def staff_corner(max_mb: int, *, needs_password: bool) -> Markup:
    password = tag(
        "form",
        tag(
            "label",
            both("staff_password"),
            tag("input", type="password", name="password", autocomplete="current-password"),
        ),
        class_="staff-form staff-key",
        data_act="staff-key",
    )
    return tag(
        "section",
        password if needs_password else None,
        upload_box(max_mb),
        feedback_box(),
        class_="staff",
    )
