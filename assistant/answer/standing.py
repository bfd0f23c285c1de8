"""The part of an answer that says whether the rule asked about holds on the day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answer.asks import asked
from assistant.answer.corpus_view import squeeze
from assistant.answer.knowledge import Knowledge
from assistant.answer.phrasing import day, name
from assistant.answer.status import Clause, amended, meant_document, period_clause, repealed
from assistant.question.query import Query
from assistant.records import Document, Hit, Validity
from embeddings.segment import words

_VERDICT = {
    "in_force": "仍有效：",
    "extended": "仍有效（有效期已延长）：",
    "amended": "已经修改：",
    "expired": "已过期：",
    "not_yet": "还没生效（尚未施行）：",
    "repealed": "已废止：",
    "unknown": "文件没有写明有效期，是否仍有效须向发文机关核实：",
}
_CHANGE = re.compile(r"修改|修正|修订|改过|改前|新增|删去|改成|归不归|现在分|以前|原来的|新规")
_LEFT = re.compile(r"剩(?:下|余)?(?:几|多少)天|还有(?:几|多少)天")
_STATUS_WORDS = frozenset(
    [
        "有效",
        "有效期",
        "失效",
        "过期",
        "到期",
        "施行",
        "实施",
        "废止",
        "作废",
        "今天",
        "现在",
        "目前",
        "依据",
        "引用",
        "申请",
        "文件",
        "办法",
        "规定",
        "方案",
        "政策",
        "替代",
        "算数",
    ]
)


@dataclass(frozen=True, slots=True)
class Standing:
    verdict: str  # the words before the first clause
    clauses: tuple[Clause, ...]
    document: Document | None  # whose standing it is, when it is held
    certain: bool  # the question is surely about this rule
    wants_content: bool  # it asks for more than the standing


def standing(
    query: Query, question: str, hits: Sequence[Hit], as_of: str, known: Knowledge
) -> Standing | None:
    """None when the question does not ask whether a rule holds, or nothing states it."""
    wanted = asked(question)
    named = bool(query.titles or query.doc_numbers)
    if "validity" not in wanted:
        return None
    gone = repealed(query, as_of, known)
    if gone is not None:
        over = bool(gone.effective and gone.effective <= as_of)
        verdict = "已废止：" if over else f"{day(as_of)}仍有效，将自{day(gone.effective)}起废止："
        return Standing(verdict, gone.clauses, None, True, False)
    document = meant_document(query, hits, known)
    if document is None:
        return None
    best = next((h for h in hits if h.document.doc_id == document.doc_id), None)
    content = _wants_content(query, best)
    if best is not None and _CHANGE.search(question):
        changed = amended(best, best.measure.text, known)
        if changed is not None and changed.clauses:
            over = bool(changed.effective and changed.effective <= as_of)
            verdict = "已经修改：" if over else f"还没生效（自{day(changed.effective)}起施行）："
            return Standing(verdict, changed.clauses, None, named, True)
    if best is not None and content:
        own = known.validity(best.measure, document, as_of)
    else:
        own = _of_document(document, as_of, known)
    clause = period_clause(document, known)
    if clause is None:
        return None
    if best is not None and content and best.measure.expires:
        return None  # its own period stands in the measure itself
    verdict = _verdict(own, question, as_of)
    return Standing(
        verdict, (Clause(clause.hit, clause.start, clause.end, None),), document, named, content
    )


def _of_document(document: Document, as_of: str, known: Knowledge) -> Validity:
    measures = known.measures(document.doc_id)
    from assistant.validity import validity

    return validity(None, document, as_of, known.links) if measures else Validity("unknown", as_of)


def _verdict(validity: Validity, question: str, as_of: str) -> str:
    words_ = _VERDICT[validity.status]
    if validity.status == "in_force" and validity.expires and _LEFT.search(question):
        left = (date.fromisoformat(validity.expires) - date.fromisoformat(as_of)).days
        return f"仍有效，还剩{left}天："
    return words_


def _wants_content(query: Query, best: Hit | None) -> bool:
    """Whether words beyond the document's name and beyond validity lead into the measure."""
    if best is None:
        return False
    title = squeeze(name(best.document) + "".join(best.document.issuers))
    rest = [
        w
        for w in dict.fromkeys(words(query.text))
        if len(w) >= 2 and w not in _STATUS_WORDS and squeeze(w) not in title and not w[0].isdigit()
    ]
    text = squeeze(best.measure.text)
    official = dict(query.expansions)
    met = [w for w in rest if squeeze(w) in text or squeeze(official.get(w, "\0")) in text]
    return len(met) >= 2 or (bool(rest) and len(met) / len(rest) >= 0.5)
