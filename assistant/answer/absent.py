"""Whether the figure asked for is missing from the clause that speaks of the matter.

A grant without its amount (相应奖励, 予以支持) is an answer: 「没有写明金额」, with the measure
and the department to ask, and never a figure from another clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answer.asks import Ask, asked, stated
from assistant.answer.evidence import Pick
from assistant.answer.select import Candidate

_LABEL: dict[Ask, str] = {
    "amount": "具体金额",
    "ratio": "具体比例",
    "phone": "具体电话号码",
    "date": "具体日期",
    "payment_day": "到账时间",
    "duration": "具体时限",
    "count": "具体数量",
}
_CONTACTS = (("地址", "具体地址"), ("网址", "网址"), ("邮箱", "邮箱"))
_VAGUE = re.compile(
    r"相应(?:奖励|支持|补贴|补助|资助|优惠)|给予(?:资金|一定|适当|相应|重点|优先|分类)?(?:奖励|补助|补贴|支持|资助|资金)"
    r"|(?:给予|予以)[^，。；;\d]{0,8}(?:支持|补贴|奖励|资助|补助|优惠)|分类给予|统筹给予|资金(?:支持|补助|奖励|扶持)|实施补贴|制定.{0,12}(?:政策|标准|办法)"
    r"|另行制定|按(?:有关|相关)?规定|加大.{0,12}(?:支持|奖励|力度)|评估修订"
)
_HOW_LONG = re.compile(r"几个?工作日|多少个?工作日|几天|多少天|多久|多长时间")
_HOW_MANY = re.compile(r"多少(?:个|家|项|条|名|人|户|件|张|套)")
_GOES_ON = re.compile(r"(?:其中|上述|前述|该项?|以上|具体|单个|单户|每)")
_GRANT = re.compile(r"补贴|补偿|补助|奖励|资助|贴息|赔偿|奖金|费用减免|优惠")
_FREE = re.compile(r"零负担|免费|不收取|免收|减半|免征|免于|全额|不收费|无需|降低")
_ABOUT_PHONE = re.compile(r"\d{3,4}-\d{7,8}|(?<!\d)\d{7,8}(?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)")
_EVENT_DAY = re.compile(r"哪天|哪一天|什么时候|何时|几号")
_STUDY = re.compile(r"研究|探索|推动|推进|争取|谋划|计划|拟")
_MORE_WORDS = 0.3  # share of its covered words that the chosen one lacks
_NEARER = 1.0  # log odds by which the vague clause must be nearer to the matter
_LEVEL = re.compile(
    r"(?:区里|区级|区一级|所在区|各区)[^，。？]{0,8}?(?:再|还|那(?:一)?份|部分)?[^，。？]{0,6}?"
    r"(?:给|补|奖|出|拿|配)?多少"
)
_CITY_FIGURE = re.compile(r"市级|市里|市财政")
_DISTRICT_FIGURE = re.compile(r"(?:区级|各区|区财政|区里)[^，。；]{0,24}\d")


@dataclass(frozen=True, slots=True)
class Absence:
    ask: Ask
    words: str  # 具体金额 …
    only: int | None = None  # the one sentence that speaks of the matter; None: all chosen ones


def absence(question: str, pick: Pick) -> Absence | None:
    """What the question asks for and the chosen sentences do not state; None: nothing missing."""
    wanted = asked(question)
    core = "".join(s.text for s in pick.sentences if s.part != "depts") or pick.text
    best = _whole(pick)
    have = stated(core)
    if "phone" in wanted and not _ABOUT_PHONE.search(core):
        return Absence("phone", next((w for k, w in _CONTACTS if k in question), _LABEL["phone"]))
    if "payment_day" in wanted and not {"payment_day", "date"} & have:
        return Absence("payment_day", _LABEL["payment_day"])
    if _LEVEL.search(question) and _CITY_FIGURE.search(core) and not _DISTRICT_FIGURE.search(core):
        return Absence("amount", "区级的具体金额")
    if wanted & {"amount", "ratio"} and not _continued(pick, pick.best.sentence.index):
        ask: Ask = "amount" if "amount" in wanted else "ratio"
        subject = _subject(pick)
        if (
            not stated(best) & {"amount", "ratio"}
            and _VAGUE.search(best)
            and not _FREE.search(best)
        ):
            return Absence(ask, _LABEL[ask], pick.best.sentence.index)
        if subject is not None:
            return Absence(ask, _LABEL[ask], subject)
        if not have & {"amount", "ratio", "count"} and _GRANT.search(best):
            return Absence(ask, _LABEL[ask])
    day_open = "date" in wanted and not {"date", "duration"} & have and "validity" not in wanted
    if day_open and _EVENT_DAY.search(question) and _STUDY.search(best):
        return Absence("date", _LABEL["date"])
    return None


def unanswered(question: str, picks: tuple[Pick, ...]) -> Absence | None:
    """A time limit or a number plainly asked for, of which none of the chosen sentences has any."""
    said = "".join(p.text for p in picks)
    have = stated(said)
    if _HOW_LONG.search(question) and "duration" not in have and "date" not in have:
        return Absence("duration", _LABEL["duration"])
    if _HOW_MANY.search(question) and not re.search(r"[\d一二三四五六七八九十百]", said):
        return Absence("count", _LABEL["count"])
    return None


def _continued(pick: Pick, index: int) -> bool:
    """Whether a later sentence gives the figure of what this one grants (其中…, 上述…最高…)."""
    after = [c.sentence for c in pick.rivals if c.sentence.index > index]
    return any(_GOES_ON.match(s.text) and stated(s.text) & {"amount", "ratio"} for s in after)


def _subject(pick: Pick) -> int | None:
    """A clause nearer to the matter than the chosen one that grants without a figure.

    The chosen one may owe its place to the very figure that the question asks for.
    """
    scored = [c for c in pick.rivals if c.sentence.part != "depts"]
    if not scored:
        return None
    by_meaning = max(scored, key=lambda c: c.subject)
    by_words = max(scored, key=lambda c: sum(c.covered.values()))
    more = sum(by_words.covered.values()) - sum(pick.best.covered.values())
    nearer = [by_meaning] if by_meaning.subject - pick.best.subject >= _NEARER else []
    if more >= _MORE_WORDS * sum(by_words.covered.values()):
        nearer.append(by_words)
    for candidate in nearer:
        whole = _whole(pick, candidate)
        granted = stated(whole) & {"amount", "ratio"} or _FREE.search(whole)
        index = candidate.sentence.index
        if not granted and _VAGUE.search(whole) and not _continued(pick, index):
            return candidate.sentence.index
    return None


def _whole(pick: Pick, candidate: Candidate | None = None) -> str:
    """A sentence with the neighbours that belong to the same 。-sentence."""
    text = pick.hit.measure.text
    sentence = (candidate or pick.best).sentence
    start, end = sentence.start, sentence.end
    begin = max(text.rfind("。", 0, start), text.rfind("\n", 0, start)) + 1
    stop = text.find("。", end - 1)
    return text[begin : stop + 1 if stop >= 0 else len(text)]
