"""Number faithfulness: every figure of an answer stands in a clause that it cites.

Written apart from the check that the assistant runs on its own answers, so that a blind spot
there is not one here too.  A figure is a value with its unit: 50万元 equals 500000元 and
五十万元, but not 50% or 50万家.  Dates may be given less exactly than the clause has them.
Names that hold digits (titles, document numbers, enumerators, citation marks) are no figures.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from eval.dataset import Question
from eval.prediction import Cited, Prediction

Figure = tuple[str, str]  # (value in canonical form, class of unit)

_NAMES = re.compile(
    r"《[^《》]*》|[\u4e00-\u9fff]{2,14}[〔\[(]\d{4}[〕\])]\d+号|令第?\d+号|\[\d+\]"
    r"|(?:另有|还有)\s*\d+\s*条"  # of the answer's own list
    r"|\(\s*[\d一二三四五六七八九十]{1,3}\s*\)|(?m:^[^\S\n]*(?:[-*•]\s*)?\d{1,2}[.、)](?!\d))"
)
_CHINESE = "零〇一二三四五六七八九两十百千"
_UNITS = (
    ("个百分点", "百分点"), ("百分点", "百分点"), ("个工作日", "工作日"), ("工作日", "工作日"),
    ("平方公里", "平方公里"), ("平方米", "平方米"), ("个自然日", "日"), ("自然日", "日"),
    ("个小时", "小时"), ("小时", "小时"), ("分钟", "分钟"), ("个月", "月"), ("美元", "美元"),
    ("欧元", "欧元"), ("周年", "年"), ("周岁", "岁"), ("人民币", "元"), ("元", "元"), ("%", "%"),
    ("‰", "‰"), ("日", "日"), ("天", "日"), ("年", "年"), ("月", "月"), ("倍", "倍"),
    ("折", "折"), ("岁", "岁"), ("人", "人"), ("名", "人"), ("家", "家"), ("户", "户"),
    ("套", "套"), ("亩", "亩"), ("吨", "吨"), ("纳米", "纳米"), ("项", "项"), ("次", "次"),
    ("个", "个"),
)  # fmt: skip
_UNIT_CLASS = dict(_UNITS)
_UNIT = "|".join(re.escape(spelling) for spelling, _ in _UNITS)
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:(?:年|-|/|\.)(0?[1-9]|1[0-2])(?:月|-|/|\.)(?:([0-3]?\d)日?(?!\d))?"
    r"|年?(底|末)|年)"
)
_DAY_OF_YEAR = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月([0-3]?\d)[日号]")
_PERCENT = re.compile(rf"百分之([{_CHINESE}点]+|\d+(?:\.\d+)?)")
_TENTHS = re.compile(
    r"([一二两三四五六七八九])成([一二三四五六七八九半])?(?![立员为果本效分熟功长就绩交品])"
)
_ARTICLE = re.compile(rf"第(\d+|[{_CHINESE}]+)条")
_NUMBER = re.compile(rf"(?<![\dA-Za-z.])(\d+(?:\.\d+)?)([百千万亿]{{0,2}})(?:余|多)?({_UNIT})?")
_CUT_OFF = re.compile(r"(?<!\d)(\d+)(?:\.{3}|…)")  # 不低于3…: a figure whose end is missing
_WORDED = re.compile(rf"([{_CHINESE}]+)([万亿]{{0,2}})({_UNIT})?")
_SCALE = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
# A five-year plan's name states its years.
_FIVE_YEARS = {"十三五": "2016—2020年", "十四五": "2021—2025年", "十五五": "2026—2030年"}
_EXACT_UNITS = {"元", "百分点", "工作日", "%", "美元", "月", "倍", "小时", "平方米", "亩"}


def _canonical(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _worded(text: str) -> float:
    """``二十三`` → 23, ``三点五`` → 3.5, ``二〇二五`` → 2025."""
    whole, _, decimals = text.partition("点")
    if len(whole) > 1 and all(char in _DIGIT for char in whole):
        value = float("".join(str(_DIGIT[char]) for char in whole))
    else:
        value, pending = 0.0, 0
        for char in whole:
            if char in _DIGIT:
                pending = _DIGIT[char]
            else:
                value += (pending or 1) * {"十": 10, **_SCALE}[char]
                pending = 0
        value += pending
    if decimals:
        value += float("0." + "".join(str(_DIGIT.get(char, 0)) for char in decimals))
    return value


def figures(text: str, *, names: bool = False) -> list[Figure]:
    """The figures of ``text``: ``(value, unit class)``, dates as ISO prefixes.

    Args:
        names: also take those that stand in titles, document numbers and enumerators.
    """
    return list(_figures(text, names))


@lru_cache(maxsize=20_000)
def _figures(text: str, names: bool) -> tuple[Figure, ...]:
    text = unicodedata.normalize("NFKC", re.sub(r"[①-⑳]", "|", text))
    if not names:
        text = _NAMES.sub("|", text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", re.sub(r"[^\S\n]+", "", text))
    found: list[Figure] = []

    def lift(pattern: re.Pattern[str], read: object) -> None:
        nonlocal text
        assert callable(read)

        def take(match: re.Match[str]) -> str:
            figure = read(match)
            if figure is None:
                return match.group()
            found.append(figure)
            return "|"

        text = pattern.sub(take, text)

    lift(_CUT_OFF, lambda m: (m[1], "截断"))
    lift(_DATE, _read_date)
    lift(_DAY_OF_YEAR, lambda m: (f"-{int(m[1]):02d}-{int(m[2]):02d}", "日期"))
    lift(_PERCENT, lambda m: (_canonical(_any_number(m[1])), "%"))
    lift(_TENTHS, _read_tenths)
    lift(_ARTICLE, lambda m: (_canonical(_any_number(m[1])), "条"))
    lift(_NUMBER, lambda m: _with_unit(float(m[1]), m[2], m[3]))
    lift(_WORDED, _read_worded)
    return tuple(found)


def _any_number(text: str) -> float:
    return float(text) if text[0].isdigit() else _worded(text)


def _read_date(match: re.Match[str]) -> Figure:
    year, month, day, end = match.groups()
    if end:
        return f"{year}-12-31", "日期"
    if not month:
        return year, "日期"
    return f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else ""), "日期"


def _read_tenths(match: re.Match[str]) -> Figure:
    """``两成五`` → 25 %."""
    part = 5 if match[2] == "半" else _DIGIT.get(match[2] or "", 0)
    return _canonical(_DIGIT[match[1]] * 10 + part), "%"


def _with_unit(value: float, scale: str, unit: str | None) -> Figure:
    for power in scale:
        value *= _SCALE[power]
    return _canonical(value), _UNIT_CLASS.get(unit or "", "")


def _read_worded(match: re.Match[str]) -> Figure | None:
    """Numbers in characters are figures only beside a scale or unit that makes them so."""
    number, scale, unit = match.groups()
    unit_class = _UNIT_CLASS.get(unit or "", "")
    if scale and (unit or number not in ("一", "千", "百")):
        return _with_unit(_worded(number), scale, unit)
    if unit_class in _EXACT_UNITS and number not in ("一", "千", "百", "零"):
        return _with_unit(_worded(number), "", unit)
    return None


def stands_in(claim: Figure, evidence: Iterable[Figure]) -> bool:
    """Whether the evidence gives the claimed value in a unit that agrees."""
    value, unit = claim
    for stated, stated_unit in evidence:
        if unit == "日期" and stated_unit == "日期":
            if stated.startswith(value) or (value.startswith("-") and stated.endswith(value)):
                return True
        elif stated == value and (
            unit == stated_unit
            or unit == ""
            or (stated_unit in ("", "日期") and unit in ("年", ""))
            or (stated_unit == "" and unit not in ("%", "百分点"))
        ):
            return True
    return False


def citation_figures(citation: Cited) -> list[Figure]:
    """Figures of the cited clause and of what the citation says of its document."""
    validity = citation.validity
    dates = (validity.effective_from, validity.expires, validity.as_of)
    named = "\n".join(
        part for part in (citation.title, citation.doc_number, citation.measure, *dates) if part
    )
    left = _days_left(validity.as_of, validity.expires)
    spans = "\n".join(span for name, span in _FIVE_YEARS.items() if name in named + citation.text)
    joined = "".join(citation.text.split())  # a line of PDF text may end inside a figure
    return figures("\n".join((citation.text, joined, named, spans, left)), names=True)


def _days_left(as_of: str | None, expires: str | None) -> str:
    """``还剩8天``: the one figure that may be reckoned instead of quoted."""
    try:
        days = date.fromisoformat(expires or "") - date.fromisoformat(as_of or "")
    except ValueError:
        return ""
    return f"{abs(days.days)}天"


def unfaithful_figures(question: Question, prediction: Prediction) -> tuple[list[Figure], int]:
    """The answer's figures that no cited clause gives, and how many figures it has in all.

    Figures that the user brought up, and the date asked for, may be repeated freely; they are
    not counted.
    """
    asked = figures("\n".join((*question.turns, question.question, question.as_of or "")))
    evidence = [
        figure
        for citation in (*prediction.citations, *prediction.matches)
        for figure in citation_figures(citation)
    ]
    claims = figures(prediction.answer)
    supported = [stands_in(claim, evidence) for claim in claims]
    counted = [
        (claim, good)
        for claim, good in zip(claims, supported, strict=True)
        if good or not stands_in(claim, asked)
    ]
    return [claim for claim, good in counted if not good], len(counted)


def number_faithfulness(question: Question, prediction: Prediction) -> float | None:
    """Share of the answer's figures that stand in a cited clause; ``None`` without figures."""
    if prediction.refused:
        return None
    wrong, total = unfaithful_figures(question, prediction)
    return 1 - len(wrong) / total if total else None
