"""What speaks for a measure as the answer to a question, as numbers between 0 and 1."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.question.query import Intent, Query
from assistant.records import Document, FactKind, Measure

_AMOUNT = re.compile(
    r"\d[\d.,]*\s*(?:亿|万)?(?:美)?元|[一二三四五六七八九十百千]+万元|\d\s*%|百分之|[减免]征|免收|费率|贴息"
)
_NUMBER = re.compile(r"\d")
_PENALTY = re.compile(r"罚款|处罚|责令|没收|吊销|撤销|追究|失信|惩戒|不予|警告|法律责任")
_DEADLINE = re.compile(
    r"\d+\s*个?(?:工作日|自然日|月|天|日|小时|分钟)|[一二三四五六七八九十]+(?:个月|日内|个工作日)"
    r"|月底前|年底前|\d+年\d+月\d+日|期限|时限"
)
_VALIDITY = re.compile(r"施行|有效期|废止|失效|生效|延长至|延续|截止")
_DEFINITION = re.compile(r"是指|所称|指的是|即[:：“]|（[^）]{0,12}简称|包括")
_CONDITION = re.compile(
    r"条件|符合|应当|满足|不低于|以上|以下|超过|对[^，。]{2,30}(?:的|，)|经认定|方可|可以|不得"
)
_PROCEDURE = re.compile(
    r"申请|申报|提交|办理|材料|流程|受理|窗口|平台|通过|登录|告知|备案|审批|承诺"
)
_DEPARTMENT = re.compile(r"责任单位|牵头|负责|主管部门|（[^（）]*(?:局|委|办|署|院|政府)[^（）]*）")
_LIST = re.compile(r"[；;].*[；;]|、[^，。；]{1,20}、|（[一二三四]）|包括|分别|以下|下列", re.S)

_SIGNS: Mapping[Intent, re.Pattern[str]] = {
    "amount": _AMOUNT,
    "number": _NUMBER,
    "penalty": _PENALTY,
    "deadline": _DEADLINE,
    "validity": _VALIDITY,
    "definition": _DEFINITION,
    "condition": _CONDITION,
    "procedure": _PROCEDURE,
    "department": _DEPARTMENT,
    "list": _LIST,
    "comparison": re.compile(""),
}
_FACTS: Mapping[Intent, frozenset[FactKind]] = {
    "amount": frozenset(("amount", "ratio")),
    "number": frozenset(("amount", "ratio", "threshold")),
    "penalty": frozenset(("amount",)),
    "deadline": frozenset(("time_limit", "period")),
    "validity": frozenset(("period",)),
    "department": frozenset(("department",)),
    "condition": frozenset(("condition", "threshold", "beneficiary")),
}
_TERM = re.compile(
    r"(?:本[\u4e00-\u9fff“”（）]{1,14}|《[^》]+》)\s*(?:自|于|从)[^。]{2,40}(?:施行|实施|执行)"
    r"|有效期(?:至|到|为|自|限|\d|[一二三四五])|自[印公发][布发]之日起(?:施行|实施|执行)"
)
_CLOSING = re.compile(r"自[^。]{2,40}施行|有效期|予以废止|同时废止|公布之日起")
_DOC_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SPAN = re.compile(r"((?:19|20)\d\d)\s*(?:年)?[-—－~至]+\s*((?:19|20)\d\d)")


def tells(measure: Measure) -> frozenset[Intent]:
    """The kinds of question that a measure can answer, by what stands in it."""
    found = {intent for intent, sign in _SIGNS.items() if sign.search(measure.text)}
    if measure.depts:
        found.add("department")
    return frozenset(found)


def fit(asked: Sequence[Intent], told: frozenset[Intent]) -> float:
    """Share of what is asked for that a measure can tell; 1 when nothing is asked."""
    return sum(intent in told for intent in asked) / len(asked) if asked else 1.0


def fact_fit(asked: Sequence[Intent], measure: Measure) -> float:
    """Share of the facts asked for of which the measure states one; 1 when none is asked for."""
    wanted = [_FACTS[intent] for intent in asked if intent in _FACTS]
    stated: set[FactKind] = {fact.kind for fact in measure.facts}
    if measure.depts:
        stated.add("department")
    return sum(bool(kinds & stated) for kinds in wanted) / len(wanted) if wanted else 1.0


def tells_validity(measure: Measure) -> bool:
    """Whether it is the closing clause (施行, 有效期 …) of its document or holds it."""
    return bool(_CLOSING.search(measure.text))


def closes(measure: Measure) -> bool:
    """Whether the measure states from when or until when its whole document holds."""
    return bool(_TERM.search(measure.text))


def years_of(document: Document) -> set[int]:
    """Years by which people name a document: of its title, its number and its issue."""
    said = f"{document.title} {document.doc_number or ''} {(document.issued or '')[:4]}"
    years = {int(year) for year in _DOC_YEAR.findall(said)}
    for first, last in _SPAN.findall(document.title):
        years.update(range(int(first), int(last) + 1))
    return years


def year_fit(query: Query, years: set[int]) -> float:
    """1 when a year of the question is one of the document's, −1 when none is, 0: none named."""
    if not query.years or not years:
        return 0.0
    return 1.0 if years & set(query.years) else -1.0


def expired(document: Document, as_of: str | None) -> float:
    """1 when the document's own period was over on ``as_of``."""
    return float(bool(as_of and document.expires and document.expires < as_of))
