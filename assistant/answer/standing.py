"""The claim whether a rule holds on the day, with the clauses that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.grounds import (
    Clause,
    amended,
    is_meant,
    meant_document,
    naming_clause,
    period_clause,
    repealed,
)
from assistant.knowledge import Knowledge
from assistant.question.query import Query
from assistant.reading import Judged, Reading
from assistant.records import Document, Validity


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether ``document`` (or the measure that was asked about) holds.

    Attributes:
        validity: the verdict, with dates.
        clauses: what states it; empty verdict words go before each where there are several.
        document: whose standing it is; None when only a rule that is not held was repealed.
        by_title: no clause states a period, the document is only named (years of a plan).
    """

    validity: Validity
    clauses: tuple[Clause, ...]
    document: Document | None
    by_title: bool = False


def standings(
    query: Query, reading: Reading, as_of: str, known: Knowledge, content: Judged | None
) -> tuple[Standing, ...]:
    """One standing a document that the question asks about; none where nothing states it.

    Args:
        content: the passage whose rule is meant, when the question leads into one.
    """
    gone = repealed(query, as_of, known)
    if gone is not None and gone.clauses[0].validity is not None:
        return (Standing(gone.clauses[0].validity, gone.clauses, None),)
    if len(query.sides) > 1:
        wanted = list(dict.fromkeys(h.document.doc_id for h in reading.hits))[: len(query.sides)]
        found = (of_document(known.document(d), None, as_of, known) for d in wanted)
        return tuple(s for s in found if s is not None)
    document = meant_document(query, reading.hits, known)
    if document is None:
        return ()
    named = is_meant(query, document, reading.hits, known)
    if content is not None and not named:
        document = content.hit.document
    if content is not None and content.hit.document.doc_id != document.doc_id:
        content = None
    found_ = of_document(document, content, as_of, known)
    return (found_,) if found_ is not None else ()


def not_yet(judged: Judged, as_of: str, known: Knowledge) -> Standing | None:
    """The standing of a rule that has not begun, told unasked."""
    hit = judged.hit
    if known.validity(hit.measure, hit.document, as_of).status != "not_yet":
        return None
    return of_document(hit.document, judged, as_of, known)


def of_document(
    document: Document, content: Judged | None, as_of: str, known: Knowledge
) -> Standing | None:
    """The standing of a document, or of the measure in it that is meant."""
    measure = content.hit.measure if content else None
    own = known.validity(measure, document, as_of)
    if content is not None and own.status in ("amended", "not_yet"):
        changed = amended(content.hit, content.best.text, known)
        if changed is not None and changed.clauses:
            return Standing(own, changed.clauses, document)
    clause = period_clause(document, known)
    if clause is not None:
        titled = document.plan_end is not None and document.title in clause.text
        return Standing(own, (clause,), document, by_title=titled)
    clause = naming_clause(document, known)
    return Standing(own, (clause,), document, by_title=True) if clause else None


def cited(standings: Sequence[Standing]) -> set[str]:
    """Ids of the measures that the standings quote."""
    return {c.hit.measure.measure_id for s in standings for c in s.clauses}
