"""Whom a measure is for: what its sentences require of a company, read from their wording.

A measure may hold several offers (对A给予…；对B给予…).  Each offering sentence is an offer of its
own, with the industries, qualifications and sizes named in the phrase that says whom it is for.
Where a sentence names nobody, the measure's heading, then the document's title, say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.finder.vocabulary import TermKind, plain, vocabulary
from assistant.records import Document, Measure

_SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")
# Verbs by which a text gives something or eases something.
_OFFER = re.compile(
    r"给予|予以|给以|补贴|补助|奖励|资助|贴息|减免|免征|免收|免费|减半|扣除|返还|优惠|支持|鼓励|享受|"
    r"提供|推广|推行|实施|实行|开展|纳入|允许|可以|无需|不再|降低|缩短|压缩|加大|便利|帮助|协调|指导|扩大|补偿|赔偿|减少|避免|一次性"
)
# The phrase that says for whom: up to the verb that says what.
_FOR_WHOM = re.compile(
    r"(?:对于?|向|为|面向|支持|鼓励|引导|允许|帮助|推动|助力|聚焦)"
    r"(?P<who>[^，。；;:：]{2,60}?)"
    r"(?=[，。；;:：]|给予|予以|提供|实施|实行|开展|享受|按照?|利用|购买|使用|参加|参与|申报|申请|建设|设立|"
    r"成为|办理|进口|加大|以|可|在|进行|的(?:贷款|信用贷款|支持|奖励|补贴|服务)|$)"
)
# 对产线为装备提供验证服务的，给予…: the one addressed stands before 为.
_ADDRESSED = re.compile(r"(?<![面针相应核])对于?(?P<who>[^，。；;]{2,60}?)(?:为|的[，,]|给予|予以)")
# A title addresses its readers only when it promotes them; 管理规定 and the like bind anybody.
_PROMOTES = re.compile(r"促进|支持|鼓励|加快|发展|扶持|助力|提升|若干(?:措施|政策)")


_TRADE = re.compile(r"企业|产业|行业|机构|总部|园区|中心")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One of ``names`` must hold; ``text`` is where the measure says so.

    A requirement read from the title alone is ``implied``: a sentence that names the company's own
    industry is for it all the same.
    """

    kind: TermKind
    names: tuple[str, ...]
    text: str
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A sentence by which a measure gives something, and to whom."""

    text: str  # verbatim sentence of measure.text
    start: int
    requirements: tuple[Requirement, ...]
    stated: bool  # the sentence itself says for whom (not only heading or title)


def offers(measure: Measure, document: Document) -> tuple[Offer, ...]:
    """The offers of a measure in order of the text; empty when it offers nothing."""
    inherited = _headed((measure.heading, *reversed(measure.path)))
    titled = _titled(document.title)
    found: list[Offer] = []
    for match in _SENTENCE.finditer(measure.text):
        sentence = match.group()
        if not _OFFER.search(sentence) or _is_heading(sentence, measure):
            continue
        own = _own(sentence)
        kinds = {r.kind for r in own}
        # a sentence that says itself for which industry or standing is not bound by the title
        general = () if kinds & {"industry", "qualification"} else titled
        unique = {r.kind: r for r in (*general, *inherited) if r.kind not in kinds}
        stripped = sentence.strip()
        start = match.start() + sentence.index(stripped) if stripped else match.start()
        found.append(Offer(stripped, start, (*own, *unique.values()), bool(own)))
    return tuple(found)


def _is_heading(sentence: str, measure: Measure) -> bool:
    """The heading announces what the sentences after it offer; alone it is all there is."""
    head = plain(measure.heading)
    rest = plain(sentence).rstrip("。；;")
    return bool(head) and rest.endswith(head) and len(measure.text) > len(sentence) + 10


def _own(sentence: str) -> tuple[Requirement, ...]:
    addressed = [match["who"] for match in _ADDRESSED.finditer(sentence)]
    if addressed and (found := _requirements(addressed)):
        return found
    return _requirements(m["who"] for m in _FOR_WHOM.finditer(sentence))


def _requirements(phrases: Iterable[str]) -> tuple[Requirement, ...]:
    """One requirement a kind: any of the terms of that kind that the phrases name."""
    names: dict[TermKind, dict[str, None]] = {}
    texts: dict[TermKind, str] = {}
    for phrase in phrases:
        for mention in vocabulary().mentions(plain(phrase)):
            kind = mention.term.kind
            if kind != "event" and not mention.term.means:
                names.setdefault(kind, {})[mention.term.name] = None
                texts.setdefault(kind, phrase)
    return tuple(Requirement(k, tuple(v), texts[k]) for k, v in names.items())


def _headed(headings: Iterable[str]) -> tuple[Requirement, ...]:
    """Headings name topics; only a standing or a trade in them says for whom a section is."""
    return tuple(
        replace(r, implied=True)
        for r in _requirements(h for h in headings if _TRADE.search(h))
        if r.kind in ("qualification", "industry")
    )


def _titled(title: str) -> tuple[Requirement, ...]:
    """A title that names a qualification or a narrow industry is meant for those who have it."""
    if not _PROMOTES.search(title):
        return ()
    return tuple(replace(r, implied=True) for r in _requirements((title,)) if r.kind != "size")
