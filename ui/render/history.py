"""The history: what the browser keeps, which fills the list by itself and shows it to nobody."""

from __future__ import annotations

from markupsafe import Markup

from ui.html import both, labelled, tag
from ui.icons import icon
from ui.texts import TEXTS


def history_panel() -> Markup:
    """Search, list and undo, still empty; ``template`` is a row for each conversation."""
    chinese, english = TEXTS["history_search"]
    return tag(
        "div",
        tag(
            "input",
            type="search",
            id="history-search",
            aria_label=chinese,
            data_label_zh=chinese,
            data_label_en=english,
            placeholder=chinese,
            data_placeholder_zh=chinese,
            data_placeholder_en=english,
            autocomplete="off",
            hidden=True,
        ),
        tag(
            "p",
            both("deleted"),
            "：",
            tag("span", id="history-removed"),
            tag(
                "button", both("undo"), type="button", class_="link-button", data_act="undo-forget"
            ),
            id="history-undo",
            class_="small",
            role="status",
            hidden=True,
        ),
        tag("ul", class_="history"),
        tag("p", both("history_empty"), id="history-empty", class_="muted small"),
        tag("p", both("history_none"), id="history-none", class_="muted small", hidden=True),
        tag("template", _row(), id="history-row"),
    )


def _row() -> Markup:
    return tag(
        "li",
        tag(
            "button",
            tag("span", class_="history-title"),
            tag("span", class_="history-when"),
            type="button",
            class_="history-item",
            data_act="conversation",
        ),
        labelled(
            "button",
            "rename",
            icon("edit"),
            type="button",
            class_="icon-button small",
            data_act="rename",
        ),
        labelled(
            "button",
            "delete",
            icon("close"),
            type="button",
            class_="icon-button small",
            data_act="forget",
        ),
    )
