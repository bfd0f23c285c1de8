"""A decision's item and the article that carries its wording today are one rule.

People ask for the rule; the article of the republished regulation is cited, and the item of the
amending decision named as another place of it.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.answer.asks import asked
from assistant.answer.evidence import ROOM, Pick, Ranked, filled, ranked
from assistant.answer.knowledge import Knowledge
from assistant.answer.select import Similarity
from assistant.answer.status import counterpart
from assistant.question.query import Query


def republished(
    query: Query,
    question: str,
    picks: tuple[Pick, ...],
    known: Knowledge,
    similarity: Similarity | None,
) -> tuple[Pick, ...]:
    """The picks, each item of a decision exchanged for the article it is in force as."""
    found: dict[str, Pick] = {}
    for pick in picks:
        current = _current(query, question, pick, known, similarity)
        found.setdefault(current.hit.measure.measure_id, current)
    return tuple(found.values())


def _current(
    query: Query, question: str, pick: Pick, known: Knowledge, similarity: Similarity | None
) -> Pick:
    if not any(r.type == "amends" for r in known.links.by(pick.hit.document.doc_id)):
        return pick
    said = pick.best.sentence.text
    hit = counterpart(pick.hit, said, known)
    if hit is None:
        return pick
    rows = ranked(query, question, [hit], similarity)
    if not rows:
        return pick
    row = rows[0]
    pairs = _pairs(said)
    same = max(row.ordered, key=lambda c: len(pairs & _pairs(c.sentence.text)))
    ordered = (same, *(c for c in row.ordered if c is not same))
    return replace(filled(Ranked(hit, pick.value, ordered), asked(question), ROOM))


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
