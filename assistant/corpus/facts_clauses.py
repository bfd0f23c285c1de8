"""Who benefits, on what condition, who pays, and whether the amount is left open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.records import Fact

_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
_GIVE = re.compile(
    r"给予|予以|发放|拨付|按照?(?=[^，。；]{0,20}(?:标准|比例|\d))|免征|减征|减免|减半|减按|免收|享受|补贴|奖励|资助|贴息|抵扣|扣除|暂退"
)
_GRANT = re.compile(
    r"给予|予以|发放|拨付|支付|承担|免征|减[征免半按]|免收|享受|补[贴助]|奖励|资助|贴息|抵扣|扣除|暂退|支持|鼓励|提供|按"
)
_FOR = re.compile(
    r"(?<![应且针核面相绝反])(?:对于|对|鼓励|支持|允许|吸纳)(?P<who>[^，。；]{2,60}?)"
    r"(?=，|的，|给予|予以|免征|减征|减按|按照|按|进行|开展|实施|提供|享受|实行|申报|申请|参与|参加|建设|"
    r"在[^，。；]{0,20}?[内外上]|的[^，。；]{0,4}$)"
)
_KIND = (
    r"企业|机构|单位|团队|个体工商户|小微企业主|商户|旅行社|人才|个人|消费者|项目|平台|园区|基地|中心|总部|"
    r"银行|院所|高校|经营主体|市场主体|纳税人|投资人|毕业生|人员|用人单位|商场|景区|楼宇|产品|基金"
)
# the first noun that is not itself part of a longer name or of a list
_WHO = re.compile(
    rf"(?P<who>[^，。；：（）()]{{0,40}}?(?:{_KIND}))(?![的、和及与内外区等或]|以及|{_KIND})(?:的)?"
)
_MONEY_FROM = r"(?:专项资金|引导资金|发展资金|扶持资金|专项发展资金)"
_PAYER = re.compile(
    r"(?P<who>市、?区(?:两级)?(?:政府|财政)?联动|市、区(?:两级)(?:政府|财政)?|"
    rf"[市区]级(?:层面|财政|[\u4e00-\u9fff]{{2,12}}(?:{_MONEY_FROM}|基金))|(?:由)?各区(?:政府|财政)?|"
    r"由[市区][\u4e00-\u9fff]{1,16}?(?:部门|委|局|政府|财政|机构|银行|基金)|"
    rf"(?<![\u4e00-\u9fff])(?:市|区|本市|本区)[\u4e00-\u9fff“”]{{2,18}}{_MONEY_FROM})"
    r"(?=[^，。；]{0,36}?(?:给予|按(?=[^，。；]{0,16}[\d０-９])|拨付|支付|承担|补贴|奖励|资助|补助))"
)
_URGED = re.compile(r"(?:鼓励|支持|指导|推动|推进|引导|、)$")
_CONDITION_LIST = re.compile(
    r"(?:应当|应|需|须)?(?:同时)?(?:符合|具备|满足)(?:以下|下列|如下)(?:全部)?(?:基本)?条件[^：:。]{0,10}[：:]"
)
_ITEM = re.compile(
    r"[（(][一二三四五六七八九十]+[)）](?P<t>[^；。]+)|(?:^|\n)\d+[.．、](?P<u>[^；。\n]+)"
)
_IF = re.compile(
    r"(?:(?<=[，。；：:）])|^)(?P<c>(?:对|凡|如|若|对于|其中，?)?[^，。；]{4,80}(?:，[^，。；]{3,60}){0,3}?的)，(?=[^。；]{0,40}?(?:给予|予以|按|可|免|减|享受|应当|由))"
)
_MEETS = re.compile(r"(?:符合|满足|达到)[^，。；]{2,30}(?:条件|标准|要求|规定)的")
_ASIDE = re.compile(
    r"(?:支持|鼓励|延续|落实|实施|推动|加大|完善|优化|加强|推进)[^，]{0,260}，(?=[^，])"
)
_OPEN_GRANT = re.compile(
    r"(?:给予|予以|提供|享受)(?P<how>[^，。；\d]{0,22}?)(?P<what>奖励|补贴|资助|补助|扶持|贴息|资金支持|专项支持|配套支持|相应支持|一定支持|政策支持|支持|配套资金)"
)
_AMOUNT_FOLLOWS = re.compile(
    r"[^。；]{0,30}?(?:上限|最高|不超过|标准为|金额|按照?)[^。；]{0,24}?\d"
)
_NO_MONEY = re.compile(
    r"落户|便利|信贷|贷款|融资|技术|专业|指导|信用|还本|服务|保护|协助|数据|解读|信息|业务|绿色通道|用地|场地|法律|人力|智力|咨询|"
    r"保障性|行政|办理|协调|居住证|签证|户口|力量|座席|募资|系统|网络|平台支撑|理论|政治|舆论|组织"
)
_FIGURE = re.compile(r"[\d０-９]\s{0,3}(?:[%％‰]|个?百分点|[万亿]?(?:美|欧)?元|倍|折)|百分之")


def clauses(text: str) -> list[Fact]:
    """Beneficiaries, payers, conditions and open amounts, in order of the text."""
    found: dict[tuple[str, int, int], Fact] = {}
    for match in _SENTENCE.finditer(text):
        sentence, offset = match.group(0), match.start()
        if not _GRANT.search(sentence):
            continue
        for fact in (
            *_beneficiaries(sentence),
            *_payers(sentence),
            *_conditions(sentence),
            *_open(sentence),
        ):
            moved = Fact(
                fact.kind,
                fact.text,
                fact.start + offset,
                fact.end + offset,
                qualifier=fact.qualifier,
                benefit=fact.benefit,
            )
            found.setdefault((moved.kind, moved.start, moved.end), moved)
    for fact in _listed_conditions(text) if "条件" in text else ():
        found.setdefault((fact.kind, fact.start, fact.end), fact)
    return sorted(found.values(), key=lambda f: (f.start, f.end))


def _beneficiaries(sentence: str) -> Iterator[Fact]:
    for match in _FOR.finditer(sentence):
        who = _WHO.match(match.group("who"))
        if not who or not (
            _GIVE.search(sentence[match.end() :]) or match.group(0)[:2] in ("鼓励", "支持")
        ):
            continue
        start = match.start("who")
        end = start + who.end("who")
        start += 2 if sentence.startswith(("鼓励", "支持"), start) else 0
        if end - start >= 2:
            yield Fact("beneficiary", sentence[start:end], start, end)


def _payers(sentence: str) -> Iterator[Fact]:
    for match in _PAYER.finditer(sentence):
        start, end = match.span("who")
        if _URGED.search(sentence[:start]) or sentence.startswith("、", end):
            continue
        start += sentence.startswith("由", start)
        yield Fact("payer", sentence[start:end], start, end)


def _conditions(sentence: str) -> Iterator[Fact]:
    for pattern, group in ((_IF, "c"), (_MEETS, 0)):
        for match in pattern.finditer(sentence):
            if not _GIVE.search(sentence[match.end(group) :]):
                continue
            start, end = match.span(group)
            start = _condition_start(sentence, start, end)
            if end - start >= 4:
                yield Fact("condition", sentence[start:end], start, end)


def _condition_start(sentence: str, start: int, end: int) -> int:
    """Past what only leads up to the condition: 支持…，对X的 → X的."""
    turn = sentence.rfind("，对", start, end)
    if turn >= 0:
        start = turn + 1
    elif (aside := _ASIDE.match(sentence, start, end)) is not None:
        start = aside.end()
    for lead in ("其中，", "其中", "对于", "对", "凡", "如", "若"):
        if sentence.startswith(lead, start):
            return start + len(lead)
    return start


def _listed_conditions(text: str) -> Iterator[Fact]:
    """``应当符合下列条件：（一）…；（二）…。``"""
    for opening in _CONDITION_LIST.finditer(text):
        position, last = opening.end(), 0
        while match := _ITEM.search(text, position):
            between = text[position : match.start()].strip(" ；;。\n")
            if between or (last and "。" in text[position : match.start()]):
                break
            group = "t" if match.group("t") else "u"
            start, end = match.span(group)
            yield Fact("condition", text[start:end], start, end)
            position, last = match.end(), match.end()


def _open(sentence: str) -> Iterator[Fact]:
    """Support that is promised without a figure: 给予相应奖励, 按规定予以支持."""
    for match in _OPEN_GRANT.finditer(sentence):
        clause_start = max(sentence.rfind(c, 0, match.start()) for c in "，；。：") + 1
        clause = sentence[clause_start : match.end() + 12]
        if sentence.startswith("政策", match.end()) or _AMOUNT_FOLLOWS.match(sentence, match.end()):
            continue
        verb, what = match.group(0)[:2], match.group("what")
        if _FIGURE.search(clause) or _NO_MONEY.search(match.group("how")):
            continue
        if what in ("支持", "政策支持") and (verb in ("提供", "享受") or _NO_MONEY.search(clause)):
            continue
        if verb in ("提供",) and what in ("扶持", "相应支持", "一定支持"):
            continue
        start, end = match.span()
        yield Fact("not_stated", sentence[start:end], start, end, benefit=what.removeprefix("资金"))
