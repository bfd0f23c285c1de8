"""Responsible departments and completion deadlines as a measure writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LEAD = (
    r"(?:责任部门和单位|责任部门及单位|责任单位和部门|责任单位及部门|责任单位|责任部门|责任主体|牵头责任单位|"
    r"牵头部门和单位|牵头部门|牵头单位|牵头和配合部门|配合部门|配合单位|落实单位|落实部门|实施单位|主责部门|主要责任单位)"
)
_BRACKET = re.compile(r"[（(](?P<in>(?:[^（）()]|[（(][^（）()]*[）)])*)[）)]")
_LED = re.compile(rf"^{_LEAD}\s*[：:]\s*")
_BODY_END = (
    r"(?:委|局|办|办公室|办公厅|厅|部|署|院|会|部门|单位|政府|总部|海关|集团|分公司|公司|银行|中心|街道|镇|"
    r"总队|支队|分局|协会|联盟|大学|所|处|园区|管委会|各区|法院|检察院|等|工商联|科创办|物流|集运|学校|高校|企业|[一-龥]+区)"
)
_ITEM = re.compile(
    rf"^(?:[^，。；：、]{{1,30}}?{_BODY_END})(?:[（(][^（）()]*[）)])?(?:按职责分工(?:负责)?|等)?$"
)
_DEADLINE = re.compile(
    r"(?:完成时限|时间节点|完成时间|完成期限|时间要求)\s*[：:]\s*(?P<d>[^；;，。）)]{2,30})"
)


@dataclass(frozen=True, slots=True)
class Departments:
    """``text`` as in the brackets (several joined by ；), ``spans`` into the measure's text."""

    text: str | None
    spans: tuple[tuple[int, int], ...]


def departments(text: str) -> Departments:
    """The responsible bodies that the measure's brackets name."""
    spans = []
    for match in _BRACKET.finditer(text):
        inside, start = match.group("in"), match.start("in")
        led = _LED.match(inside)
        if led:
            spans.append((start + led.end(), match.end("in")))
        elif _closes(text, match) and _only_bodies(inside):
            spans.append((start, match.end("in")))
    return Departments(
        "；".join(text[a:b].strip("。；, ，") for a, b in spans) or None, tuple(spans)
    )


def _closes(text: str, match: re.Match[str]) -> bool:
    rest = text[match.end() :].lstrip("。 ")
    return not rest or rest.startswith("\n") or text[match.start() - 1 : match.start()] in "。；"


def _only_bodies(inside: str) -> bool:
    items = [i for i in re.split(r"[、，；,;]|和|会同|牵头", re.sub(r"\s", "", inside)) if i]
    return bool(items) and all(_ITEM.match(i) for i in items)


def deadline(text: str) -> str | None:
    """The completion deadline, as written."""
    match = _DEADLINE.search(text)
    return match.group("d").strip() if match else None
