"""What an offer requires, run against a company: 符合, 不符合 or 待确认."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import lru_cache

from assistant.answer.figures import figures
from assistant.finder.conditions import Condition, conditions, item
from assistant.finder.denial import Denial, denials, understood
from assistant.finder.requirements import Offer, Requirement
from assistant.finder.vocabulary import Held, named, plain, vocabulary
from assistant.records import ConditionCheck, Profile, Verdict

# Nearly every company that asks is one; to be confirmed, never a reason to drop an offer.
_COMMON = frozenset({"民营企业", "中小企业", "小微企业", "小型企业", "微型企业", "中型企业"})
_ELSEWHERE = re.compile(r"符合(?:有关|相关|规定|相应|认定|申报)?条件")


def verdict(requirement: Requirement, profile: Profile, held: Held) -> Verdict:
    """Whether the company is one of those named.

    A special standing (高新技术企业, 外资研发中心 …) that was not told counts as not held; what
    was told too coarsely to decide (集成电路 for 集成电路设计) is 待确认.
    """
    words, names = vocabulary(), requirement.names
    if any(name in held.all for name in names):
        return "符合"
    no = understood(held.denied)
    if all(any(denial.covers(name) for denial in no) for name in names):
        return "不符合"
    if requirement.kind == "size":
        return "不符合" if profile.size else "待确认"
    if set(names) & _COMMON:
        return "待确认"
    coarser = bool(_finest(held) & words.wider(names))
    if requirement.kind == "industry":
        return "待确认" if coarser or not profile.industry else "不符合"
    return "待确认" if coarser and not profile.qualifications else "不符合"


@lru_cache(maxsize=256)
def _finest(held: Held) -> frozenset[str]:
    """The terms told that no other term told makes more precise."""
    words = vocabulary()
    return frozenset(
        t for t in held.named if not any(t in words.wider((u,)) for u in held.named - {t})
    )


def contradiction(text: str, held: Held) -> str | None:
    """A term in ``text`` that cannot hold for the company (居住房屋 for a shop), if any."""
    excluded = vocabulary().excluded(held.named)
    if not excluded:
        return None
    return min(named(text) & excluded, default=None)


def checklist(offer: Offer, profile: Profile, held: Held) -> tuple[ConditionCheck, ...]:
    """The conditions of an offer: whom it is for, and what else its sentence asks."""
    rows: list[ConditionCheck] = []
    for requirement in offer.requirements:
        said = verdict(requirement, profile, held)
        text = f"{_KINDS[requirement.kind]}：{'或'.join(requirement.names)}"
        question = f"贵司是否为{'或'.join(requirement.names)}？" if said == "待确认" else None
        rows.append(ConditionCheck(text, said, question))
    given = _given(profile, held)
    stated = _events(plain(offer.text))
    rows += [ConditionCheck(f"事项：{name}", "符合") for name in sorted(stated & given)]
    denied = understood(held.denied)
    asked = (*conditions(offer.text), *map(item, offer.listed))
    rows += [_condition(condition, given, denied) for condition in asked]
    return tuple(rows)


def _given(profile: Profile, held: Held) -> frozenset[str]:
    """The events told, in the form, as a standing or as a need; none that is denied."""
    terms = vocabulary().terms
    needed = _events(plain(" ".join(n for n in profile.needs if not denials(n))))
    return needed | {name for name in held.named if terms[name].kind == "event"}


def _condition(condition: Condition, given: Set[str], denied: Sequence[Denial]) -> ConditionCheck:
    """A condition counts as met only when the company named the very event that it names.

    One with a figure in it (2000万元以上, 连续两年20%) is never taken as met unseen, nor one that
    points to conditions stated elsewhere.  What the company denies fails a condition that asks for
    it, and meets one that asks for its absence (未获得过…).
    """
    text = condition.text
    lacking = denials(text)
    if any(no.covers(phrase) for no in denied for phrase in lacking or (text,)):
        return ConditionCheck(text, "符合" if lacking else "不符合")
    if _ELSEWHERE.search(text):
        return ConditionCheck(text, "待确认", "所指的条件没有在本条写明，请向主管部门了解")
    asked = _events(plain(text))
    if asked and asked <= given and not lacking and not figures(text):
        return ConditionCheck(text, "符合")
    return ConditionCheck(text, "待确认", condition.question)


def _events(text: str) -> frozenset[str]:
    terms = vocabulary().terms
    return frozenset(name for name in named(text) if terms[name].kind == "event")


_KINDS = {"industry": "行业", "qualification": "资质", "size": "规模", "event": "事项"}
