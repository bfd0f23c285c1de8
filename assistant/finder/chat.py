"""Questions of the kind 「我们能拿什么」: recognised, answered by the finder, put into words."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.finder.match import Found, renumbered
from assistant.records import Answer, Match, Profile

SHOWN = 5
SEVERAL = 3  # asks in one message: no single clause answers it
_QUOTE = 48
# The speaker is a company that tells what it is …
_SELF = re.compile(
    r"我们|我司|本公司|我公司|我的?(?:公司|店|厂)|公司在|厂子|一家|小公司|我在.{1,8}(?:开|做)"
)
# … and asks openly what there is.
_OPEN = re.compile(
    r"(?:能|可以|可|该)(?:拿|申请|申报|享受|领|得到|用上?|争取)(?:到)?(?:哪些|什么|些什么)|"
    r"(?:给|帮|补|奖)(?:我们|我|企业)?(?:哪些|什么|多少钱)|(?:有|什么|哪些)(?:没有)?(?:什么|哪些)?"
    r"[^，。？?]{0,8}(?:支持|补贴|政策|优惠|照顾|便利|奖励|奖金|帮助|帮扶|扶持|好处|门路|路子|办法|规矩|钱)|"
    r"能(?:申请|帮|补|给|用)[^，。？?]{0,6}(?:哪些|什么)|多少[^。？?]{1,8}多少|各多少|能找谁|(?:有没有|没有)[^，。？?]{0,8}(?:照顾|优惠|奖)"
)
_ASKS = re.compile(r"[？?]|(?:吗|呢|么)(?:[，。]|$)")


def asks_what_applies(question: str, heard: Profile) -> bool:
    """Whether a company describes itself and asks openly what there is for it.

    One precise question (how much is this one subsidy?) is not of this kind, whoever asks.
    """
    several = len(_ASKS.findall(question)) >= SEVERAL
    if not (_SELF.search(question) and (several or _OPEN.search(question))):
        return False
    told = bool(heard.district) + bool(heard.industry) + bool(heard.qualifications)
    return told >= 2 and len(question) >= 40


def with_matches(
    answer: Answer, found: Found, company: Profile, *, rewrite: bool, note: str = ""
) -> Answer:
    """The answer with what applies to the company.

    Args:
        rewrite: let the list be the answer; else it stands beside the answer given.
        note: what to say of the place before the list.
    """
    found = renumbered(found)
    if not rewrite or not found.matches:
        return replace(answer, matches=found.matches, near_misses=found.near_misses)
    shown = found.matches[:SHOWN]
    lines = [f"按您说的情况（{described(company)}），可以看这几条：{note}"]
    lines += [f"{n}. {_row(match)}[{n}]" for n, match in enumerate(shown, 1)]
    more = len(found.matches) - len(shown)
    if more > 0:
        lines.append(f"另有 {more} 条见适用清单。")
    lines.append("是否符合以各条条件和主管部门认定为准。")
    return replace(
        answer,
        text="\n".join(lines),
        refused=False,
        reason=None,
        citations=tuple(match.citation for match in shown),
        matches=found.matches,
        near_misses=found.near_misses,
    )


def described(company: Profile) -> str:
    """The profile in words, shown back so that it can be corrected."""
    parts = [
        company.district,
        "、".join(company.industry[:3]),
        company.size,
        "、".join(company.qualifications[:3]),
        "、".join(company.events[:4]),
    ]
    return "；".join(part for part in parts if part) or "未说明"


def _row(match: Match) -> str:
    measure = match.citation.hit.measure
    gist = match.amount or match.citation.quote
    gist = gist if len(gist) <= _QUOTE else gist[: _QUOTE - 1] + "…"
    head = f"{measure.heading}：" if measure.heading and measure.heading not in gist else ""
    return f"{head}{gist}（{match.status.split('，')[0]}）"
