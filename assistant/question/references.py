"""Documents and places in documents that a question names: 文号, 《title》, short title, label."""

from __future__ import annotations

import re
from typing import Literal

from assistant.question.query import LabelRef
from embeddings.characters import unified
from embeddings.numbers import numeral

_BRACKETS = "〔［\\[【（(﹝〈<{"
_CLOSING = "〕］\\]】）)﹞〉>}"
_NUMBER = re.compile(
    rf"([\u4e00-\u9fff]{{1,12}}?)\s?[{_BRACKETS}]?\s?((?:19|20)\d\d)\s?年?[{_CLOSING}]\s?第?\s?(\d{{1,4}})(?!\d)\s?号?"
)
_NUMBER_BARE = re.compile(
    r"([\u4e00-\u9fff]{2,10}?)\s?((?:19|20)\d\d)\s?(?:[-—]|年第?)?\s?(\d{1,4})\s?号"
)
_STATE_ORDER = re.compile(
    r"(国务院|(?:国家|[商财司科教交工农水生自人应公民文住])[\u4e00-\u9fff]{0,8}?"
    r"(?:部|委员会|总局|改革委))令\s?第?\s?(\d{1,4})\s?号"
)
_ORDER = re.compile(
    r"((?:上海)?市(?:人民)?政府)?(?:令\s?第?|第)\s?(\d{1,3}|[零〇一二三四五六七八九十百]{1,5})\s?号\s?(令)?"
)
_ORDER_AFTER = re.compile(r"(?<![\d第])(\d{1,3})\s?号\s?(?:市)?(?:政府)?令")
_ORDER_FULL = re.compile(
    r"令\s?第?\s?(?:\d{1,3}|[零〇一二三四五六七八九十百]{1,5})\s?号|第\d{1,4}号令"
)
_BARE = re.compile(
    r"\|[\s的，,:：]*+([零〇一二三四五六七八九十百]{1,4}|\d{1,3})(?=\s?(?:$|[、.,，。?？:：说讲是的规写里]))"
)
# The characters that a 文号 begins with: what stands before them belongs to the sentence.
_PREFIX = re.compile(
    r"(?:[京津冀晋辽吉苏浙皖闽赣鲁豫鄂湘粤桂琼川渝贵滇陕甘宁杭甬锡深穗](?=[政府委])|[国财税沪黄徐长静普虹杨闵宝嘉浦金松青奉崇署商建银]|发改|工信|人社)[\u4e00-\u9fff]{0,8}$"
)
_TITLE = re.compile(r"《([^《》]{2,80}(?:《[^《》]*》[^《》]{0,40})?)》")
_KIND = (
    "文件|政策|办法|规定|意见|措施|方案|通知|规划|计划|条例|细则|要点|决定|解读"
    "|行动方案|实施方案|实施意见"
)
_SHORT = re.compile(
    rf"(?:那个|那份|这个|这份|那批|那部|讲|关于)([\u4e00-\u9fff“”\"0-9a-zA-Z+（）-]{{2,24}}?)的?(?:那个|那份)?(?:{_KIND})"
)
_NICKNAME = re.compile(
    r"([\u4e00-\u9fffA-Za-z0-9“”\"+·-]{2,20}?)(?:的?(?:那个|那份|这个|这份|那部))?"
    r"(办法|规定|意见|措施|方案|规划|计划|条例|细则|要点|决定|政策)(?=[里中上第的，,。？?：:]|规定|说|写|提|要求|附|(?:19|20)\d\d年\d|现在还|还(?:有效|管|算)|$)"
)
_CN = "零〇一二三四五六七八九十百"
_LONG_CN = _CN + "千万"  # articles alone are counted so far
_ENUM = (
    rf"第\s?(?:[{_LONG_CN}]{{1,15}}|\d{{1,6}})\s?条"
    rf"|第\s?[（(]?\s?(?:[{_CN}]{{1,5}}|\d{{1,3}})\s?[）)]?\s?(?:条措施|条|章|节(?!能|约|目|日|水|点|奏)|部分|项|点|款|大点|小点|号)"
    rf"|[（(]\s?(?:[{_CN}]{{1,5}}|\d{{1,3}})\s?[）)]"
)
_PLAIN = rf"(?:[{_CN}]{{1,4}}|\d{{1,3}})"
_PATH = re.compile(
    rf"(?:附件\s?\d{{0,4}}\s?[/／的]?\s?)?(?:(?:{_ENUM})|(?<![\u4e00-\u9fff\d.])(?:{_PLAIN})(?=\s?[/／、.]\s?[（(\d]))"
    rf"(?:\s?[/／、.]?\s?的?\s?(?:{_ENUM}|(?<=[/／、.）)])\s?\d{{1,3}}(?![\d年月日万元%.])))*"
)
_ANNEX = re.compile(
    rf"附[件表]\s?\d{{0,4}}\s?(?:[/／]|(?:里|中)?的?(?:第|序号)?)\s?(\d{{1,3}}|[{_CN}]{{1,5}})(?![年月日万元%\d])\s?(?:项|条|行|号)?"
)
_ENUMERATOR = re.compile(rf"[{_LONG_CN}]+|\d+")


def doc_numbers(text: str) -> list[str]:
    """文号 named in ``text``, in the corpus's form (沪府规〔2023〕1号, 上海市人民政府令第37号).

    Half-width, square and round brackets and missing brackets around the year are understood.
    """
    found: list[str] = []
    plain = unified(text)
    for pattern in (_NUMBER, _NUMBER_BARE):
        for match in pattern.finditer(plain):
            if prefix := _PREFIX.search(match[1]):
                _add(found, f"{prefix[0]}〔{match[2]}〕{int(match[3])}号")
    for match in _STATE_ORDER.finditer(plain):
        _add(found, f"{match[1]}令第{int(match[2])}号")
    plain = _STATE_ORDER.sub("|", plain)
    for match in _ORDER_AFTER.finditer(plain):
        _add(found, f"上海市人民政府令第{int(match[1])}号")
    for match in _ORDER.finditer(plain):
        named = match[1] or match[3] or "令" in match[0]
        value = int(match[2]) if match[2].isdigit() else numeral(match[2])
        if named and value:
            _add(found, f"上海市人民政府令第{value}号")
    return found


def titles(text: str) -> list[str]:
    """What stands in 《》, without repetition."""
    return list(dict.fromkeys(match[1].strip() for match in _TITLE.finditer(text)))


def short_titles(text: str) -> list[str]:
    """The subject by which a document is meant: 专精特新 of 那个专精特新的文件."""
    return list(dict.fromkeys(match[1].strip("的 ") for match in _SHORT.finditer(text)))


def nicknames(text: str) -> list[tuple[str, str]]:
    """Words before 办法, 措施 …, and that word: a document may be meant by them (停车办法)."""
    plain = _TITLE.sub("|", unified(text))
    return [(match[1], match[2]) for match in _NICKNAME.finditer(plain)]


def labels(text: str) -> list[LabelRef]:
    """Enumerator paths named in ``text``: 第十四条, 第（五）条, 二/（一）/3, 附件第22项."""
    plain = _without_references(unified(text))
    found: list[LabelRef] = []
    taken: list[tuple[int, int]] = []
    for match in _ANNEX.finditer(plain):
        value = int(match[1]) if match[1].isdigit() else numeral(match[1])
        if value:
            found.append(LabelRef(match[0], (value,), "annex"))
            taken.append(match.span())
    for match in _PATH.finditer(plain):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        path = enumerators(match[0])
        if path and not _is_number_of_order(plain, match):
            found.append(LabelRef(match[0].strip(), path, _kind(match[0])))
    if not found and (bare := _BARE.search(plain)):
        found.append(LabelRef(bare[1], enumerators(bare[1]), "path"))
    return list(dict.fromkeys(found))


def _without_references(plain: str) -> str:
    """Titles and 文号 hold enumerators of their own: they are cut out, a mark stays."""
    return _NUMBER.sub("|", _ORDER_FULL.sub("|", _TITLE.sub("|", plain)))


def enumerators(label: str) -> tuple[int, ...]:
    """The numbers of a label path: 三/（五）/18 → (3, 5, 18), 第二十一条 → (21,)."""
    plain = unified(label)
    values = [int(x) if x.isdigit() else numeral(x) for x in _ENUMERATOR.findall(plain)]
    return tuple(value for value in values if value is not None)


def _kind(text: str) -> Literal["article", "heading", "annex", "path"]:
    if "附" in text:
        return "annex"
    if "条" in text:
        return "article"
    return "path" if "/" in text or "、" in text else "heading"


def _is_number_of_order(text: str, match: re.Match[str]) -> bool:
    """第37号 of 令第37号 is a 文号, (2023) of a 文号 is a year, 第二批 is no place."""
    after = text[match.end() : match.end() + 4]
    return "号" in match[0] or bool(re.match(r"\s?\d{0,4}号|批|次|届|季度|产业|年", after))


def _add(found: list[str], value: str) -> None:
    if value not in found:
        found.append(value)
