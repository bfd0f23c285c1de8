"""Responsible departments and completion deadlines as a measure writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_LEAD = (
    r"(?:责任部门和单位|责任部门及单位|责任单位和部门|责任单位及部门|责任单位|责任部门|责任主体|牵头责任单位|主要责任单位|"
    r"牵头部门和单位|牵头和配合部门|牵头部门|牵头单位|配合部门|配合单位|落实单位|落实部门|实施单位|主责部门|主办单位|负责单位)"
)
_BRACKET = re.compile(r"[（(](?P<in>(?:[^（）()]|[（(][^（）()]*[）)])*)[）)]")
_LED = re.compile(rf"^\s*{_LEAD}\s*[：:]\s*")
_LINE = re.compile(rf"(?:^|\n)[^\S\n]*{_LEAD}\s*[：:]\s*(?P<in>[^\n。]+)")
_BODY_END = (
    r"(?:委|局|办|办公室|办公厅|厅|部|署|院|会|部门|单位|政府|总部|海关|集团|分公司|公司|银行|中心|街道|镇|"
    r"总队|支队|分局|总站|协会|联盟|大学|所|处|园区|管委会|各区|法院|检察院|等|工商联|科创办|物流|集运|学校|高校|"
    r"企业|司|人行|[一-龥]+区)"
)
_ITEM = re.compile(
    rf"^(?:[^，。；：、]{{1,30}}?{_BODY_END})(?:[（(][^（）()]*[）)])?(?:按照?职责分工(?:负责)?|等)?$"
)
_DUTY = re.compile(
    r"(?:按照?(?:各自)?(?:职责|分工)+[^，。；]{0,4})?(?:牵头|负责|落实|配合)(?:实施|推进)?$"
)
_ARTICLE_HEAD = re.compile(r"第[一二三四五六七八九十百千万零\d]+[条章节款]\s*$")
_DEADLINE = re.compile(
    r"(?:完成时限|时间节点|完成时间|完成期限|时间要求|时限要求)\s*[：:]\s*(?P<d>[^；;，。）)\n]{2,30})"
)
_NOT_BODY = re.compile(r"^(?:以下|下列|含|包括|不含|见|详见|试行|暂行)|号$|发布|公布|修正")
_PARTS = re.compile(r"[^、，,；;\s（）()]+(?:[（(][^（）()]*[）)])?")
_AND = re.compile(r"(?<=[^\s共])(?:和|会同|及)(?=[市区各相有国上])")
_DUTY_TAIL = re.compile(
    r"(?:按照?(?:各自)?(?:职责|分工)+[^，。；]{0,4})?(?:牵头|负责|落实|配合)?(?:实施|推进)?$"
)
_ETC = re.compile(r"等(?=$|[市区]?(?:相关|有关)|具有|部门|单位|[按负]).*")
_EMPTY = {"单位", "部门", "有关", "相关", "实施", ""}


@dataclass(frozen=True, slots=True)
class Departments:
    """``text`` as in the brackets (several joined by ；), ``spans`` into the measure's text."""

    text: str | None
    spans: tuple[tuple[int, int], ...]


def departments(text: str) -> Departments:
    """The responsible bodies that the measure's brackets (or its 责任单位 line) name."""
    spans = []
    for match in _BRACKET.finditer(text):
        inside, start = match.group("in"), match.start("in")
        led = _LED.match(inside)
        if led:
            spans.append(_without_deadline(text, start + led.end(), match.end("in")))
        elif _closes(text, match) and _responsible(inside):
            spans.append(_without_deadline(text, start, match.end("in")))
    if not spans:
        spans = [_without_deadline(text, m.start("in"), m.end("in")) for m in _LINE.finditer(text)]
    written = "；".join(text[a:b] for a, b in spans if a < b)
    return Departments(written or None, tuple(s for s in spans if s[0] < s[1]))


def located(text: str, written: str) -> Departments:
    """Departments that a table's column gave: where the measure's text has them."""
    place = text.find(written)
    spans = ((place, place + len(written)),) if place >= 0 else ()
    return Departments(written, spans)


def bodies(text: str, found: Departments) -> list[tuple[int, int]]:
    """The span of each single body, without 牵头, 等部门 and 按照职责分工负责."""
    spans = []
    for start, end in found.spans:
        for part in _PARTS.finditer(text, start, end):
            spans += _bodies_of(text, *part.span())
    return spans


def _bodies_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    cuts = [start, *(m.end() for m in _AND.finditer(text, start, end)), end]
    found = []
    for left, right in pairwise(cuts):
        piece = (
            re.sub(r"(?:和|会同|及)$", "", text[left:right]) if right < end else text[left:right]
        )
        name = _ETC.sub("", _DUTY_TAIL.sub("", piece))
        if name not in _EMPTY:
            found.append((left, left + len(name)))
    return found


def _without_deadline(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without ``；完成时限：…`` at its end and without stray marks at its edges."""
    match = _DEADLINE.search(text, start, end)
    if match:
        end = match.start()
    while start < end and text[end - 1] in "。；;，,、 \n":
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _closes(text: str, match: re.Match[str]) -> bool:
    if _ARTICLE_HEAD.search(text[max(0, match.start() - 12) : match.start()]):
        return False
    rest = text[match.end() :].lstrip("。 ")
    return not rest or rest.startswith("\n") or text[match.start() - 1 : match.start()] in "。；"


def _responsible(inside: str) -> bool:
    bare = re.sub(r"\s", "", inside)
    if _NOT_BODY.search(bare) or "。" in bare:
        return False
    if _DUTY.search(bare) and re.match(r"[市区各国上中相有县镇街]", bare):
        return True
    items = [i for i in re.split(r"[、，；,;]|和|会同|牵头", bare) if i]
    return bool(items) and all(_ITEM.match(i) for i in items)


def deadline(text: str) -> str | None:
    """The completion deadline, as written."""
    match = _DEADLINE.search(text)
    return match.group("d").strip() if match else None
