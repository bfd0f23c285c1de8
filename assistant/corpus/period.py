"""From when until when a document holds: 施行, 有效期, 试行期, and the years of a plan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from assistant.corpus.dates import chinese_number, find_dates, years_after

_SENTENCE = re.compile(r"[^。；\n]*[。；]?")
_START = re.compile(
    r"(?:自|从|于|定于)?(?P<date>(?:\d{4}|[二一][〇○零一二三四五六七八九]{3})年[^，。；]{1,9}?日)(?:起|开始)?(?:正式)?"
    r"(?:施行|实施|执行|生效|试行)"
)
_FROM_ISSUE = re.compile(
    r"自(?:印发|发布|公布|发文|颁布|下发|签发|通过)之?日起(?:\d+日后)?(?:正式)?(?:施行|实施|执行|生效|试行)"
)
_UNTIL = re.compile(
    r"(?:有效期|施行期|试行期|执行期限?|实施期限?|有效期限|试行期限|期限|延长|施行|执行|实施)"
    r"[^。；]{0,24}?(?:至|到|截至|截止到?)(?P<date>(?:\d{4})年[^，。；]{0,8}?(?:日|底|末))"
)
_FOR_YEARS = re.compile(
    r"(?:有效期限?|试行期限?|试行|施行期限?|执行期限?)(?:为|是)?(?P<n>\d+|[一二两三四五六七八九十]+)年(?!\d|[一二三四五六七八九十]+月)"
)
_OTHERS = re.compile(r"同时废止|修正|第[一二三四五六七八九十\d]+次修|通过$")
_OWN = re.compile(r"本[^。，]{0,14}?(?:自|从|于|有效期|执行期|试行)|^自|有效期|公布|发布")
_LAUNCH = re.compile(
    r"^自(?P<date>\d{4}年\d{1,2}月\d{1,2}日)起，?在(?:全市|本市|全区|本区|上海市|[\u4e00-\u9fff]{2,4}区)[^。]{0,8}范围"
    r"[^。]{0,10}(?:实施|施行|推行|执行)"
)
_PLAN_WORD = re.compile(r"计划|方案|规划|要点|纲要|措施|意见|行动|任务|安排|清单|部署|政策")
_RANGE = re.compile(r"(?P<a>20\d\d)年?[-—–―－~～至到]{1,2}(?P<b>20\d\d)年?")
_ONE_YEAR = re.compile(r"(?P<a>20\d\d)年(?!版|以来|第)")
_FIVE = re.compile(r"[“\"]?十(?P<n>[一二三四五六])五[”\"]?")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_ENGLISH_DATE = rf"(?P<m>{'|'.join(_MONTHS)})\s*(?P<d>\d{{1,2}})\s*,\s*(?P<y>\d{{4}})"
_ENGLISH = re.compile(
    rf"(?<![^.])[^.]*?(?:takes?|comes?|enters?)\s*(?:into\s*)?(?:effect|force)\s*(?:on|from|as\s*of)"
    rf"\s*{_ENGLISH_DATE}[^.]*\.?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Period:
    """ISO dates; ``quote`` is the sentence that states them (``None``: not stated)."""

    effective_from: str | None = None
    expires: str | None = None
    quote: str | None = None


def sentences(text: str) -> list[str]:
    """Sentences of a text, each with its stop."""
    return [s.strip() for s in _SENTENCE.findall(text) if s.strip()]


def _start_of(sentence: str, issued: str | None) -> str | None:
    match = _START.search(sentence)
    if match:
        dates = find_dates(match.group("date"))
        return dates[0].first if dates and dates[0].exact else None
    return issued if _FROM_ISSUE.search(sentence) else None


def _end_of(sentence: str, start: str | None) -> str | None:
    match = _UNTIL.search(sentence)
    if match:
        dates = find_dates(match.group("date"))
        return dates[-1].last if dates else None
    years = _FOR_YEARS.search(sentence)
    number = chinese_number(years.group("n")) if years else None
    return years_after(start, number) if start and number and number <= 30 else None


def _speaks_of_itself(sentence: str) -> bool:
    own = sentence.split("同时废止")[0]
    return bool(_OWN.search(own))


def stated(texts: list[str], issued: str | None) -> Period:
    """The period that the closing clause (or a decree's opening) states.

    Args:
        texts: squeezed texts where such a clause may stand, most likely first.
        issued: ISO date that ``自印发之日起`` refers to.
    """
    partial: Period | None = None
    for text in texts:
        parts = sentences(text)
        for first, second in pairwise([*parts, ""]):
            period = _read(first, second, issued)
            if period and period.effective_from:
                return period
            partial = partial or period
    return partial or next(filter(None, map(_in_english, texts)), Period())


def _in_english(text: str) -> Period | None:
    """``These Measures take effect on July 1, 2024``; the blanks may be gone."""
    match = _ENGLISH.search(text)
    if not match:
        return None
    month = _MONTHS.index(match["m"].lower()) + 1
    day = find_dates(f"{match['y']}-{month}-{match['d']}")
    return Period(day[0].first, None, match[0].strip()) if day and day[0].exact else None


def _read(first: str, second: str, issued: str | None) -> Period | None:
    if not _speaks_of_itself(first) or (_OTHERS.search(first) and "本" not in first[:1]):
        return None
    start = _start_of(first, issued)
    end = _end_of(first, start)
    quote = first
    if start and not end and "有效期" in second and "废止" not in second:
        end = _end_of(second, start)
        quote = first + second if end else first
    return Period(start, end, quote) if start or end else None


def launched(texts: list[str]) -> Period:
    """When a reform starts that has no closing clause: ``自…起，在全市范围实施…``."""
    for text in texts:
        for sentence in sentences(text):
            match = _LAUNCH.match(
                re.sub(r"^[（(][一二三四五六七八九十]+[)）][^。]{0,30}。", "", sentence)
            )
            if match:
                return Period(find_dates(match.group("date"))[0].first, None, sentence)
    return Period()


def plan_years(title: str) -> tuple[int, int] | None:
    """First and last year that the title of a plan names; ``十四五`` is 2021–2025."""
    if not _PLAN_WORD.search(title):
        return None
    span = _RANGE.search(title)
    if span:
        return int(span.group("a")), int(span.group("b"))
    five = _FIVE.search(title)
    if five:
        number = int(chinese_number(five.group("n")) or 0)
        first = 1951 + 5 * (10 + number)  # 十一五 2006–2010, 十四五 2021–2025
        return first, first + 4
    one = _ONE_YEAR.search(title)
    return (int(one.group("a")), int(one.group("a"))) if one else None
