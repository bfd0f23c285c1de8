"""Money, ratios and thresholds of a measure, each with its span, qualifier and what it is of.

All spans index the text given; widths are unified character by character, so spans stay true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.corpus.dates import chinese_number
from assistant.records import Fact

_WIDE = str.maketrans("０１２３４５６７８９．％～－", "0123456789.%~-")
_CN = "零〇一二两三四五六七八九十百千"
_NUM = (
    r"(?:(?<!\d)\d+(?:[,，]\d{3}){0,4}(?:\.\d+)?"
    rf"|(?<![{_CN}])[{_CN}]+(?=[万亿元]|个百分点|折|倍|成))"
)
_MONEY = re.compile(
    rf"(?:(?P<low>{_NUM})(?P<lowscale>[百千万亿]{{0,4}})(?P<lowunit>元)?(?P<per0>/[\u4e00-\u9fff]{{1,3}})?\s{{0,3}}[—–\-~至]{{1,3}}\s{{0,3}})?"
    rf"(?P<num>{_NUM})\s{{0,3}}(?:多|余)?(?P<scale>[百千万亿]{{0,4}})\s{{0,3}}(?P<unit>元|美元|欧元|英镑|港元|日元)"
    r"(?P<per>/(?:千瓦时|平方米|人次|[年月日人户家台辆件次吨个套]))?"
)
_RATIO = re.compile(
    rf"(?:(?<!\d)\d+(?:\.\d+)?[—–\-~至]{{1,3}}(?=\d))?(?P<num>(?<!\d)\d+(?:\.\d+)?)\s{{0,3}}(?P<unit>%|‰|个?百分点)"
    rf"|(?P<points>(?<![{_CN}])[{_CN}]+)个百分点"
    rf"|百分之(?P<cn>[{_CN}点]+|\d+(?:\.\d+)?)"
    rf"|(?P<fold>(?<![{_CN}\d])[{_CN}\d]+(?:\.\d+)?)(?P<foldunit>折|倍)(?!数|增|率)"
    r"|(?P<part>[一二三四五六七八九])成(?=以上|以下|左右|的?(?:份额|比例|折))"
)
_COUNT = re.compile(
    r"(?P<num>(?<!\d)\d+(?:\.\d+)?|(?<![一二两三四五六七八九十百千])[一二两三四五六七八九十百千]+)"
    r"\s{0,3}(?P<scale>[百千万亿]?)\s{0,3}"
    r"(?P<unit>平方米|平方公里|千瓦时?|兆瓦|吨标准煤|吨|公里|人次|名|人|家次|家|户|个月|年|岁|项|件|辆|台|亩|个(?!工作日|月|百分)|层|米|次)"
)
_SCALE = {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_BENEFITS = (
    ("罚款", r"罚款|罚金"),
    ("贴息", r"贴息|利息补贴"),
    ("减免", r"减免|免征|减征|减按|抵扣|扣除|摊销|减半|免收|暂退|退还|降低.{0,8}费|优惠"),
    ("奖励", r"奖励|奖金|给奖|获奖"),
    ("补贴", r"补贴|补助|补偿|津贴"),
    ("资助", r"资助|扶持|资金支持|支持金额|支持比例|支持资金|支持上限|配套|支持"),
    ("担保", r"担保额度"),
    ("贷款", r"贷款额度|授信额度"),
)
_BENEFIT = re.compile("|".join(f"(?P<b{i}>{p})" for i, (_, p) in enumerate(_BENEFITS)))
_BEFORE = re.compile(
    r"(最高不超过|最高可达|最高|原则上不高于|原则上不超过|不超过|不高于|不大于|不低于|不少于|不得低于|不得超过|不得高于|"
    r"至少|上限(?:为|至|提高至|[^，。；、\d]{0,8})?|最多|最低|突破|超过|超|达到|达|低于|高于|少于|多于|满(?!意|足|额)|降至|提高到|提高至|压减至|一次性|"
    r"每人|每年|每户|每家|每辆车?|每项|每月|单户|单个项目|单台|每批|每件|每次|每个)[^，。；、\d]{0,6}$"
)
_AFTER = re.compile(
    r"^(?:[（(]含[）)]|[（(]?含?[）)]?)?(及以上|（含）以上|以上|及以下|以下|以内|左右|封顶|上限)|^(?:人民币)?的?(一次性)"
)
# what a sum measures when nobody is given it: a market, a loan book, a fund
_SCALE_OF = re.compile(
    r"(?:规模|余额|产值|投放|成本|营收|营业额|交易额|总量|收入)[^，。；、]{0,5}$"
)
_PER = re.compile(r"(每[人年户家辆项月台批件次个](?:车)?|单户|单个|单台|一次性)")
_LIMITS = {
    "以上",
    "及以上",
    "（含）以上",
    "以下",
    "及以下",
    "以内",
    "不低于",
    "不少于",
    "超过",
    "满",
    "低于",
    "高于",
    "少于",
}
_MONEY_SIGN = re.compile(r"[\d一二三四五六七八九十两百千万亿]\s{0,3}[美欧港日]?元")
_RATIO_SIGN = re.compile(r"[%‰折倍成]|百分")
_LIMIT_WORD = re.compile(r"以[上下内]|不低于|不少于|超过|满|低于|高于|少于")
_BASE = re.compile(
    r"(?P<b>[\u4e00-\u9fffA-Za-z0-9（）“”\"、·]{2,28}?(?:投入|投资|投资额|金额|费用|总额|数额|额|成本|价格|价|收入|支出|利息|利率|"
    r"费率|费|所得额|所得|保费|投资总额|份额|比例|合同|租金|销售额|产值|营收|总数|面积|资产|标准|基数|评估价|净资产|工资|缴费))"
    r"的?(?:部分的?|给予|予以|按|最高|不超过|不高于|不低于|不少于|增加|提高(?:至|到)|降至|保持|达到?|控制在|占|为|比例?|原则上|下降|增长|最低|×|的|，){0,6}$"
)
_BASE_CUT = re.compile(
    r"^.*(?:按照?|依照?|给予|予以|不超过|不低于|享受|对|占|将|继续|根据|其|为|推动|实现|力争|达到)(?=[\u4e00-\u9fff]{2,})"
)
_STOPS = "。；\n"


def unify(text: str) -> str:
    """Full-width digits, point and percent sign made half-width; the length stays."""
    return text.translate(_WIDE)


def figures(text: str) -> list[Fact]:
    """Amounts, ratios and thresholds in order of the text, no two on the same characters."""
    flat = unify(text)
    found = list(_money(flat, text)) if _MONEY_SIGN.search(flat) else []
    if _RATIO_SIGN.search(flat):
        found += _ratios(flat, text)
    if not _LIMIT_WORD.search(flat):
        return sorted(found, key=lambda f: (f.start, f.end))
    taken = [(f.start, f.end) for f in found]
    found += [
        f for f in _counts(flat, text) if not any(a < f.end and f.start < b for a, b in taken)
    ]
    return sorted(found, key=lambda f: (f.start, f.end))


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Bounds of the sentence (up to 。；) around a span."""
    left = max(text.rfind(c, 0, start) for c in _STOPS) + 1
    rights = [i for i in (text.find(c, end) for c in _STOPS) if i >= 0]
    return left, min(rights, default=len(text))


def _scaled(number: str, scale: str) -> float | None:
    value = chinese_number(number)
    if value is None:
        return None
    for char in scale:
        value *= _SCALE[char]
    return value


def _qualifier(flat: str, start: int, end: int, left: int, right: int) -> str | None:
    words: list[str] = []
    before, after = flat[left:start], flat[end:right]
    clause = re.split(r"[，；。]", before)[-1]
    words += _PER.findall(clause[-16:])
    if match := _BEFORE.search(before[-18:]):
        words.append(match.group(1))
    if match := _AFTER.match(after):
        words.append(match.group(1) or match.group(2))
    elif after[:14].find("一次性") >= 0 and not re.search(
        r"[，；。\d]", after[: after.find("一次性")]
    ):
        words.append("一次性")
    return "、".join(dict.fromkeys(w for w in words if w)) or None


def _benefit(flat: str, start: int, end: int, left: int, right: int) -> str | None:
    """What the sum is: the nearest word of giving or taking, first after it, then before."""
    if _SCALE_OF.search(flat[max(left, start - 14) : start]):
        return None
    after = re.split(r"[，。；]", flat[end:right])[0][:24]
    if match := _BENEFIT.search(after):
        return _named(match)
    before = re.split(r"[；。]", flat[max(left, start - 40) : start])[-1]
    last = None
    for match in _BENEFIT.finditer(before):
        last = match
    if last:
        return _named(last)
    wider = flat[end : min(right, end + 40)]
    fine = re.search(r"^[^。；]{0,24}罚款", wider)
    return "罚款" if fine else None


def _named(match: re.Match[str]) -> str:
    return next(name for i, (name, _) in enumerate(_BENEFITS) if match.group(f"b{i}"))


def _is_threshold(flat: str, start: int, end: int, right: int, qualifier: str | None) -> bool:
    """A bound that something must meet, not a sum that is given or taken."""
    words = set((qualifier or "").split("、"))
    if not words & _LIMITS:
        return False
    after = flat[end : min(right, end + 30)]
    if re.search(r"(?:给予|予以)[^，。；]{0,10}$", flat[max(0, start - 12) : start]):
        return False
    if re.match(r"^[^，。；]{0,18}罚款", after) or re.search(
        r"处以?[^，。；]{0,16}$", flat[max(0, start - 18) : start]
    ):
        return False
    return not re.match(
        r"^(?:以上|以下|以内)?(?:（含）)?的?(?:一次性)?(?:奖励|补贴|资助|支持|补助)", after
    )


def _money(flat: str, text: str) -> Iterator[Fact]:
    for match in _MONEY.finditer(flat):
        start, end = match.span()
        if match.group("low") and match.group("lowunit"):
            yield from _money_part(flat, text, match, "low")
            start = match.start("num")
        value = _scaled(match.group("num"), match.group("scale"))
        if value is None:
            continue
        left, right = _sentence(flat, start, end)
        qualifier = _qualifier(flat, start, end, left, right)
        unit = match.group("unit") + (match.group("per") or "")
        threshold = _is_threshold(flat, start, end, right, qualifier)
        yield Fact(
            "threshold" if threshold else "amount",
            text[start:end],
            start,
            end,
            value=value,
            unit=unit,
            qualifier=qualifier,
            benefit=None if threshold else _benefit(flat, start, end, left, right),
        )


def _money_part(flat: str, text: str, match: re.Match[str], group: str) -> Iterator[Fact]:
    """The lower end of a range that bears its own unit (``0.05元/千瓦时—0.3元/千瓦时``)."""
    start = match.start(group)
    end = match.end("per0") if match.group("per0") else match.end("lowunit")
    left, right = _sentence(flat, start, end)
    yield Fact(
        "amount",
        text[start:end],
        start,
        end,
        value=_scaled(match.group("low"), match.group("lowscale")),
        unit="元" + (match.group("per0") or ""),
        qualifier="区间下限",
        benefit=_benefit(flat, match.end(), match.end(), left, right),
    )


def _ratios(flat: str, text: str) -> Iterator[Fact]:
    for match in _RATIO.finditer(flat):
        start, end = match.span()
        read = _ratio_value(match)
        if read is None:
            continue
        value, unit = read
        left, right = _sentence(flat, start, end)
        base = _ratio_base(flat, start, end, left, right)
        yield Fact(
            "ratio",
            text[start:end],
            start,
            end,
            value=value,
            unit=unit,
            qualifier=_qualifier(flat, start, end, left, right),
            benefit=_benefit(flat, start, end, left, right),
            base=base,
        )


def _ratio_value(match: re.Match[str]) -> tuple[float, str] | None:
    if match.group("num"):
        number, unit = float(match.group("num")), match.group("unit")
        if unit.endswith("百分点"):
            return number, "个百分点"
        return round(number / (1000 if unit == "‰" else 100), 8), unit
    if match.group("points"):
        points = chinese_number(match.group("points"))
        return (points, "个百分点") if points is not None else None
    if match.group("cn"):
        value = chinese_number(match.group("cn"))
        return (round(value / 100, 8), "%") if value is not None else None
    if match.group("fold"):
        value = chinese_number(match.group("fold"))
        if value is None:
            return None
        if match.group("foldunit") == "折":
            return (value / 10 if value < 10 else value / 100), "折"
        return value, "倍"
    value = chinese_number(match.group("part"))
    return (value / 10, "成") if value is not None else None


def _ratio_base(flat: str, start: int, end: int, left: int, right: int) -> str | None:
    before = flat[left:start]
    clause = re.split(r"[，；。：（(]", before)[-1]
    match = _BASE.search(clause)
    if match:
        base = _BASE_CUT.sub("", match.group("b"))
        return base.removesuffix("的") or None
    follows = re.match(
        r"^的?(?P<b>[\u4e00-\u9fff]{2,12}?(?:税率|征收率|费率|利率|份额|比例|解决率))",
        flat[end:right],
    )
    return follows.group("b") if follows else None


def _counts(flat: str, text: str) -> Iterator[Fact]:
    """Bounds in people, firms, years, area …: only with a word of comparison."""
    for match in _COUNT.finditer(flat):
        start, end = match.span()
        if start and (flat[start - 1].isdigit() or flat[start - 1] in ".第"):
            continue
        left, right = _sentence(flat, start, end)
        qualifier = _qualifier(flat, start, end, left, right)
        value = _scaled(match.group("num"), match.group("scale"))
        words = set((qualifier or "").split("、"))
        if value is None or not words & _LIMITS:
            continue
        if match.group("unit") == "年" and value > 100:
            continue
        yield Fact(
            "threshold",
            text[start:end],
            start,
            end,
            value=value,
            unit=match.group("unit"),
            qualifier=qualifier,
        )
