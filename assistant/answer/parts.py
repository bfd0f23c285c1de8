"""A question with several parts: each part must find its answer in the document chosen.

「要不要先备案？多少天内？」 asks twice.  The chosen measures may answer one part only; then another
measure of the same document is added, when it answers the open part distinctly better.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer.asks import asked
from assistant.answer.evidence import Pick
from assistant.answer.knowledge import Knowledge
from assistant.answer.select import Similarity, analysed
from assistant.answer.within import search
from assistant.question import understand
from assistant.question.query import Query
from assistant.records import Hit

_PART = re.compile(r"[^？?]+[？?]?")
_CLAUSE = re.compile(r"[^，,。；;]+")
_LONGEST_CONTEXT = 40
_BETTER = 1.5  # log odds by which the other measure must answer the part better
_MOST = 3
_ROOM = 300  # characters of one measure when several parts are answered by it


def split(question: str) -> list[str]:
    """The parts of the question, each with the subject of the first one where it is short."""
    found = [p.strip() for p in _PART.findall(question) if len(p.strip()) >= 4]
    if len(found) < 2:
        return []
    subject = _CLAUSE.findall(found[0])[0][:_LONGEST_CONTEXT]
    return [found[0], *(p if len(p) >= 24 else f"{subject}，{p}" for p in found[1:])][:_MOST]


def answered(
    query: Query,
    question: str,
    picks: tuple[Pick, ...],
    known: Knowledge,
    similarity: Similarity | None,
    hits: Sequence[Hit],
) -> tuple[Pick, ...]:
    """The picks, with what the open parts of the question need."""
    parts = split(question)
    if not picks or not parts or query.sides:
        return picks
    document = picks[0].hit.document
    found = list(picks)
    for part in parts:
        if not asked(part):
            continue
        own = understand(part, district=query.district, as_of=query.as_of)
        inside = search(own, part, document, known, similarity, hits, _with(found))
        if not inside:
            continue
        taken = {p.hit.measure.measure_id: p for p in found}
        best = inside[0]
        if best.hit.measure.measure_id in taken:
            at = found.index(taken[best.hit.measure.measure_id])
            found[at] = _joined(found[at], best)
            continue
        rival = max(
            (p.value for p in inside if p.hit.measure.measure_id in taken), default=float("-inf")
        )
        if best.value - rival >= _BETTER:
            found.append(best)
    if len(found) > len(picks) and len(picks) > 1:
        found = [p for p in found if p.hit.document.doc_id == document.doc_id]
    return tuple(found[:_MOST])


def _joined(own: Pick, part: Pick) -> Pick:
    """The pick with the sentence that answers the part, when there is room for it."""
    have = {s.index for s in own.sentences}
    every = analysed(own.hit.measure).sentences
    wanted = part.best.sentence
    new = [wanted] if wanted.lead is None else [every[wanted.lead], wanted]
    new = [s for s in new if s.index not in have]
    if not new or len(own.text) + sum(len(s.text) for s in new) > _ROOM:
        return own
    return replace(own, sentences=tuple(sorted((*own.sentences, *new), key=lambda s: s.index)))


def _with(picks: Sequence[Pick]) -> tuple[Hit, ...]:
    return tuple(p.hit for p in picks)
