"""What an offer requires, run against a company: 符合, 不符合 or 待确认."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.answer.figures import figures
from assistant.finder.requirements import Offer, Requirement
from assistant.finder.vocabulary import Held, named, plain, vocabulary
from assistant.records import ConditionCheck, Profile, Verdict

# Nearly every company that asks is one; to be confirmed, never a reason to drop an offer.
_COMMON = frozenset({"民营企业", "中小企业", "小微企业", "小型企业", "微型企业", "中型企业"})
_CONDITION = re.compile(
    r"(?:符合|达到|满足|经|获得|取得|具有|具备|超过|不低于|不少于|以上|以下|连续|首次|当年|年内|有效期内|"
    r"已|须|应当|凭|在[^，]{2,20}内)[^，。；;]{2,60}"
)


def verdict(requirement: Requirement, profile: Profile, held: Held) -> Verdict:
    """Whether the company is one of those named.

    A special standing (高新技术企业, 外资研发中心 …) that was not told counts as not held; what
    was told too coarsely to decide (集成电路 for 集成电路设计) is 待确认.
    """
    words, names = vocabulary(), requirement.names
    if any(name in held.all for name in names):
        return "符合"
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
    told = plain(" ".join((*profile.events, *profile.qualifications, *profile.needs)))
    seen: set[str] = set()
    for match in _CONDITION.finditer(offer.text):
        text = match.group().strip()
        if plain(text) in seen:
            continue
        seen.add(plain(text))
        said = "符合" if _told(text, told) else "待确认"
        question = None if said == "符合" else f"是否{text}？"
        rows.append(ConditionCheck(text, said, question))
    return tuple(rows)


_KINDS = {"industry": "行业", "qualification": "资质", "size": "规模", "event": "事项"}


def _told(condition: str, told: str) -> bool:
    """A condition counts as met only when the company named the very event that it names.

    One with a figure in it (2000万元以上, 连续两年20%) is never taken as met unseen.
    """
    words = vocabulary()
    if figures(condition):
        return False
    asked = {m.term.name for m in words.mentions(plain(condition)) if m.term.kind == "event"}
    given = {m.term.name for m in words.mentions(told) if m.term.kind == "event"}
    return bool(asked) and asked <= given
