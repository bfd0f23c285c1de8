"""Where the corpus says whether a rule holds: closing clauses, titles, repeals, amendments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.corpus.dates import chinese_date
from assistant.corpus.links import key
from assistant.knowledge import Knowledge
from assistant.question.query import Query
from assistant.records import Document, Hit, Measure, Relation, Validity

_LONGEST_CLAUSE = 160
_CALLED = 0.8  # of the retriever's ``named``: title but for what people leave out
_PERIOD = re.compile(
    r"(?<![^。；\n])[^。；\n]*?(?:起施行|起实施|起执行|有效期|施行之日|印发之日)[^。\n]*。?"
)
_OWN_PERIOD = re.compile(
    r"本[^，。；]{1,16}?(?:自|从|于|有效期)|^\s*自[^，。]{1,20}起[^，。]{0,6}(?:施行|实施|执行)"
)
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


def period_clause(document: Document, known: Knowledge) -> Clause | None:
    """Where the document states from when until when it holds; else its title with the years.

    The closing article (本办法自…起施行) is preferred to the line under the title that repeats it.
    """
    measures = known.measures(document.doc_id)
    if document.effective_from or document.expires:
        for measure in reversed(measures):
            for match in _PERIOD.finditer(measure.text):
                if _OWN_PERIOD.search(match[0]) and _dates_of(document, match[0]):
                    return _clause(measure, document, *match.span())
    wanted = key(document.validity_quote)
    for measure in reversed(measures):
        if wanted and wanted in key(measure.text):
            place = measure.text.find(document.validity_quote or "")
            if place >= 0:
                return _clause(measure, document, place, place + len(document.validity_quote or ""))
            match_ = _last(_PERIOD, measure.text)
            if match_:
                return _clause(measure, document, *match_.span())
    return title_clause(document, measures) if document.plan_end else None


def is_closing(measure: Measure) -> bool:
    """Whether the measure only says from when until when the document holds."""
    return len(measure.text) <= _LONGEST_CLAUSE and bool(_OWN_PERIOD.search(measure.text))


def naming_clause(document: Document, known: Knowledge) -> Clause | None:
    """Where the document gives its name, for one that says nothing on its period."""
    measures = known.measures(document.doc_id)
    found = title_clause(document, measures)
    if found is not None:
        return found
    wanted = key(document.title)
    for measure in measures:
        for line in re.finditer(r"[^\n]+", measure.text):
            if wanted in key(line[0]):
                return _clause(measure, document, *line.span())
    return None


def is_meant(query: Query, document: Document, hits: Sequence[Hit], known: Knowledge) -> bool:
    """Whether the question names the document: by number, title, or what people call it."""
    number = key(document.doc_number)
    if number and any(key(n) == number for n in query.doc_numbers):
        return True
    if any(document in known.called(title) for title in query.titles):
        return True
    return any(
        h.document.doc_id == document.doc_id and h.features.get("named", 0.0) >= _CALLED
        for h in hits
    )


def _dates_of(document: Document, clause: str) -> bool:
    """Whether the clause gives the document's own dates (or gives none: 自公布之日起)."""
    years = set(re.findall(r"(?:19|20)\d\d", clause))
    own = {d[:4] for d in (document.effective_from, document.expires) if d}
    return not years or bool(years & own)


def title_clause(document: Document, measures: Sequence[Measure]) -> Clause | None:
    """Where the text of the document gives its own title (the years of a plan stand there)."""
    for measure in measures:
        place = measure.text.find(document.title)
        if place >= 0:
            return _clause(measure, document, place, place + len(document.title))
    return None


def _line_start(text: str, place: int) -> int:
    """The begin of the paragraph: 本办法自…起施行 stands before 第…号令同时废止."""
    start = text.rfind("\n", 0, place) + 1
    return start if place - start <= 80 else place


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


def repealed(query: Query, as_of: str, known: Knowledge) -> Ended | None:
    """The repeal that the question is about: its rule named by title or number of the order."""
    asked = key(query.text)
    numbers = {int(n) for n in _ORDER.findall(query.text)}
    documents = {d.doc_id: d for d in known.documents}
    best: tuple[float, str, Relation] | None = None
    held = {key(d.doc_number) for d in documents.values() if d.doc_number}
    titles = {key(d.title) for d in documents.values()}
    meant = any(key(number) in held for number in query.doc_numbers)
    for doc_id, relation in known.relations:
        if relation.type != "repeals":
            continue
        title = key(relation.target_title)
        if title in titles and not _dated(relation, query, numbers):
            continue  # the rule of the same name that is in force is meant
        if meant and not (title and title.removeprefix("上海市") in asked):
            continue  # 令第12号 of another year is another rule
        weight = _names(relation, asked, numbers)
        if weight and (best is None or weight > best[0]):
            best = (weight, doc_id, relation)
    if best is None:
        return None
    _, doc_id, relation = best
    document = documents[doc_id]
    effective = relation.effective or document.effective_from or document.issued
    clauses = _repeal_clauses(relation, document, effective, as_of, known)
    title = relation.target_title or relation.target_number or ""
    return Ended(title, document, relation, effective, clauses) if clauses else None


def _dated(relation: Relation, query: Query, numbers: set[int]) -> bool:
    """Whether the question tells the repealed rule from its successor: by number or year."""
    year = re.search(r"(?:19|20)\d\d", relation.quote.rpartition("施行")[2] or relation.quote)
    return bool(numbers) or bool(year and int(year[0]) in query.years)


def _names(relation: Relation, asked: str, numbers: set[int]) -> float:
    """How surely the question means the target of the relation (0: not)."""
    title = key(relation.target_title)
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
    relation: Relation, document: Document, effective: str | None, as_of: str, known: Knowledge
) -> tuple[Clause, ...]:
    measures = known.measures(document.doc_id)
    gone = bool(effective and effective <= as_of)
    validity = Validity(
        status="repealed" if gone else "in_force",
        as_of=as_of,
        expires=effective,
        basis=f"自{chinese_date(effective)}起废止" if effective else "已列入废止",
    )
    wanted = key(relation.quote)
    listing = None
    for measure in measures:
        text = key(measure.text)
        if wanted and wanted in text and (listing is None or len(text) < len(listing.text)):
            listing = measure
    if listing is None:
        return ()
    place = listing.text.find(relation.quote)
    span = (place, place + len(relation.quote)) if place >= 0 else (0, len(listing.text))
    span = (_line_start(listing.text, span[0]), span[1])
    found = [_clause(listing, document, *span, validity)]
    dated = period_clause(document, known)
    if dated and dated.hit.measure.measure_id != listing.measure_id:
        found.append(Clause(dated.hit, dated.start, dated.end, validity))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Changed:
    """An amendment of the rule that answers: by which document, from when."""

    by: Document
    effective: str | None
    clauses: tuple[Clause, ...]


def amended(hit: Hit, sentence: str, known: Knowledge) -> Changed | None:
    """The amendment behind a clause, from either side: republished text or amending decision."""
    documents = {d.doc_id: d for d in known.documents}
    own = hit.document.doc_id
    relations = [(i, r) for i, r in known.relations if r.type == "amends"]
    if any(i == own for i, _ in relations):
        clause = period_clause(hit.document, known)
        effective = hit.document.effective_from
        return Changed(hit.document, effective, (clause,) if clause is not None else ())
    best: tuple[float, Measure, Document, str | None] | None = None
    grams = _grams(sentence)
    for doc_id in dict.fromkeys(i for i, r in relations if r.target_doc_id == own):
        document = documents[doc_id]
        for measure in known.measures(doc_id):
            if measure.label is None:
                continue
            overlap = len(grams & _grams(measure.text)) / max(1, len(grams))
            if overlap >= 0.5 and (best is None or overlap > best[0]):
                best = (overlap, measure, document, document.effective_from)
    if best is None:
        return None
    _, measure, document, effective = best
    found = [_clause(measure, document, *_shared_span(measure.text, grams))]
    dated = period_clause(document, known)
    if dated and dated.hit.measure.measure_id != measure.measure_id:
        found.append(dated)
    return Changed(document, effective, tuple(found))


def _shared_span(text: str, grams: set[str]) -> tuple[int, int]:
    """The paragraph of the decision that carries the new wording, its instruction first."""
    first = text.find("\n")
    if first < 0 or len(text) <= _LONGEST_CLAUSE:
        return 0, min(len(text), _LONGEST_CLAUSE) if first < 0 else len(text)
    return 0, first


def _grams(text: str, n: int = 6) -> set[str]:
    text = key(text)
    return {text[i : i + n] for i in range(max(1, len(text) - n + 1))}


def meant_document(query: Query, hits: Sequence[Hit], known: Knowledge) -> Document | None:
    """The document whose validity is asked: named by number or title, else the best hit's."""
    documents = known.documents
    for number in query.doc_numbers:
        for document in documents:
            if document.doc_number and key(document.doc_number) == key(number):
                return document
    near = [hit.document.doc_id for hit in hits]
    for title in query.titles:
        found = known.called(title)
        if found:
            ranked = sorted(found, key=lambda d: near.index(d.doc_id) if d.doc_id in near else 99)
            return ranked[0]
    called = next((h.document for h in hits if h.features.get("named", 0.0) > 0), None)
    return called or (hits[0].document if hits else None)
