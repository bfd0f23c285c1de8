"""Answers to whether a rule holds: the document's own clause, repeal lists, amendments.

The retriever finds what a rule says; that a rule holds stands elsewhere: in the closing clause of
its document, in the title's years, or in another document.  Both are looked up here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.corpus_view import CorpusView, named_documents, squeeze
from assistant.answer.phrasing import day
from assistant.question.query import Query
from assistant.records import Document, Hit, Measure, Relation, Validity

_PERIOD = re.compile(r"[^。；\n]*(?:起施行|起实施|起执行|有效期|施行之日|印发之日)[^。\n]*。?")
_ORDER = re.compile(r"第\s*(\d{1,3})\s*号")


@dataclass(frozen=True, slots=True)
class Clause:
    """A span of a measure that states a period, a repeal or an amendment."""

    hit: Hit
    start: int
    end: int
    validity: Validity | None = None  # of the rule asked about, when it is not the cited one

    @property
    def text(self) -> str:
        return self.hit.measure.text[self.start : self.end]


def period_clause(document: Document, corpus: CorpusView) -> Clause | None:
    """Where the document states from when until when it holds; else its title with the years."""
    measures = corpus.measures(document.doc_id)
    quote = document.validity_quote
    if quote:
        for measure in measures:
            place = measure.text.find(quote)
            if place >= 0:
                return _clause(measure, document, place, place + len(quote))
        wanted = squeeze(quote)
        for measure in reversed(measures):
            if wanted and wanted in squeeze(measure.text):
                match = _last(_PERIOD, measure.text)
                if match:
                    return _clause(measure, document, *match.span())
    if document.effective_from or document.expires:
        for measure in reversed(measures):
            match = _last(_PERIOD, measure.text)
            if match and not measure.path:
                return _clause(measure, document, *match.span())
    return title_clause(document, measures) if document.plan_end else None


def title_clause(document: Document, measures: Sequence[Measure]) -> Clause | None:
    """Where the text of the document gives its own title (the years of a plan stand there)."""
    for measure in measures:
        place = measure.text.find(document.title)
        if place >= 0:
            return _clause(measure, document, place, place + len(document.title))
    return None


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text):
        found = match
    return found


def _clause(
    measure: Measure, document: Document, start: int, end: int, validity: Validity | None = None
) -> Clause:
    while start < end and measure.text[start].isspace():
        start += 1
    return Clause(Hit(measure, document, 0.0), start, end, validity)


@dataclass(frozen=True, slots=True)
class Ended:
    """A rule that another document of the corpus repeals."""

    title: str
    by: Document
    relation: Relation
    effective: str | None
    clauses: tuple[Clause, ...]  # the listing, then the clause that dates it


def repealed(query: Query, as_of: str, corpus: CorpusView) -> Ended | None:
    """The repeal that the question is about: its rule named by title or number of the order."""
    asked = squeeze(query.text)
    numbers = {int(n) for n in _ORDER.findall(query.text)}
    documents = {d.doc_id: d for d in corpus.documents()}
    best: tuple[float, str, Relation] | None = None
    for doc_id, relation in corpus.relations():
        if relation.type != "repeals":
            continue
        weight = _names(relation, asked, numbers)
        if weight and (best is None or weight > best[0]):
            best = (weight, doc_id, relation)
    if best is None:
        return None
    _, doc_id, relation = best
    document = documents[doc_id]
    effective = relation.effective or document.effective_from or document.issued
    clauses = _repeal_clauses(relation, document, effective, as_of, corpus)
    title = relation.target_title or relation.target_number or ""
    return Ended(title, document, relation, effective, clauses) if clauses else None


def _names(relation: Relation, asked: str, numbers: set[int]) -> float:
    """How surely the question means the target of the relation (0: not)."""
    title = squeeze(relation.target_title)
    target = {int(n) for n in _ORDER.findall(relation.target_number or "")}
    target |= {int(n) for n in _ORDER.findall(relation.quote)} if not target else set()
    named = len(title) >= 6 and (title in asked or title.removeprefix("上海市") in asked)
    if numbers and target:
        if numbers & target:
            return 2.0 + named
        return 0.0
    if named and relation.target_doc_id is None:
        return 1.0 + len(title) / 100
    return 0.0


def _repeal_clauses(
    relation: Relation, document: Document, effective: str | None, as_of: str, corpus: CorpusView
) -> tuple[Clause, ...]:
    measures = corpus.measures(document.doc_id)
    gone = bool(effective and effective <= as_of)
    validity = Validity(
        status="repealed" if gone else "in_force",
        as_of=as_of,
        expires=effective,
        basis=f"自{day(effective)}起废止" if effective else "已列入废止",
    )
    wanted = squeeze(relation.quote)
    title = squeeze(relation.target_title)
    listing = None
    for measure in measures:
        text = squeeze(measure.text)
        if wanted and (wanted in text or (title and title in text and text in wanted)):
            if listing is None or len(measure.text) < len(listing.text):
                listing = measure
    if listing is None:
        return ()
    place = listing.text.find(relation.quote)
    span = (place, place + len(relation.quote)) if place >= 0 else (0, len(listing.text))
    found = [_clause(listing, document, *span, validity)]
    dated = period_clause(document, corpus)
    if dated and dated.hit.measure.measure_id != listing.measure_id:
        found.append(Clause(dated.hit, dated.start, dated.end, validity))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Changed:
    """An amendment of the rule that answers: by which document, from when."""

    by: Document
    effective: str | None
    clauses: tuple[Clause, ...]


def amended(hit: Hit, sentence: str, corpus: CorpusView) -> Changed | None:
    """The amendment behind a clause that was republished with its new wording, if one is held."""
    relations = corpus.relations()
    documents = {d.doc_id: d for d in corpus.documents()}
    own = hit.document.doc_id
    sources = [(i, r) for i, r in relations if r.type == "amends" and r.target_doc_id == own]
    if any(i == own and r.type == "amends" for i, r in relations):
        clause = period_clause(hit.document, corpus)
        return Changed(
            hit.document, hit.document.effective_from, (clause,) if clause is not None else ()
        )
    best: tuple[float, Measure, Document, str | None] | None = None
    grams = _grams(sentence)
    for doc_id, relation in sources:
        document = documents[doc_id]
        for measure in corpus.measures(doc_id):
            overlap = len(grams & _grams(measure.text)) / max(1, len(grams))
            if overlap >= 0.5 and (best is None or overlap > best[0]):
                effective = relation.effective or document.effective_from
                best = (overlap, measure, document, effective)
    if best is None:
        return None
    _, measure, document, effective = best
    found = [_clause(measure, document, 0, len(measure.text))]
    dated = period_clause(document, corpus)
    if dated and dated.hit.measure.measure_id != measure.measure_id:
        found.append(dated)
    return Changed(document, effective, tuple(found))


def _grams(text: str, n: int = 6) -> set[str]:
    text = squeeze(text)
    return {text[i : i + n] for i in range(max(1, len(text) - n + 1))}


def meant_document(query: Query, hits: Sequence[Hit], corpus: CorpusView) -> Document | None:
    """The document whose validity is asked: named by number or title, else the best hit's."""
    documents = corpus.documents()
    for number in query.doc_numbers:
        for document in documents:
            if document.doc_number and squeeze(document.doc_number) == squeeze(number):
                return document
    near = [hit.document.doc_id for hit in hits]
    for title in query.titles:
        found = named_documents(title, documents)
        if found:
            ranked = sorted(found, key=lambda d: near.index(d.doc_id) if d.doc_id in near else 99)
            return ranked[0]
    return hits[0].document if hits else None
