"""Small marks that stand beside a clause: validity, district, label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from ui.html import both, tag

KNOWN_STATUS = frozenset(
    {"in_force", "expired", "not_yet", "repealed", "amended", "extended", "unknown"}
)


def validity_badge(validity: Mapping[str, Any]) -> Markup:
    """Status in words (colour only repeats it), with the date that matters for the status."""
    status = validity.get("status")
    if status not in KNOWN_STATUS:
        status = "unknown"
    return tag(
        "span",
        tag("span", class_="dot", aria_hidden="true"),
        both(f"v_{status}"),
        _date(status, validity),
        class_=f"badge v-{status}",
        title=validity.get("basis") or None,
    )


def _date(status: str, validity: Mapping[str, Any]) -> Markup | None:
    if status == "not_yet" and validity.get("effective_from"):
        return tag("span", both("since", date=validity["effective_from"]), class_="num")
    if status in ("in_force", "extended", "expired", "amended") and validity.get("expires"):
        return tag("span", both("until", date=validity["expires"]), class_="num")
    return None


def place_badge(district: str | None, level: str | None = None) -> Markup:
    if district:
        return tag("span", district, class_="badge place")
    return tag("span", both("national" if level == "国家" else "city"), class_="badge place")


def label_badge(label: str | None, part: str = "正文") -> Markup:
    return tag("span", label or part, class_="badge label")
