"""Icons as inline SVG, drawn on a 20 × 20 grid: no font and no file to load."""

from __future__ import annotations

from markupsafe import Markup

_PATHS = {
    "up": "M7 9v8H4a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1h3Zm0 0 3.2-6.2c1.3 0 2.1 1 1.8 2.2L11.4 8H16"
    "a1.6 1.6 0 0 1 1.6 2l-1.5 5.6A2 2 0 0 1 14.2 17H7",
    "down": "M13 11V3h3a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-3Zm0 0-3.2 6.200c-1.3 0-2.1-1-1.8-2.2"
    "L8.6 12H4a1.6 1.6 0 0 1-1.6-2l1.5-5.600A2 2 0 0 1 5.8 3H13",
    "edit": "M3.5 16.500h3L16 7l-3-3-9.5 9.500v3ZM11 6l3 3",
    "link": "M8.5 11.500a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.300l-1 1M11.5 8.500a3 3 0 0 0-4.3 0"
    "l-3 3a3 3 0 0 0 4.3 4.300l1-1",
    "close": "M5 5l10 10M15 5 5 15",
    "theme": "M10 3a7 7 0 1 0 0 14V3ZM10 3a7 7 0 0 1 0 14",
}
_FILLED = {"theme"}


def icon(name: str) -> Markup:
    """One icon, hidden from screen readers: the button around it says what it does."""
    half = "M10 3a7 7 0 1 0 0 14V3Z"
    filled = f'<path d="{half}" fill="currentColor"/>' if name in _FILLED else ""
    return Markup(
        '<svg class="icon" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">'
        f'<path d="{_PATHS[name]}"/>{filled}</svg>'
    )
