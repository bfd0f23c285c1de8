"""Years and days that a question names."""

from __future__ import annotations

import re
from datetime import date

from assistant.question.wordings import wording

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|[-—~至到]|版|\s|$|[度级届初底末上下])")
_SPAN = re.compile(r"((?:19|20)\d\d)\s{0,3}年?\s{0,3}[-—~至到]\s{0,3}((?:19|20)\d\d)")
_DAY = re.compile(r"(?:((?:19|20)\d\d)年)?(\d{1,2})月(\d{1,2})[日号]")
_DAY_ISO = re.compile(r"((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})")


def years(text: str, as_of: str | None = None) -> tuple[int, ...]:
    """Years named as such, both ends of a span; 今年, 去年, 明年 counted from ``as_of``."""
    found: dict[int, None] = {}
    for match in _SPAN.finditer(text):
        found.update(dict.fromkeys((int(match[1]), int(match[2]))))
    found.update(dict.fromkeys(int(match[1]) for match in _YEAR.finditer(text)))
    if as_of:
        now = int(as_of[:4])
        for word, shift in (("今年", 0), ("去年", -1), ("前年", -2), ("明年", 1)):
            if word in text:
                found[now + shift] = None
    return tuple(found)


def named_day(text: str, as_of: str | None) -> str | None:
    """The day that the question takes as today (今天5月9号, 现在2025年6月18日), ISO.

    A day without a year is of the year of ``as_of``; None when no day is named as the present.
    """
    for match in _DAY.finditer(text):
        if not wording("today").search(text[: match.start()]):
            continue
        year = int(match[1]) if match[1] else int(as_of[:4]) if as_of else None
        if year and (day := _iso(year, int(match[2]), int(match[3]))):
            return day
    for match in _DAY_ISO.finditer(text):
        if wording("today").search(text[: match.start()]):
            return _iso(int(match[1]), int(match[2]), int(match[3]))
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:  # 2月30日: no such day
        return None
