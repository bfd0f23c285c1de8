"""Look inside one document for what the hits leave open: the penalty article, the time limit.

Policies state a duty in one article and its consequence in another; the retriever finds the one
that the question's words point to.  Once the document is certain, the other is found by reading it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer.asks import Ask, asked, stated
from assistant.answer.evidence import HARD, ROOM_SECOND, Pick, filled, ranked
from assistant.answer.knowledge import Knowledge
from assistant.answer.select import Similarity, analysed
from assistant.answer.status import is_closing
from assistant.question.query import Query
from assistant.records import Document, Hit

_BEHIND = 4.0  # score of a measure that the retriever did not bring, below the last hit's
_READ = 8
_ASKED_KIND = 0.5  # a measure that states a kind of fact asked for is read before others
_FAR = 4.0  # a measure read this way may be this much less likely than the first pick
_LASTS = re.compile(r"[\d一二三四五六七八九十]\s*(?:个?工作日|日|天|个月|个?小时|分钟|年)")
_PENALTY = re.compile(r"罚款|处罚|责令|吊销|处以|警告")


def search(
    query: Query,
    question: str,
    document: Document,
    known: Knowledge,
    similarity: Similarity | None,
    hits: Sequence[Hit] = (),
    also: Sequence[Hit] = (),
) -> tuple[Pick, ...]:
    """The document's measures for this question, best first (at most :data:`_READ`).

    Args:
        hits: what the retriever brought; measures beyond it start behind the last of them.
        also: hits that are read in any case; with them all measures start level, so that
            only their sentences count.
    """
    brought = {} if also else {h.measure.measure_id: h for h in hits}
    level = {h.measure.measure_id: replace(h, score=0.0) for h in also}
    lowest = 0.0 if also else min((h.score for h in hits), default=0.0) - _BEHIND
    terms = query.terms
    need = asked(question) & HARD
    rows = []
    for measure in known.measures(document.doc_id):
        if measure.label is None or is_closing(measure):
            continue
        read_ = analysed(measure)
        weight = sum(w for t, w in terms.items() if t in read_.whole)
        weight *= 1.0 + _ASKED_KIND * len(need & frozenset().union(*read_.kinds))
        rows.append((weight, measure))
    rows.sort(key=lambda row: -row[0])
    read = [
        brought.get(m.measure_id) or Hit(m, document, lowest)
        for _, m in rows[:_READ]
        if m.measure_id not in level
    ]
    read = [*level.values(), *read][:_READ]
    wanted = asked(question)
    return tuple(
        filled(row, wanted, ROOM_SECOND) for row in ranked(query, question, read, similarity)
    )


def completed(
    query: Query,
    question: str,
    picks: tuple[Pick, ...],
    known: Knowledge,
    similarity: Similarity | None,
    hits: Sequence[Hit],
) -> tuple[Pick, ...]:
    """The picks with a further measure of the same document that states what they leave open."""
    if not picks or len(query.sides) > 1:
        return picks
    wanted = asked(question)
    if "penalty" in wanted and not _PENALTY.search(picks[0].text):
        penalty = _penalty(picks[0], query, question, known, similarity)
        if penalty is not None:
            return (picks[0], penalty)
    said = "".join(p.text for p in picks)
    left: frozenset[Ask] = (wanted & HARD & {"duration", "date", "penalty"}) - stated(said)
    if "duration" in wanted and not _LASTS.search(said):
        left |= {"duration"}
    if not left or "validity" in wanted:
        return picks
    taken = {p.hit.measure.measure_id for p in picks}
    own = [p.hit for p in picks if p.hit.document.doc_id == picks[0].hit.document.doc_id]
    level = search(query, question, picks[0].hit.document, known, similarity, hits, own)
    first = next((p.value for p in level if p.hit.measure.measure_id in taken), 0.0)
    for other in level:
        if other.hit.measure.measure_id in taken:
            continue
        if left & stated(_strict(other, left)) and other.value >= first - _FAR:
            return (picks[0], other)
    return picks


def _strict(other: Pick, left: frozenset[Ask]) -> str:
    text = other.best.sentence.text
    return text if "duration" not in left or _LASTS.search(text) else ""


def _penalty(
    first: Pick, query: Query, question: str, known: Knowledge, similarity: Similarity | None
) -> Pick | None:
    """The clause that punishes a breach of the chosen article (违反本办法第十七条规定…)."""
    label = first.hit.measure.label or ""
    if not re.fullmatch(r"第[一二三四五六七八九十百零]+条", label):
        return None
    document = first.hit.document
    for measure in known.measures(document.doc_id):
        if measure.label == label or label not in measure.text or not _PENALTY.search(measure.text):
            continue
        rows = ranked(query, question, [Hit(measure, document, first.hit.score)], similarity)
        if not rows:
            continue
        row = rows[0]
        named = [c for c in row.ordered if label in c.sentence.text and c.sentence.part != "depts"]
        if named:
            ordered = (named[0], *(c for c in row.ordered if c is not named[0]))
            row = type(row)(row.hit, row.value, ordered)
            return filled(row, frozenset({"penalty"}), 60)
    return None
