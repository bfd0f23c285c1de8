"""A table of the staff's corner: it scrolls in its own box, by the keyboard too."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ui.html import both, tag
from ui.texts import TEXTS


def staff_table(
    columns: Sequence[str], act: str, rows: Sequence[Markup], label: str, class_: str = ""
) -> Markup:
    """Args are keys of texts: the heads, what the button at the end of each row does, the name."""
    heads = [tag("th", both(key), scope="col") for key in columns]
    last = tag("th", tag("span", both(act), class_="visually-hidden"), scope="col")
    return tag(
        "div",
        tag(
            "table",
            tag("thead", tag("tr", heads, last)),
            tag("tbody", rows),
            class_=f"staff-table {class_}".strip(),
        ),
        class_="table-scroll",
        tabindex="0",
        role="region",
        aria_label=TEXTS[label][0],
    )
