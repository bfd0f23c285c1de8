"""The part of an answer that says whether the rule asked about holds on the day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answer.asks import Ask, asked
from assistant.answer.corpus_view import squeeze
from assistant.answer.evidence import Pick
from assistant.answer.knowledge import Knowledge
from assistant.answer.phrasing import day, name
from assistant.answer.status import (
    Clause,
    amended,
    announcement,
    is_meant,
    meant_document,
    naming_clause,
    period_clause,
    repealed,
)
from assistant.question.query import Query
from assistant.records import Document, Hit, Validity
from assistant.validity import validity
from embeddings.segment import words

_VERDICT = {
    "in_force": "仍有效：",
    "extended": "仍有效（有效期已延长）：",
    "amended": "仍有效，经过修改：",
    "expired": "已过期：",
    "not_yet": "还没生效（尚未施行）：",
    "repealed": "已废止：",
    "unknown": "文件没有写明有效期，是否仍有效须向发文机关核实：",
}
_LEFT = re.compile(r"剩(?:下|余)?(?:几|多少)天|还有(?:几|多少)天")
_OF_WHOLE = re.compile(
    r"(?:办法|方案|文件|政策|规定|意见|措施|要点|计划|规划|它)[^，。？]{0,6}"
    r"(?:还|现在|今年|明年|目前|有效|管用|失效|过期|作废)"
)
_UNTIL = re.compile(r"到(?:期|哪|几|何|什么)|哪一?天|什么时候|有效期|截止|多久|何时|几时")
_ISSUED = re.compile(r"公布|发布|印发|出台|颁布")
_EACH = re.compile(r"各自|分别|两(?:份|个)文件|哪(?:一)?[个份]先")
_CHANGE = re.compile(
    r"修改|修正|修订|改过|改了|改的|变化|改前|新增|删去|改成|归不归|现在分|以前|原来的|新规"
)
_WHICH_DOCUMENT = re.compile(
    r"哪一?[份个部](?:文件|政策|办法|规定)(?!更|先)|什么文件|出自|出处|文号|依据是?(?:什么|哪)"
)
_SURELY_ABOUT = 6.0  # log odds of a sentence that speaks of the matter asked
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
        "同事",
        "生效",
        "能按",
        "哪天",
        "什么",
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
    query: Query,
    question: str,
    picks: Sequence[Pick],
    hits: Sequence[Hit],
    as_of: str,
    known: Knowledge,
) -> Standing | None:
    """None when the question does not ask whether a rule holds, or nothing states it.

    Args:
        picks: the measures that answer what the question asks beside the standing.
    """
    source = len(query.sides) < 2 and bool(_WHICH_DOCUMENT.search(question))
    if "validity" not in asked(question):
        return _unasked(picks, as_of, known) or (_source(picks) if source else None)
    found = _asked_for(query, question, picks, hits, as_of, known)
    if found is None or found.document is None or not source:
        return found
    return replace(found, verdict=f"出自{name(found.document)}。{found.verdict}")


def _source(picks: Sequence[Pick]) -> Standing | None:
    """「这是哪份文件说的」: the answering sentence under its document's name."""
    if not picks:
        return None
    first = picks[0]
    sentence = first.best.sentence
    clause = Clause(first.hit, sentence.start, sentence.end)
    return Standing(f"出自{name(first.hit.document)}：", (clause,), first.hit.document, False, True)


def _asked_for(
    query: Query,
    question: str,
    picks: Sequence[Pick],
    hits: Sequence[Hit],
    as_of: str,
    known: Knowledge,
) -> Standing | None:
    """The standing that is asked for: of a repealed rule, of several documents, of one."""
    gone = repealed(query, as_of, known)
    if gone is not None:
        over = bool(gone.effective and gone.effective <= as_of)
        verdict = "已废止：" if over else f"{day(as_of)}仍有效，自{day(gone.effective)}起废止："
        return Standing(verdict, gone.clauses, None, True, False)
    if _EACH.search(question):
        both = _each(query, hits, as_of, known)
        if both is not None:
            return both
    document = meant_document(query, hits, known)
    if document is None:
        return None
    named = is_meant(query, document, hits)
    if picks and not named and _wants_content(query, picks[0]):
        document = picks[0].hit.document
    chosen = next((p for p in picks if p.hit.document.doc_id == document.doc_id), None)
    content = chosen is not None and _wants_content(query, chosen)
    if chosen is not None:
        own = known.validity(chosen.hit.measure, document, as_of)
        changed = _changed(chosen, own, question, as_of, known)
        if changed is not None:
            return changed
        if content and chosen.hit.measure.expires:
            return None  # its own period stands in the measure itself
    if chosen is None or not content:
        own = validity(None, document, as_of, known.links)
    clause = period_clause(document, known)
    if clause is None and (named or not content or _OF_WHOLE.search(question)):
        clause = naming_clause(document, known)
    if clause is None:
        return None
    verdict = _verdict(own, clause, question, as_of)
    if squeeze(document.title) in squeeze(clause.text):  # no clause on the period is held
        said = own.basis.removeprefix("按规划期：").rstrip("。") + "："
        verdict = said if own.status == "unknown" else verdict + said
    clauses: tuple[Clause, ...] = (clause,)
    if own.status == "not_yet" and _ISSUED.search(question):
        clauses = (clause, *_announced(clause, document, known))
    return Standing(verdict, clauses, document, named, content)


def _announced(clause: Clause, document: Document, known: Knowledge) -> tuple[Clause, ...]:
    """The line under the title that gives the day of issue with that of coming into force."""
    line = announcement(document, known)
    same = line is not None and line.hit.measure.measure_id == clause.hit.measure.measure_id
    return () if line is None or same else (line,)


def _each(query: Query, hits: Sequence[Hit], as_of: str, known: Knowledge) -> Standing | None:
    """「各自的有效期」: the closing clauses of the first two documents found."""
    found: dict[str, Clause] = {}
    documents = {h.document.doc_id: h.document for h in hits if not h.elsewhere}
    for document in list(documents.values())[:2]:
        clause = period_clause(document, known)
        if clause is not None:
            found[document.doc_id] = clause
    if len(found) < 2:
        return None
    return Standing("", tuple(found.values()), None, False, False)


def _unasked(picks: Sequence[Pick], as_of: str, known: Knowledge) -> Standing | None:
    """A rule that is not yet in force is told so with the clause that dates it."""
    if not picks:
        return None
    hit = picks[0].hit
    own = known.validity(hit.measure, hit.document, as_of)
    if own.status != "not_yet":
        return None
    changed = _changed(picks[0], own, "", as_of, known)
    if changed is not None:
        return changed
    clause = period_clause(hit.document, known)
    if clause is None:
        return None
    return Standing(_VERDICT["not_yet"], (clause,), hit.document, False, True)


def _changed(
    chosen: Pick, own: Validity, question: str, as_of: str, known: Knowledge
) -> Standing | None:
    """The amendment of the chosen clause, when its standing or the question turns on one."""
    turns = own.status == "amended" or (own.status == "not_yet" and "修改" in own.basis)
    if not (turns or _CHANGE.search(question)):
        return None
    changed = amended(chosen.hit, chosen.best.sentence.text, known)
    if changed is None or not changed.clauses:
        return None
    over = bool(changed.effective and changed.effective <= as_of)
    verdict = "已经修改：" if over else f"还没生效（自{day(changed.effective)}起施行）："
    return Standing(verdict, changed.clauses, chosen.hit.document, False, True)


def _verdict(own: Validity, clause: Clause, question: str, as_of: str) -> str:
    if own.status == "in_force" and own.expires and _LEFT.search(question):
        left = (date.fromisoformat(own.expires) - date.fromisoformat(as_of)).days
        return f"仍有效，还剩{left}天："
    verdict = _VERDICT[own.status]
    if own.expires and _UNTIL.search(question) and not _states(clause, own.expires):
        verdict = verdict.removesuffix("：") + f"，有效期至{day(own.expires)}："
    return verdict


def _states(clause: Clause, iso: str) -> bool:
    """Whether the clause itself gives the day (有效期五年 does not)."""
    return squeeze(day(iso)) in squeeze(clause.text)


def _wants_content(query: Query, chosen: Pick) -> bool:
    """Whether words beyond the document's name and beyond validity lead into the measure."""
    title = squeeze(name(chosen.hit.document) + "".join(chosen.hit.document.issuers))
    rest = [
        w
        for w in dict.fromkeys(words(query.text))
        if len(w) >= 2 and not w[0].isdigit() and w not in _STATUS_WORDS and squeeze(w) not in title
    ]
    text = squeeze(chosen.hit.measure.heading + chosen.text)
    official = dict(query.expansions)
    met = [w for w in rest if squeeze(w) in text or squeeze(official.get(w, "\0")) in text]
    if len(met) >= 2 or (bool(rest) and len(met) / len(rest) >= 0.4):
        return True
    return bool(rest) and chosen.value >= _SURELY_ABOUT


_CONTENT: frozenset[Ask] = frozenset({"amount", "ratio", "penalty", "duration", "who"})
_CLAUSE = re.compile(r"[^，。？！；,?!;]+[，。？！；,?!;]*")


def content_part(question: str) -> str:
    """The question without the clauses that only ask whether the rule holds."""
    clauses = _CLAUSE.findall(question)
    kept = [c for c in clauses if "validity" not in asked(c) or asked(c) & _CONTENT]
    text = "".join(kept)
    return text if len(text) >= 8 else question
