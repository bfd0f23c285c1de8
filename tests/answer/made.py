"""Made-up policies, and judgements of them set by hand: what the answer layer is tested on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.answer.claims import Claims
from assistant.knowledge import Knowledge
from assistant.passages import passages
from assistant.question.query import LabelRef, Query
from assistant.reading import Judged, Reading
from assistant.records import Document, Hit, Measure, ParsedDocument, Relation
from embeddings.reader import Judgement

TODAY = "2026-06-01"
THRESHOLDS = {
    "answers": 0.5,
    "topic": 0.5,
    "sentences": 0.4,
    "standing": 0.5,
    "standing_first": 0.4,
    "maybe_standing": 0.3,
    "supposed": 0.5,
    "yes": 0.5,
    "no": 0.5,
}
EXACT = {"label": 1.0, "named": 1.0}  # features of a measure found by document and label
_LABEL = re.compile(r"第[一二三四五六七八九十]+条")


@dataclass(frozen=True)
class Shelf:
    """The records of a few policies, as the catalogue gives them."""

    policies: tuple[ParsedDocument, ...]

    def documents(self) -> tuple[Document, ...]:
        return tuple(p.document for p in self.policies)

    def measures(self, doc_id: str | None = None) -> tuple[Measure, ...]:
        return tuple(
            m for p in self.policies for m in p.measures if doc_id in (None, p.document.doc_id)
        )

    def relations(self) -> tuple[tuple[str, Relation], ...]:
        return tuple((p.document.doc_id, r) for p in self.policies for r in p.document.relations)


def knowing(*policies: ParsedDocument) -> Knowledge:
    return Knowledge(Shelf(policies))


def clause(text: str, **more: Any) -> Measure:
    """A measure for :func:`policy`; its label is the 第…条 that the text begins with."""
    label = _LABEL.match(text)
    return Measure("", "", more.pop("label", label and label[0]), "", text, 1, 2, **more)


def policy(doc_id: str, title: str, *clauses: str | Measure, **more: Any) -> ParsedDocument:
    """A document; its measures are called ``doc_id#1``, ``doc_id#2`` …"""
    made = (clause(c) if isinstance(c, str) else c for c in clauses)
    measures = tuple(
        replace(m, measure_id=f"{doc_id}#{n}", doc_id=doc_id, order=n)
        for n, m in enumerate(made, start=1)
    )
    return ParsedDocument(Document(doc_id, title, f"{doc_id}.txt", 1, 99, **more), measures)


def hit(parsed: ParsedDocument, number: int, **more: Any) -> Hit:
    """The hit of a measure; numbers count from 1 as in its id."""
    return Hit(parsed.measures[number - 1], parsed.document, more.pop("score", 0.0), **more)


def judged(
    parsed: ParsedDocument,
    number: int,
    answers: float,
    *sentences: float,
    heading: float = 0.0,
    topic: float | None = None,
    standing: float = 0.0,
    yes: float = 0.0,
    no: float = 0.0,
    **more: Any,
) -> Judged:
    """A measure of one passage with what the reader made of it.

    Args:
        sentences: probability of each sentence behind the heading, or one for them all.
        heading: probability of the heading, if there is one.
        topic: as ``answers`` where not given.
        more: fields of the hit.
    """
    found = hit(parsed, number, **more)
    (passage,) = passages(found.document, found.measure)
    behind = [s for s in passage.sentences if s.part != "heading"]
    each = iter(sentences * len(behind) if len(sentences) == 1 else sentences)
    own = tuple(heading if s.part == "heading" else next(each) for s in passage.sentences)
    assert next(each, None) is None, "more probabilities than sentences"
    made = Judgement(answers, answers if topic is None else topic, standing, yes, no, own)
    return Judged(found, passage, made, share=answers**2)  # its root weighs the sentences


def reading(*every: Judged, standing: float = 0.0) -> Reading:
    """What was read, in the order given."""
    return Reading(
        judged=every,
        hits=tuple({j.hit.measure.measure_id: j.hit for j in every}.values()),
        stated=max((j.judgement.answers for j in every), default=0.0),
        held=max((j.judgement.topic for j in every), default=0.0),
        standing=standing,
    )


def question(text: str, **more: Any) -> Query:
    """An understood question, with only what a test gives it."""
    return Query(text=text, normalised=text, terms={}, **more)


def label(text: str, *path: int) -> LabelRef:
    return LabelRef(text, path, "article")


def quoted(claims: Claims) -> list[tuple[str, list[str]]]:
    """Measure and sentences of each quote."""
    return [(q.hit.measure.measure_id, [s.text for s in q.sentences]) for q in claims.quotes]


def distinct(length: int, start: int) -> str:
    """Characters of which none comes twice, for texts where only the length counts."""
    return "".join(chr(0x5000 + start + i) for i in range(length))


def quotes_are_verbatim(citations: Sequence[Any]) -> bool:
    """Whether citations count from 1 and each quotes its measure to the letter."""
    numbers = [c.n for c in citations]
    return numbers == list(range(1, len(citations) + 1)) and all(
        c.quote and c.quote in c.hit.measure.text for c in citations
    )
