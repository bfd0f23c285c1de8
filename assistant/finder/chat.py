"""Questions of the kind 「我们能拿什么」: recognised, answered by the finder, put into words."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.finder.match import Found, renumbered
from assistant.records import Answer, Match, Profile

SHOWN = 5
SEVERAL = 3  # asks in one message: no single clause answers it
KNOWN = 2  # things told of the company
SUBJECT = 1  # characters that name nothing yet
SHORTEST = 28  # characters in which a company can say what it is and ask
_QUOTE = 48
# The speaker is a company that tells what it is …
_SELF = re.compile(
    r"我们|我司|本公司|我公司|我的?(?:公司|店|厂)|公司在|厂子|[一几两三]家|小公司|本人|夫妻|我是?做|"
    r"我[^，。？?]{0,10}(?:开|做|办|注册)"
)
# … and asks openly what there is.
_OPEN = re.compile(
    r"(?:能|可以|可|该)(?:拿|申请|申报|享受|领|得到|用上?|争取)(?:到)?(?:哪些|什么|些什么)|"
    r"(?:给|帮|补|奖)(?:我们|我|企业)?(?:哪些|什么)|(?:有|什么|哪些)(?:没有)?(?:什么|哪些)?"
    r"[^，。？?]{0,8}(?:支持|补贴|政策|优惠|照顾|便利|奖励|奖金|帮助|帮扶|扶持|好处|措施|减免|税费|门路|路子|办法|规矩|钱)|"
    r"能(?:申请|帮|补|给|用)[^，。？?]{0,6}(?:哪些|什么)|能找谁|"
    r"(?:有没有|没有)[^，。？?]{0,8}(?:照顾|优惠|奖)|"
    r"有(?:些)?(?:什么|啥|哪些)(?:能|可以|可)|有(?:些)?(?:什么|啥|哪些)(?:$|[？?。])"
)
# What is left of an open question without these words is the one thing that it is about.
_WHOLE = re.compile(
    r"我们|我司|我|本公司|公司|企业|单位|店|厂|这种|这样|类|家|现在|目前|今年|请问|帮|看看|一下|区里|市里|国家|政府|"
    r"能够?|可以|可|该|都|还|有|没有|是|的|吗|呢|啊|些|享受|申请|申报|拿到?|领取?|用|适用|适合|符合|条件|到|"
    r"哪|什么|啥|几|政策|补贴|优惠|支持|奖励|扶持|好处|措施|减免|[\s，,。？?！!]"
)
_PIECE = re.compile(r"[^，,。；;！!？?、]{6,}")  # shorter ones lean on the ask before them
_FOLLOWS = re.compile(r"^(?:另外|还|封顶|最高|走|是|要是|那)")
_ASKS = re.compile(
    r"[吗呢么]$|什么|啥|怎|如何|哪|多少|几(?!家|个|十|年|笔|名|户|百|千|万|次)|谁|能不能|有没有|"
    r"要不要|(.)不\1|想[^，。]{2,}|打算[^，。]{2,}"
)


def asks_for_all(question: str) -> bool:
    """Whether it asks openly what there is and names nothing: for a company that is known."""
    return bool(_OPEN.search(question)) and len(_WHOLE.sub("", question)) <= SUBJECT


def asks_what_applies(question: str, heard: Profile) -> bool:
    """Whether a company describes itself and asks openly what there is for it.

    One precise question (how much is this one subsidy?) is not of this kind, whoever asks.
    """
    if not _SELF.search(question) or len(question) < SHORTEST:
        return False
    pieces = [p for p in _PIECE.findall(question) if not _FOLLOWS.match(p)]
    asks = sum(_ASKS.search(piece) is not None for piece in pieces)
    standing = bool(heard.district) + bool(heard.industry) + bool(heard.qualifications)
    if _OPEN.search(question):
        return standing >= KNOWN or (bool(heard.district) and len(heard.events) >= KNOWN)
    return standing >= KNOWN and asks >= SEVERAL


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
    return "；".join(words for _, words in stated(company)) or "未说明"


def stated(company: Profile) -> list[tuple[str, str]]:
    """Every field of the profile that says something: its name and its words."""
    fields = (
        ("所在区", company.district or ""),
        ("所在区域", company.area or ""),
        ("行业", "、".join(company.industry)),
        ("规模", company.size or ""),
        ("员工人数", "" if company.headcount is None else f"{company.headcount}人"),
        ("成立日期", f"{company.founded}成立" if company.founded else ""),
        ("资质", "、".join(company.qualifications)),
        ("事项", "、".join(company.events)),
        ("想解决的问题", "、".join(company.needs)),
        ("不具备的", f"不具备：{'、'.join(company.denied)}" if company.denied else ""),
    )
    return [(name, words) for name, words in fields if words]


def _row(match: Match) -> str:
    measure = match.citation.hit.measure
    gist = match.amount or match.citation.quote
    gist = gist if len(gist) <= _QUOTE else _cut(gist)
    head = f"{measure.heading}：" if measure.heading and measure.heading not in gist else ""
    return f"{head}{gist}（{match.status.split('，')[0]}）"


def _cut(text: str) -> str:
    """The beginning of ``text``, up to a pause where there is one; never half a figure, nor half of
    what is enclosed."""
    head = text[: _QUOTE - 1]
    pause = max(head.rfind(mark) for mark in "，；。、")
    if pause >= _QUOTE // 2:
        head = head[:pause]
    for opens, closes in ("“”", "（）", "《》"):
        if head.count(opens) > head.count(closes):
            head = head[: head.rindex(opens)]
    return head.rstrip("0123456789.,，、；") + "…"
