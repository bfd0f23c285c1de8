"""Dates, periods and time limits of a measure, each with its span."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.corpus.dates import DateSpan, chinese_number, find_dates, later_in_year
from assistant.records import Fact

_LIMIT = re.compile(
    r"(?P<n>(?<!\d)\d+(?:\.\d+)?|(?<![一二两三四五六七八九十])[一二两三四五六七八九十]+)\s*(?:个|至\d+个)?"
    r"(?P<unit>工作日|自然日|小时|分钟|季度|月|周|天|日|年)(?P<tail>以内|之内|内|前|以上|以下|左右)?"
)
_TERM = re.compile(r"(?:期限|时限|时间)[^，。；\d]{0,8}$")
_LIMIT_BEFORE = re.compile(
    r"(?:压缩|缩短|压减|缩减|控制在?|不超过|不得超过|最长|限期|时限|时间|期限|提前|延长|延至|办理|办结|届满|满|少于|为|自[^，。；]{2,20}起|之日起|[施行效庭满期]前)"
    r"[^，。；\d]{0,10}$"
)
_DAYS = {
    "工作日": 1.0,
    "自然日": 1.0,
    "天": 1.0,
    "日": 1.0,
    "周": 7.0,
    "月": 30.0,
    "季度": 91.0,
    "年": 365.0,
    "小时": 1 / 24,
    "分钟": 1 / 1440,
}
_TO = re.compile(r"\s{0,3}(?:起\s{0,3})?(?:至|到|—|–|-|－|~|～)\s*")
_MONTH_DAY = re.compile(
    r"(?<![\d年])(?P<m>\d{1,2})\s*月"
    r"(?:\s*\d{1,2}\s*日|底?(?=前|底|起|至|，|。|\s|开始|之前|以前|内|$))"
)
_TRAIL = re.compile(r"\s{0,3}(?:以前|之前|前|以来|起|期间)")
_NOT_A_DATE = re.compile(r"\s{0,3}(?:版|届|度?第[一二三四五六七八九十\d]+[次届批期]|修订|修正|号)")
_TIME_WORD = re.compile(r"[12][09]\d\d|二[〇○零]|\d\s*月|五”?[期时末]|年内|年底|季度末")
_NAMES = re.compile(r"《(?:[^《》〈〉]|〈[^〈〉]*〉)*+》|〔[^〔〕]*〕")
_RELATIVE = re.compile(
    r"(?:“?十[一二三四五六]五”?)(?:期间|期末|末|时期)|年内|年底前|季度末前|每年\d{1,2}月(?:\d{1,2}日)?(?:底)?前?"
)


def times(text: str) -> list[Fact]:
    """Periods (``period``) and time limits (``time_limit``) in order of the text."""
    periods = list(_periods(text))
    taken = [(f.start, f.end) for f in periods]
    limits = [f for f in _limits(text) if not any(a < f.end and f.start < b for a, b in taken)]
    return sorted([*periods, *limits], key=lambda f: f.start)


def _periods(text: str) -> Iterator[Fact]:
    if not _TIME_WORD.search(text):
        return
    names = [m.span() for m in _NAMES.finditer(text)]
    dates = find_dates(text)
    position = 0
    for date in dates:
        if date.start < position or any(a <= date.start < b for a, b in names):
            continue
        if not date.exact and _NOT_A_DATE.match(text, date.end):
            continue
        end = _run(text, date)
        trail = _TRAIL.match(text, end)
        end = trail.end() if trail else end
        position = end
        yield Fact(
            "period", text[date.start : end], date.start, end, value=_number(text, date, end)
        )
    for pattern in (_MONTH_DAY, _RELATIVE):
        for match in pattern.finditer(text):
            start, end = match.span()
            named = any(a <= start < b for a, b in names)
            if not named and not any(d.start <= start < d.end + 12 for d in dates):
                yield Fact("period", text[start:end], start, end)


def _run(text: str, date: DateSpan) -> int:
    """End of ``2023年1月1日至12月31日``: the second date joins the first."""
    to = _TO.match(text, date.end)
    if not to:
        return date.end
    following = next((d for d in find_dates(text[to.end() : to.end() + 14]) if d.start == 0), None)
    if following:
        return to.end() + following.end
    later = later_in_year(text, to.end(), int(date.first[:4]))
    return later.end if later else date.end


def _number(text: str, date: DateSpan, end: int) -> float:
    """The last day meant as the number YYYYMMDD, so that facts can be sorted and compared."""
    inner = find_dates(text[date.start : end])
    last = inner[-1].last if inner else date.last
    later = re.search(r"[至到]\s{0,3}\d{1,2}月", text[date.start : end])
    if later and len(inner) == 1:
        found = later_in_year(text, date.start + later.start() + 1, int(date.first[:4]))
        last = found.last if found else last
    return float(last.replace("-", ""))


def _limits(text: str) -> Iterator[Fact]:
    for match in _LIMIT.finditer(text):
        start, end = match.span()
        unit = match.group("unit")
        if (start and text[start - 1] in "第0123456789.〔年月") or (
            unit == "年" and "个" in match.group(0)
        ):
            continue
        value = chinese_number(match.group("n"))
        if (
            value is None
            or (unit == "年" and value > 60)
            or (unit in "日月" and not _spelled(match, text[max(0, start - 12) : start]))
        ):
            continue
        before = text[max(0, start - 24) : start]
        led = _LIMIT_BEFORE.search(before)
        if not led and not _bounded(match):
            continue
        yield Fact(
            "time_limit",
            text[start:end],
            start,
            end,
            value=round(value * _DAYS[unit], 6),
            unit=unit,
            qualifier=match.group("tail"),
        )


def _bounded(match: re.Match[str]) -> bool:
    """``5日内``, ``1个工作日前``: the tail alone makes it a limit."""
    tail = match.group("tail") or ""
    return tail.endswith("内") or (tail == "前" and match.group("unit") in ("工作日", "日", "天"))


def _spelled(match: re.Match[str], before: str) -> bool:
    """``3日内`` and ``6个月`` are spans of time, ``3月`` and ``5日`` are dates."""
    whole = match.group(0)
    if "个" in whole or whole.endswith("内"):
        return True
    return match.group("unit") == "日" and bool(match.group("tail") or _TERM.search(before))
