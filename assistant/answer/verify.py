"""Whatever a model writes is checked against the clauses it cites before anyone sees it.

A sentence stays only when it names at least one of the given citations, every figure, date and
《name》 in it stands in a cited measure (or in that measure's document data), its wording is
carried by the cited text, and it does not call an expired rule valid.  Sentence-level citation
support follows ALCE (Gao et al. 2023, arXiv:2305.14627), with verbatim support in the place of
an entailment model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.figures import figures, plain, supported
from assistant.records import Citation

MARK = re.compile(r"[\[［【](\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)[\]］】]")
_SENTENCE = re.compile(
    r"[^。！？!?；;\n]+(?:[。！？!?；;]+|\n|$)(?:\s{0,9}[\[［【][\d\s,，、]+[\]］】])*"
)
_NAME = re.compile(r"《([^《》]{2,60})》")
_LINK = re.compile(r"https?://|www\.|[\w.+-]@[\w-]+\.\w|[\w-]\.(?:com|cn|net|org|example)\b", re.I)
_CONTACT = re.compile(r"\d{3,4}-\d{6,8}|(?<!\d)1[3-9]\d{9}(?!\d)")
_CLAIMS_VALID = re.compile(
    r"(?:现行|仍然?|目前|依然|继续)(?:是|在)?有效|有效期内|(?:仍|还)可(?:以)?申请"
)
_DEPARTMENT = re.compile(r"(?:市|区|国家|本市)[一-龥]{1,12}?(?:委员会|管理局|监督局|委|局|办公室)")
# Words an answer may add around what the clause says.
_GLUE = frozenset(
    "的是了在可以有对为由按和与或及并等其中您贵企业根据规定条款没写明需请应给予就所也不"
)
SUPPORT = 0.5
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
    said = MARK.sub("", sentence)
    evidence = "\n".join(_evidence(c) for c in cited)
    if _LINK.search(said) or _CONTACT.search(said):
        return "含有条款以外的链接或联系方式"
    stated = figures(evidence)
    for figure in figures(said):
        if not supported(figure, stated):
            return "金额、比例、日期或条号在所引条款中找不到"
    known = plain(evidence)
    if any(plain(name) not in known for name in _NAME.findall(said)):
        return "所提文件在所引条款中找不到"
    if any(plain(d.group()) not in known for d in _DEPARTMENT.finditer(plain(said))):
        return "所提部门在所引条款中找不到"
    if _CLAIMS_VALID.search(said) and any(c.validity.status in INVALID for c in cited):
        return "把已失效的规定说成有效"
    if _carried(said, known) < SUPPORT:
        return "表述得不到所引条款支持"
    return None


def _evidence(citation: Citation) -> str:
    """The cited measure and what code knows of it: both may be stated."""
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
        measure.text,
        validity.effective_from,
        validity.expires,
        validity.basis,
    )
    return "\n".join(part for part in known if part)


def _carried(said: str, known: str) -> float:
    """Share of the sentence's character pairs that stand in the evidence (glue words aside)."""
    said = re.sub(r"[^\w%]+", "", plain(said))
    pairs = [said[i : i + 2] for i in range(len(said) - 1)]
    telling = [p for p in pairs if not (p[0] in _GLUE or p[1] in _GLUE)]
    if not telling:
        return 1.0 if 0 < len(said) <= 12 else 0.0
    return sum(p in known for p in telling) / len(telling)
