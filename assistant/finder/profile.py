"""A company as told in free text, and what a given profile adds to it."""

from __future__ import annotations

import re

from assistant.answer.figures import chinese_number
from assistant.corpus.areas import areas
from assistant.finder.denial import denials, denied
from assistant.finder.vocabulary import Held, Term, plain, vocabulary
from assistant.records import Profile

_HEADCOUNT = re.compile(
    r"(?:(?P<n>\d{1,6})|(?P<cn>[一二三四五六七八九两十百千]{1,7}))(?P<about>来|多|几)?(?:号|个|名|位)?"
    r"(?:人|员工|职工)(?!才|次|民|均)"
)
_FOUNDED = re.compile(
    r"(?P<y>(?:19|20)\d{2})年(?:(?P<m>\d{1,2})月)?(?:刚|才)?(?:成立|注册|开办|创办)"
)
_WANTED = re.compile(
    r"(?:想|打算|准备|能|可以|怎么|要)(?:成为|申请|评|认定|报|当)[^，。；,;]{0,4}$"
)
# 替一家银行写程序, 向外贸行进货, 客户大多是餐馆: others that the speaker deals with.
_OTHERS = re.compile(
    r"(?:(?<![能会可])给(?!我)|替|帮(?!我)|[向跟找让被怕欠](?!我)|多是|大多|客户|供应商|租户|入驻|"
    r"孵化|专投|投了)[^，。；？,;?我]{0,6}$"
)
_OWN = re.compile(r"(?:[是做开办家]|我们|我司|公司)[^，。；？,;?]{0,9}$")


def told(text: str, district: str | None = None, area: str | None = None) -> Profile:
    """The profile that a free text tells.

    Args:
        text: how the company describes itself and what it asks.
        district, area: the place the question was understood to be about.
    """
    flat = plain(text)
    kinds: dict[str, dict[str, None]] = {
        "industry": {},
        "qualification": {},
        "size": {},
        "event": {},
    }
    for mention in vocabulary().mentions(flat, spoken=True):
        before = flat[max(0, mention.start - 12) : mention.start]
        if mention.term.kind != "event" and not _of_speaker(mention.term, before):
            continue
        if denied(mention, flat):
            continue
        kinds[mention.term.kind][mention.term.said] = None
    headcount = _headcount(flat)
    sizes = tuple(kinds["size"])
    founded = _FOUNDED.search(flat)
    return Profile(
        district=district,
        area=area,
        industry=tuple(kinds["industry"]),
        size=sizes[0] if sizes else _size_of(headcount),
        qualifications=tuple(kinds["qualification"]),
        events=tuple(kinds["event"]),
        headcount=headcount,
        founded=_month(founded) if founded else None,
        denied=denials(text),
    )


def _of_speaker(term: Term, before: str) -> bool:
    """Whether the speaker is that: not wanted, and no customer, bank or debtor."""
    if term.kind == "qualification" and _WANTED.search(before):
        return False
    if _OTHERS.search(before):
        return False
    return not term.means or _OWN.search(before) is not None


def merged(given: Profile | None, heard: Profile) -> Profile:
    """What the form says comes first; free text fills what it leaves empty and adds to lists."""
    if given is None:
        return heard
    return Profile(
        district=given.district or heard.district,
        area=given.area or (heard.area if _lies_in(heard.area, given.district) else None),
        industry=given.industry or heard.industry,
        size=given.size or heard.size,
        qualifications=given.qualifications or heard.qualifications,
        events=tuple(dict.fromkeys((*given.events, *heard.events))),
        headcount=given.headcount if given.headcount is not None else heard.headcount,
        founded=given.founded or heard.founded,
        needs=tuple(dict.fromkeys((*given.needs, *heard.needs))),
        denied=tuple(dict.fromkeys((*given.denied, *heard.denied))),
    )


def _lies_in(area: str | None, district: str | None) -> bool:
    known = areas().get(area or "")
    return known is not None and (district is None or district in known.districts)


def held(profile: Profile) -> Held:
    """What holds for the company by its profile."""
    words = vocabulary()
    texts = (*profile.industry, *profile.qualifications, *profile.events, profile.size or "")
    named = {
        m.term.name
        for text in map(plain, texts)
        for m in words.mentions(text, spoken=True)
        if not denied(m, text)
    }
    said = (*texts, *profile.needs)
    no = dict.fromkeys((*profile.denied, *(phrase for text in said for phrase in denials(text))))
    if profile.size:  # 小型, 中型 … as forms have it
        named |= set(
            words.names(profile.size, "size") or words.names(f"{profile.size}企业", "size")
        )
    return Held(frozenset(named), words.wider(named), tuple(no))


def _headcount(text: str) -> int | None:
    match = _HEADCOUNT.search(text)
    if not match:
        return None
    if match["n"]:
        return int(match["n"])
    return int(chinese_number(match["cn"]))


def _size_of(headcount: int | None) -> str | None:
    """A first guess by head count alone; the official classes differ by industry.

    Source of the classes: 《中小企业划型标准规定》(工信部联企业〔2011〕300号); those of
    industry (工业) are taken: 20, 300, 1000.
    """
    if headcount is None:
        return None
    for limit, name in ((20, "微型企业"), (300, "小型企业"), (1000, "中型企业")):
        if headcount < limit:
            return name
    return "大型企业"


def _month(match: re.Match[str]) -> str:
    return f"{match['y']}-{int(match['m']):02d}" if match["m"] else match["y"]
