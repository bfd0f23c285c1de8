"""Dates and periods as Chinese policy texts write them, with their spans.

Understood: ``2023年6月1日`` (also with blanks from PDF text), ``2023-06-01``, ``二〇二三年六月``,
``2023年底``, ``2023年6月底``, ``2023年`` and runs such as ``自2023年1月1日至12月31日``.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "Ｏ": 0, "O": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_EXTRA = {"两": 2, "廿": 20}

YEAR = r"(?:[12]\d{3}|[二一][〇○零Ｏ一二三四五六七八九]{3})"
_NUM = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
DATE = re.compile(
    rf"(?P<y>{YEAR})\s*(?:年|[-/.](?=\d{{1,2}}[-/.]\d))\s*"
    rf"(?:(?P<m>{_NUM})\s*(?:月|[-/.])\s*(?:(?P<d>{_NUM})\s*日?|(?P<mend>底|末)前?)?|(?P<yend>底|末|年末))?"
)
# "至12月31日", "到年底": the year stands before
_LATER = re.compile(rf"(?P<m>{_NUM})\s*月\s*(?:(?P<d>{_NUM})\s*日|(?P<mend>底|末))")


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date written in ``text[start:end]``; ``first``/``last`` bound what it can mean."""

    start: int
    end: int
    first: str  # ISO: the first day meant (2023年 → 2023-01-01)
    last: str  # ISO: the last day meant (2023年 → 2023-12-31, 年底 → 12-31)
    exact: bool  # a day is written


def chinese_number(text: str) -> float | None:
    """``三十五`` → 35, ``二〇二三`` → 2023, ``一点五`` → 1.5, ``两`` → 2; None: not a number."""
    text = text.strip()
    whole, point, part = text.partition("点")
    if point and whole and part and all(c in _DIGITS for c in part):
        ahead = chinese_number(whole)
        decimals = "".join(str(_DIGITS[c]) for c in part)
        return ahead + float(f"0.{decimals}") if ahead is not None else None
    if not text:
        return None
    try:
        return float(text.replace(",", "").replace("，", ""))
    except ValueError:
        pass
    if all(c in _DIGITS for c in text) and len(text) > 1:
        return float("".join(str(_DIGITS[c]) for c in text))
    return _grouped(text)


def _grouped(text: str) -> float | None:
    total, section, digit = 0, 0, 0
    for char in text:
        if char in _DIGITS or char in _EXTRA:
            digit = _DIGITS.get(char, _EXTRA.get(char, 0))
        elif char in _UNITS:
            unit = _UNITS[char]
            if unit >= 10_000:
                total += (section + digit) * unit
                section = 0
            else:
                section += (digit or 1) * unit
            digit = 0
        else:
            return None
    return float(total + section + digit)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def month_end(year: int, month: int) -> str:
    """The last day of a month, ISO."""
    return date(year, month, calendar.monthrange(year, month)[1]).isoformat()


def _whole(text: str | None) -> int | None:
    value = chinese_number(text) if text else None
    return int(value) if value is not None else None


def _bounds(match: re.Match[str]) -> tuple[str, str, bool] | None:
    year, month, day = (_whole(match.group(g)) for g in ("y", "m", "d"))
    if year is None or not 1900 <= year <= 2100 or (month is not None and not 1 <= month <= 12):
        return None
    if month is None:
        last = f"{year}-12-31"
        return (last if match.group("yend") else f"{year}-01-01"), last, False
    if day is None:
        last = month_end(year, month)
        return (last if match.group("mend") else f"{year}-{month:02d}-01"), last, False
    iso = _iso(year, month, day)
    return (iso, iso, True) if iso else None


def find_dates(text: str) -> list[DateSpan]:
    """Every date with a year in the text, in order."""
    found = []
    for match in DATE.finditer(text):
        bounds = _bounds(match)
        if bounds:
            found.append(DateSpan(match.start(), match.end(), *bounds))
    return found


def date_at(text: str, position: int) -> DateSpan | None:
    """The date with a year that is written at ``position``."""
    match = DATE.match(text, position)
    bounds = _bounds(match) if match else None
    return DateSpan(position, match.end(), *bounds) if match and bounds else None


def later_in_year(text: str, position: int, year: int) -> DateSpan | None:
    """A date without a year that stands at ``position`` (``…至12月31日``), read in ``year``."""
    match = _LATER.match(text, position)
    if not match:
        return None
    month, day = _whole(match.group("m")), _whole(match.group("d"))
    if month is None or not 1 <= month <= 12:
        return None
    iso = month_end(year, month) if day is None else _iso(year, month, day)
    return DateSpan(position, match.end(), iso, iso, day is not None) if iso else None


def years_after(start: str, years: float) -> str:
    """The last day of a period of so many years that begins at ``start`` (ISO)."""
    begin = date.fromisoformat(start)
    whole = int(years)
    months = round((years - whole) * 12)
    year, month = begin.year + whole, begin.month + months
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    day = min(begin.day, calendar.monthrange(year, month)[1])
    return (date(year, month, day) - timedelta(days=1)).isoformat()


def chinese_date(iso: str) -> str:
    """``2023-06-01`` → ``2023年6月1日``."""
    year, month, day = iso.split("-")
    return f"{int(year)}年{int(month)}月{int(day)}日"
