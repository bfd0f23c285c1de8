"""The period that a single measure sets for itself (``延续至2023年底``, ``自…至…``).

A target (``到2025年达到``) or a task's date (``2022年底前实现``) is no period of the rule: a period
needs a word of prolongation, both ends, or a benefit that is granted within it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.corpus.dates import DateSpan, date_at, find_dates, later_in_year

_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
_PROLONGED = re.compile(
    r"(?:延长|延续|延期|顺延|延|继续(?:实施|执行|施行))(?:实施|执行|施行|适用)?"
    r"[^，。；\d]{0,12}(?:至|到)\s*$"
)
_TERM = re.compile(
    r"(?:执行|实施|有效|政策|申报|优惠)(?:期限|期间|期)[^，。；\d]{0,6}(?:至|到|为)\s*$"
)
_BENEFIT = re.compile(
    r"减免|免征|免收|补贴|补助|给予|奖励|预留|缓缴|补缴|暂退|减按|减征|退还|优惠|贴息|返还|扶持|资助|加计|扣除"
)
_BEFORE = re.compile(r"\s{0,3}(?:日|底|末)?(?:之)?前")
_TASK = re.compile(r"实现|完成|建成|出台|制定|编制|上线|建立|形成|力争|达到|突破|累计|培育")
_TO = re.compile(r"\s{0,3}起?\s{0,3}(?:至|到|—|-|－|~|～)\s*")
_QUARTER = re.compile(r"\s{0,3}第(?P<q>[一二三四1-4])季度")
_FROM_ON = re.compile(r"\s{0,3}起")
_STATISTIC = re.compile(r"(?:增长|提升|上升|下降|由|从)[^，。；]{0,13}$")


@dataclass(frozen=True, slots=True)
class OwnPeriod:
    """ISO bounds (``None``: open) and the words ``text[start:end]`` that state them."""

    first: str | None
    last: str | None
    start: int
    end: int


def own_periods(text: str) -> list[OwnPeriod]:
    """Every period that the measure's sentences set for what they grant."""
    found: list[OwnPeriod] = []
    for match in _SENTENCE.finditer(text):
        found += _in_sentence(match.group(0), match.start())
    return found


def bounds(periods: list[OwnPeriod]) -> tuple[str | None, str | None]:
    """One pair of bounds: earliest start, latest end; an open period leaves that side open."""
    if not periods:
        return None, None
    firsts = [p.first for p in periods if p.first]
    lasts = [p.last for p in periods]
    last = max((d for d in lasts if d), default=None) if all(lasts) else None
    return (min(firsts) if len(firsts) == len(periods) else None), last


def _in_sentence(sentence: str, offset: int) -> list[OwnPeriod]:
    found: list[OwnPeriod] = []
    taken = -1
    for date in find_dates(sentence):
        if date.start < taken:
            continue
        period = _span(sentence, date) or _until(sentence, date) or _within(sentence, date)
        if period:
            taken = period.end
            found.append(
                OwnPeriod(period.first, period.last, period.start + offset, period.end + offset)
            )
    return found


def _span(sentence: str, date: DateSpan) -> OwnPeriod | None:
    """``自2023年1月1日至12月31日``, ``购置日期在…至…期间``."""
    to = _TO.match(sentence, date.end)
    if not to:
        return None
    later = date_at(sentence, to.end()) or later_in_year(sentence, to.end(), int(date.first[:4]))
    before = sentence[max(0, date.start - 14) : date.start]
    after = sentence[later.end : later.end + 3] if later else ""
    opened = re.search(r"[自在从]\s*$", before) or after.startswith("期间") or "日期" in before
    if later is None or not opened or not _BENEFIT.search(sentence):
        return None
    begin = date.start - 1 if before[-1:] in ("自", "在", "从") else date.start
    return OwnPeriod(date.first, later.last, begin, later.end)


def _until(sentence: str, date: DateSpan) -> OwnPeriod | None:
    """``延长…执行期限至2027年底``, ``期限延至…``."""
    before = sentence[: date.start]
    match = _PROLONGED.search(before) or _TERM.search(before)
    if not match or re.search(r"有效期[^，。；]{0,4}$", before):
        return None
    return OwnPeriod(None, date.last, match.start(), date.end)


def _within(sentence: str, date: DateSpan) -> OwnPeriod | None:
    """A benefit bound to a date: ``在2026年底前，将…预留份额…``, ``2023年对…免征``."""
    if not _BENEFIT.search(sentence[date.end :]):
        return None
    clause = sentence[date.end : date.end + 60]
    before = sentence[: date.start]
    ahead = _BEFORE.match(sentence, date.end)
    if sentence[date.end - 1 : date.end] == "前" or ahead:
        if _TASK.search(clause[:25]) or _STATISTIC.search(before[-14:]):
            return None
        end = ahead.end() if ahead else date.end
        return OwnPeriod(None, date.last, date.start, end)
    quarter = _QUARTER.match(sentence, date.end)
    if quarter and before.endswith("对"):
        return _quarter(date, quarter)
    whole_year = date.first.endswith("01-01") and date.last.endswith("12-31")
    if (
        whole_year
        and not before.strip("　 （一二三四五六七八九十）1234567890.、")
        and clause[:1] == "对"
    ):
        return OwnPeriod(date.first, date.last, date.start, date.end)
    if date.exact and before.endswith("自") and _FROM_ON.match(clause):
        return OwnPeriod(date.first, None, date.start - 1, date.end + 1)
    return None


def _quarter(date: DateSpan, match: re.Match[str]) -> OwnPeriod:
    year = date.first[:4]
    number = "一二三四1234".index(match.group("q")) % 4
    first = f"{year}-{3 * number + 1:02d}-01"
    last = f"{year}-{('03-31', '06-30', '09-30', '12-31')[number]}"
    return OwnPeriod(first, last, date.start, match.end())
