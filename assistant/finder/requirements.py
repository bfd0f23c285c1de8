"""Whom a measure is for: what its sentences require of a company, read from their wording.

A measure may hold several offers (对A给予…；对B给予…).  Each offering sentence is an offer of its
own, with the industries, qualifications and sizes named in the phrase that says whom it is for.
Where a sentence names nobody, the measure's heading, then the document's title, say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.corpus.areas import areas, found_in
from assistant.corpus.districts import DISTRICTS, mentioned
from assistant.finder.conditions import lists_conditions
from assistant.finder.giving import giving
from assistant.finder.vocabulary import TermKind, plain, vocabulary
from assistant.records import Document, Fact, Measure
from assistant.sentences import split

# The phrase that says for whom: up to the verb that says what.
_FOR_WHOM = re.compile(
    r"(?:(?<![面针相应核])对(?![接象照比标外])于?|向(?![^，。；;]{2,30}(?:提出|报告|通报|报送|提交|备案|申请|移送))|(?<![成作认视称列转升评定改分])为|面向|支持|鼓励|引导|允许|帮助|推动|助力|聚焦)"
    r"(?P<who>[^，。；;:：]{2,60}?)"
    r"(?=[，。；;:：]|给予|予以|提供|实施|实行|开展|享受|按照?|利用|购买|使用|参加|参与|申报|申请|建设|设立|"
    r"成为|办理|进口|加大|以|可|在|进行|的(?:贷款|信用贷款|支持|奖励|补贴|服务)|$)"
)
# 对产线为装备提供验证服务的，给予…: the one addressed stands before 为.
_ADDRESSED = re.compile(
    r"(?<![面针相应核])对于?(?P<who>[^，。；;]{2,60}?)(?:(?<![成作认视称列转升评定改分])为|的[，,]|给予|予以)"
)
_SERVED = re.compile(
    r"(?<![成作认视称列转升评定改分因])为(?P<who>[^，。；;]{2,40}?)(?:提供|配备|开展|办理)"
)
_PAYS = re.compile(r"给予|奖励|补贴|补助|资助|扶持|贴息")
# A title addresses its readers only when it promotes them; 管理规定 and the like bind anybody.
_PROMOTES = re.compile(r"促进|支持|鼓励|加快|发展|扶持|助力|提升|若干(?:措施|政策)")


# Clauses about the document itself.
_FORMAL = re.compile(
    r"目的|依据|适用(?:范围|对象)|定义|术语|释义|用语|解释(?:权|部门)?$|施行|实施日期|有效期|附则|废止|参照执行"
)
# Definitions, purpose, scope, and brackets of who is responsible.
_ASIDE = re.compile(
    r"^[（(][^）)]{2,80}[）)]$|是指|指的是|所称|，制定本|本(?:若干)?(?:政策|措施|办法|规定|细则|意见|条例)[^，。]{0,4}适用"
)
# 在浦东新区试行…; a zone named as a model or a partner (依托, 与) binds nobody.
_WHERE = re.compile(
    r"(?:在|对(?![接象照比标])|注册于|位于)[^，。；;、]{0,6}"
    rf"(?:{'|'.join(DISTRICTS)})[^，。；;]{{0,24}}"
)
_ANYWHERE = re.compile(r"全市|全国|各区|张江高新|示范区|等(?:区域|地区)|五个新城")
# 在临港新片区开展, 支持虹桥国际中央商务区内企业; 依托 and 发挥 bind nobody to an area.
_IN_AREA = re.compile(r"(?:[在对]|注册于|位于|入驻|支持|鼓励|引导)[^，。；;、]{0,6}$")
_TITLE_LEAD = 4  # characters of a heading before the area that it is about
MONEY = ("amount", "ratio")  # kinds of facts
GIVES = 1 / 3  # an offer not shown costs a company twice what a row costs that gives nothing
_SHORT_FORMS = frozenset({"总部", "中心", "园区", "平台", "协会"})
_TRADE = re.compile(r"企业|产业|行业|机构|总部|园区|中心")
# What follows an industry where a text means those who are in it, not a matter (金融科技服务模式).
_BODY = re.compile(
    r"企业|公司|机构|单位|主体|项目|园区|产业|行业|领域|平台|服务业|经营者|承租人|"
    r"[商户者厂店]|产线|中试线|人才|人员|团队"
)
# 园区与客运公司合作, 总部与高校开展: the partner is not the one addressed.
_PARTNER = re.compile(r"[与和同](?=[^，。；;]{2,40}(?:合作|共建|对接|联合|开展|签约|互动))")
# Titles about how the authorities work name a trade as their means or topic.
_OFFICE = re.compile(r"营商环境|政务|城市|治理|检查|监管")


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
    """A sentence by which a measure gives something, to whom and where."""

    text: str  # verbatim sentence of measure.text
    start: int
    requirements: tuple[Requirement, ...]
    stated: bool  # the sentence itself says for whom (not only heading or title)
    giving: float = 1.0  # how likely it gives a company something
    money: bool = False  # states a sum or share that is given
    places: frozenset[str] = frozenset()  # districts that the sentence is limited to, if any
    areas: frozenset[str] = frozenset()  # areas (临港新片区) that it is limited to, if any
    listed: tuple[str, ...] = ()  # conditions that stand as items below the sentence

    @property
    def gives(self) -> bool:
        return self.giving >= GIVES


def offers(measure: Measure, document: Document) -> tuple[Offer, ...]:
    """The sentences of a measure by which a company may profit, in order of the text.

    One that gives nothing in so many words (a right, a procedure, a duty of the authorities) is
    an offer that does not ``give``; clauses about the document itself and definitions are none.
    """
    if _FORMAL.search(measure.heading):
        return ()
    inherited = _headed((measure.heading, *reversed(measure.path)))
    titled = _titled(document.title)
    sentences = split(measure)
    found: list[Offer] = []
    listed: dict[int, list[str]] = {}
    for sentence in sentences:
        lead = sentences[sentence.lead].text if sentence.lead is not None else ""
        if sentence.lead is not None and lists_conditions(lead):
            listed.setdefault(sentence.lead, []).append(sentence.text)
    for sentence in sentences:
        if sentence.part not in ("text", "item") or _ASIDE.search(sentence.text):
            continue
        if sentence.lead in listed:
            continue
        lead = sentences[sentence.lead].text if sentence.lead is not None else ""
        own = _own(sentence.text) or _own(lead)
        kinds = {r.kind for r in own}
        # a sentence that says itself for which industry or standing is not bound by the title
        bound = not kinds & {"industry", "qualification"} or _says_again(sentence.text, titled)
        general = titled if bound else ()
        unique = {r.kind: r for r in (*general, *inherited) if r.kind not in kinds}
        found.append(
            Offer(
                sentence.text,
                sentence.start,
                (*own, *unique.values()),
                stated=bool(own),
                places=_places(sentence.text),
                areas=_areas(sentence.text, (measure.heading, *measure.path)),
                listed=tuple(listed.get(sentence.index, ())),
                giving=giving(lead + sentence.text, measure.heading, document.title),
                money=any(
                    paid(f) and sentence.start <= f.start < sentence.end for f in measure.facts
                ),
            )
        )
    return tuple(found)


def paid(fact: Fact) -> bool:
    """Whether a fact is a sum or share that somebody gets: no target, fine or size of a fund."""
    return fact.kind in MONEY and fact.benefit not in (None, "罚款")


def _places(sentence: str) -> frozenset[str]:
    """Districts that a sentence is about only (在浦东新区…, 对…临港新片区…); none: anywhere."""
    found: set[str] = set()
    if _ANYWHERE.search(sentence):
        return frozenset()
    for match in _WHERE.finditer(sentence):
        found.update(mentioned(match.group()))
    return frozenset(found)


def _areas(sentence: str, headings: Iterable[str]) -> frozenset[str]:
    """Areas that a sentence, or else the heading above it, is about only; none: anywhere."""
    if _ANYWHERE.search(sentence):
        return frozenset()
    own = {
        name
        for name, match in found_in(sentence)
        if sentence.startswith("内", match.end())
        or _IN_AREA.search(sentence, max(0, match.start() - 16), match.start())
    }
    headed = {n for h in headings for n, m in found_in(h) if m.start() <= _TITLE_LEAD}
    return frozenset(name for name in own or headed if areas()[name].districts)


def _says_again(sentence: str, titled: Iterable[Requirement]) -> bool:
    """Whether the sentence takes up the title's addressees in short (总部, 中心)."""
    words = vocabulary().terms
    tails = {w[-2:] for r in titled for n in r.names for w in (n, *words[n].words)}
    return any(tail in sentence for tail in tails & _SHORT_FORMS)


def _own(sentence: str) -> tuple[Requirement, ...]:
    addressed = [match["who"] for match in _ADDRESSED.finditer(sentence)]
    if not addressed and not _PAYS.search(sentence):
        served = [match["who"] for match in _SERVED.finditer(sentence)]
        if served:  # 鼓励平台企业为商户提供服务: the platform only carries it
            return _requirements(served)
    if addressed and (found := _requirements(addressed)):
        return found
    return _requirements(m["who"] for m in _FOR_WHOM.finditer(sentence))


def _requirements(phrases: Iterable[str]) -> tuple[Requirement, ...]:
    """One requirement a kind: any of the terms of that kind that the phrases name."""
    names: dict[TermKind, dict[str, None]] = {}
    texts: dict[TermKind, str] = {}
    for phrase in phrases:
        flat = plain(_PARTNER.split(phrase)[0])
        for mention in vocabulary().mentions(flat):
            kind = mention.term.kind
            if kind == "event" or mention.term.means:
                continue
            if kind == "industry" and not _BODY.search(flat, mention.start):
                continue
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
    if not _PROMOTES.search(title) or _OFFICE.search(title):
        return ()
    return tuple(replace(r, implied=True) for r in _requirements((title,)) if r.kind != "size")
