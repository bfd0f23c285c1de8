"""Whatever a model writes is checked against the clauses it cites before anyone sees it.

A sentence stays only when it names at least one of the given citations, every figure, date and
《name》 in it stands in a cited measure (or in that measure's document data), its wording is
carried by the cited text, it does not call an expired rule valid, and it changes no value of the
clause (:mod:`assistant.answer.comparison`).  Sentence-level citation support follows ALCE (Gao et
al. 2023, arXiv:2305.14627), with typed comparison in the place of an entailment model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.comparison import changed
from assistant.answer.figures import figures, plain, supported
from assistant.answer.statements import Grounds, bare, pairs, share
from assistant.records import Citation
from assistant.sentences import split

MARK = re.compile(r"[\[［【](\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)[\]］】]")
_SENTENCE = re.compile(
    r"[^。！？!?；;\n]+(?:[。！？!?；;]+|\n|$)(?:\s{0,9}[\[［【][\d\s,，、]+[\]］】])*"
)
_NAME = re.compile(r"《([^《》]{2,60})》")
_ADDRESS = re.compile(
    r"https?:|www\.|\w@\w|[a-z\d-]{1,60}\.[a-z]{2,}\b|\d{7,}|\d{3,4}-\d{6,8}"
    r"|微信|微博|抖音|小程序|QQ|公众号|扫码|二维码|[加进入]群|群聊|私信|客服|网址|链接|网站"
    r"|转账|汇款|打款|付款|账[号户]|卡号|邮箱|电话|热线|致电|拨打|来电",
    re.I | re.A,
)
_CITY_LINE = re.compile(  # the city's own help line may always be named
    r"[，,；;]?(?:如有疑问|有疑问|[您也还可请或向]|可以|通过|拨打|致电|联系|咨询|市民|服务|热线|[“”]){0,12}"
    r"(?<!\d)12345(?!\d)(?:市民|政务|服务|热线|电话|平台|进一步|咨询|了解|求助|反映|[“”]){0,12}"
)
_CLAIMS_VALID = re.compile(
    r"(?:现行|仍然?|目前|依然|继续)(?:是|在)?有效|有效期内|(?:仍|还)可(?:以)?申请"
)
_DEPARTMENT = re.compile(
    r"(?P<level>[市区]?)(?P<name>[一-龥](?![或者非和与向由在经以为从到的])[一-龥]"
    r"(?:局|委(?![托派任])|办公室|海关|法院|检察院|银行))"  # the end of its name tells it
)
SUPPORT = 0.5
MOST_MARKS = 20  # of one sentence: a model is given six clauses, or some more
INVALID = ("expired", "repealed")


@dataclass(frozen=True, slots=True)
class Cut:
    """One sentence that was not let through, and why (Chinese, shown to the user)."""

    sentence: str
    why: str


def sentences(text: str) -> list[str]:
    """Sentences with their trailing citation marks."""
    return [s for s in (m.group().strip() for m in _SENTENCE.finditer(text)) if s]


def marks(sentence: str) -> tuple[int, ...]:
    """Citation numbers a sentence names: ``[1]``, ``[1, 3]``, ``【2】``."""
    return tuple(int(n) for m in MARK.finditer(sentence) for n in re.findall(r"\d+", m.group(1)))


def objection(sentence: str, citations: Sequence[Citation]) -> str | None:
    """Why a sentence cannot stand, in Chinese, or ``None`` when it can."""
    by_number = {c.n: c for c in citations}
    numbers = marks(sentence)
    if not numbers:
        return "没有标明依据"
    if any(n not in by_number for n in numbers):
        return "引用了不存在的编号"
    cited = [by_number[n] for n in dict.fromkeys(numbers)]
    if len(numbers) > MOST_MARKS:
        return "标注的依据过多"
    said = MARK.sub("", sentence)
    evidence = "\n".join(_evidence(c) for c in cited)
    known = plain(evidence)
    if any(not c.isprintable() and c not in known for c in plain(said)):
        return "含有不可见的控制字符"
    if "12345" not in known:
        said = _CITY_LINE.sub("", said)
    if any(m.group() not in known for m in _ADDRESS.finditer(plain(said))):
        return "含有条款以外的链接、账号或联系方式"
    stated = figures(evidence)
    for figure in figures(said):
        if not supported(figure, stated):
            return "金额、比例、日期或条号在所引条款中找不到"
    if any(plain(name) not in known for name in _NAME.findall(said)):
        return "所提文件在所引条款中找不到"
    if any(_unknown(d["level"], d["name"], known) for d in _DEPARTMENT.finditer(plain(said))):
        return "所提部门在所引条款中找不到"
    if _CLAIMS_VALID.search(said) and any(c.validity.status in INVALID for c in cited):
        return "把已失效的规定说成有效"
    if not pairs(bare(said)) or share(bare(said), bare(evidence)) < SUPPORT:
        return "表述得不到所引条款支持"
    return changed(said, _grounds(cited))


def _unknown(level: str, name: str, known: str) -> bool:
    """Whether a department is not named there, or only the one of the other level."""
    other = {"市": "区", "区": "市"}.get(level)
    return name not in known or bool(other and level + name not in known and other + name in known)


def _evidence(citation: Citation) -> str:
    """The cited measure and what code knows of it: both may be stated."""
    return "\n".join((*_beside(citation), citation.hit.measure.text))


def _beside(citation: Citation) -> list[str]:
    document, measure = citation.hit.document, citation.hit.measure
    validity = citation.validity
    known = (
        document.title,
        document.doc_number,
        document.issued,
        document.effective_from,
        document.expires,
        document.validity_quote,
        measure.label,
        measure.depts,
        *measure.path,
        validity.effective_from,
        validity.expires,
        validity.basis,
    )
    return [part for part in known if part]


def _grounds(cited: Sequence[Citation]) -> Grounds:
    """The sentences of the cited measures with their leads, and what stands over them."""
    texts: list[tuple[str, str | None]] = []
    beside = [line for c in cited for line in _beside(c)]
    for citation in cited:
        found = split(citation.hit.measure)
        for s in found:
            if s.part == "heading":
                beside.append(s.text)
            texts.append((s.text, found[s.lead].text if s.lead is not None else None))
    return Grounds(texts, beside)
