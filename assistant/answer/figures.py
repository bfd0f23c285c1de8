"""Figures in Chinese text, normalised so that 50万元 = 500000元 = 五十万元.

A figure is a (value, unit) pair; dates are kept as far as they are given.  The check that an
answer states nothing its clauses do not state (:mod:`assistant.answer.verify`) stands on this.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from embeddings.characters import unified

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_CN = "零〇一二三四五六七八九两十百千"

# Unit spellings and the class they are compared in.  Longest first.
_UNITS = {
    "个百分点": "百分点",
    "百分点": "百分点",
    "个工作日": "工作日",
    "工作日": "工作日",
    "个自然日": "日",
    "平方米": "平方米",
    "平方公里": "平方公里",
    "个月": "月",
    "小时": "小时",
    "分钟": "分钟",
    "美元": "美元",
    "欧元": "欧元",
    "元": "元",
    "%": "%",
    "日": "日",
    "天": "日",
    "年": "年",
    "周年": "年",
    "倍": "倍",
    "折": "折",
    "成": "成",
    "人": "人",
    "名": "人",
    "家": "家",
    "户": "户",
    "项": "项",
    "条": "条",
    "次": "次",
    "个": "个",
}
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))

_DATE = re.compile(
    r"(?P<y>(?:19|20)\d{2})(?:年|[-/.](?=\d{1,2}[-/.]\d))"
    r"(?:(?P<m>\d{1,2})(?:月|[-/.](?=\d))(?:(?P<d>\d{1,2})日?)?|(?P<end>年?底|年?末))?"
)
_PERCENT_CN = re.compile(rf"百分之([{_CN}]+(?:点[{_CN}]+)?|\d+(?:\.\d+)?)")
_ARTICLE = re.compile(rf"第([{_CN}]+|\d+)([条款项])")
_NUMBER = re.compile(
    rf"(?<![\dA-Za-z.])(?P<n>\d+(?:,\d{{3}})*(?:\.\d+)?|[零〇]{{0,4}}[一二三四五六七八九两十百千][{_CN}]*)"
    rf"(?P<large>[万亿]{{0,2}})(?P<unit>(?!成[为立果功员长都本年])(?:{_UNIT}))?"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """``unit`` is a class of units, ``日期`` (value YYYYMMDD, 0 where not given) or empty."""

    value: float
    unit: str
    text: str
    start: int = field(default=0, compare=False)  # in the text as plain() gives it


def chinese_number(text: str) -> float:
    """``二十三`` → 23, ``一千二百`` → 1200, ``三点五`` → 3.5, ``二〇二五`` → 2025."""
    whole, _, decimals = text.partition("点")
    if len(whole) > 1 and all(c in _DIGITS for c in whole):
        number = float("".join(str(_DIGITS[c]) for c in whole))
    else:
        total, current = 0, 0
        for char in whole:
            if char in _DIGITS:
                current = _DIGITS[char]
            else:
                total += (current or 1) * _SMALL[char]
                current = 0
        number = float(total + current)
    if decimals:
        number += float("0." + "".join(str(_DIGITS[c]) for c in decimals))
    return number


def plain(text: str) -> str:
    """NFKC, spaces removed: the form in which figures are read and compared."""
    return re.sub(r"\s+", "", unified(text))


def figures(text: str) -> list[Figure]:
    """All figures of ``text`` in reading order; labels (第十二条) have the unit 第…条."""
    text = plain(text)
    found: list[Figure] = []
    taken = bytearray(len(text))

    def take(match: re.Match[str], value: float, unit: str) -> None:
        found.append(Figure(value, unit, match.group(), match.start()))
        taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())

    for match in _DATE.finditer(text):
        month = int(match["m"] or (12 if match["end"] else 0))
        day = int(match["d"] or (31 if match["end"] else 0))
        take(match, int(match["y"]) * 10_000 + month * 100 + day, "日期")
    for match in _PERCENT_CN.finditer(text):
        take(match, _value(match[1]), "%")
    for match in _ARTICLE.finditer(text):
        take(match, _value(match[1]), f"第…{match[2]}")
    for match in _NUMBER.finditer(text):
        if any(taken[match.start() : match.end()]):
            continue
        number, large, unit = match["n"], match["large"], match["unit"]
        if not number[0].isdigit() and not _counts(number, large, unit):
            continue  # 一网通办, 双随机, 一是 … are words, not figures
        value = _value(number.replace(",", ""))
        for power in large:
            value *= _LARGE[power]
        if unit == "成":
            value, unit = value * 10, "%"
        take(match, value, _UNITS.get(unit or "", "") or ("元" if large and not unit else ""))
    return sorted(found, key=lambda figure: figure.start)


def _value(number: str) -> float:
    return float(number) if number[0].isdigit() else chinese_number(number)


def _counts(number: str, large: str, unit: str | None) -> bool:
    """A number in characters counts as a figure only with a unit that makes it one."""
    if unit in (None, "个", "条", "项", "次", "家", "人", "名", "户"):
        return bool(large) and (unit is not None or number not in "一千百")
    return not (number in ("一", "千", "百") and unit in ("日", "天", "年", "折", "倍", "成"))


def supported(claim: Figure, evidence: list[Figure]) -> bool:
    """Whether one of the figures of the evidence states ``claim``.

    A date may be given less exactly than the evidence gives it (2027年 for 2027年2月28日),
    never more exactly.  Units must agree unless the evidence leaves its unit out.
    """
    if claim.unit == "日期":
        return any(e.unit == "日期" and _same_date(claim.value, e.value) for e in evidence)
    for e in evidence:
        if abs(e.value - claim.value) > 1e-9 * max(1.0, abs(claim.value)):
            continue
        if e.unit == claim.unit or claim.unit == "" or (e.unit == "" and claim.unit != "%"):
            return True
    return False


def _same_date(claim: float, stated: float) -> bool:
    if claim % 10_000 == 0:
        return claim // 10_000 == stated // 10_000
    if claim % 100 == 0:
        return claim // 100 == stated // 100
    return claim == stated
