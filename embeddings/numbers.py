"""Numbers as policies and people write them, brought to one form for matching.

``第十二条`` = ``第12条``, ``五十万`` = ``50万元`` = ``500000元``, ``百分之五`` = ``5%``,
``三成`` = ``30%``, ``两千块`` = ``2000元``, ``三个工作日`` = ``3个工作日``.
Only numerals in front of a unit are touched: 一网通办 and 双随机 are words, not numbers.
"""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_NUMERAL = "零〇一二两三四五六七八九十百千万亿"

# After an amount with 万 or 亿 these say that it counts something else than money.
_COUNTED = "人户吨家平方米千瓦辆次件张册套间亩公里度台斤头只条项个名美欧日港英立标"
_UNITS = (
    "个工作日|工作日|个自然日|自然日|个小时|小时|分钟|个月|个百分点|百分点"
    "|元|块|年|天|日|月|岁|倍|家|人|次|折|平方米"
)

_ORDINAL = re.compile(rf"第([{_NUMERAL}]{{1,9}})(条|款|项|章|节|批|届|号)")
_PERCENT = re.compile(rf"百分之([{_NUMERAL}]{{1,7}}|\d+(?:\.\d+)?)")
_TENTHS = re.compile(
    rf"(?<![{_NUMERAL}\d])([一二两三四五六七八九]|\d)成"
    r"(?!立|本|为|果|功|都|员|长|品|交|熟|套|年|效|份|像|分)"
)
_WITH_LARGE = re.compile(
    r"(?:(?<!\d)(\d+(?:\.\d+)?)|([零一二两三四五六七八九十百千]{1,7}))([万亿]{1,2})"
    r"(元|块钱|块)?(?=(.?))"
)
_WITH_UNIT = re.compile(
    rf"(?<![{_NUMERAL}第])([{_NUMERAL}]{{1,9}})(?=(?:{_UNITS})(?![办业证码件性]))"
)
_YEAR = re.compile(r"(?<![零〇一二三四五六七八九])([二一][〇零九][零〇一二三四五六七八九]{2})年")
_MONEY_WORD = re.compile(r"(?<=\d)块钱?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def numeral(text: str) -> int | None:
    """The value of a Chinese numeral, None when the characters form no number.

    >>> numeral("一百二十三"), numeral("二〇二五"), numeral("两千"), numeral("十万")
    (123, 2025, 2000, 100000)
    """
    if not text or any(c not in _NUMERAL for c in text):
        return None
    if len(text) > 1 and all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _SMALL:
            section += (digit or 1) * _SMALL[char]
            digit = 0
        else:
            total = (total + section + digit or 1) * _LARGE[char]
            section = digit = 0
    return total + section + digit


def plain(value: float) -> str:
    """A number without a superfluous fraction: ``5``, ``0.5``."""
    return str(int(value)) if float(value).is_integer() else f"{value:.6f}".rstrip("0")


def _value(text: str) -> float | None:
    return float(text) if text[0].isdigit() else numeral(text)


def _ordinal(match: re.Match[str]) -> str:
    value = numeral(match[1])
    return match[0] if value is None else f"第{value}{match[2]}"


def _large(match: re.Match[str]) -> str:
    digits, words, scale, money, after = match.groups()
    value = float(digits) if digits else numeral(words)
    if value is None:
        return match[0]
    for char in scale:
        value *= _LARGE[char]
    unit = "元" if money or not after or after not in _COUNTED else ""
    return plain(value) + unit


def normalise_numbers(text: str) -> str:
    """One form for every number in ``text`` (NFKC-normalised already)."""
    text = _THOUSANDS.sub("", text)
    text = _ORDINAL.sub(_ordinal, text)
    text = _PERCENT.sub(lambda m: f"{plain(_value(m[1]) or 0)}%", text)
    text = _TENTHS.sub(lambda m: f"{int(_value(m[1]) or 0) * 10}%", text)
    text = _YEAR.sub(lambda m: f"{numeral(m[1])}年", text)
    text = _WITH_LARGE.sub(_large, text)
    text = _WITH_UNIT.sub(lambda m: str(numeral(m[1])), text)
    return _MONEY_WORD.sub("元", text)
