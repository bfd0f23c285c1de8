"""Candidates for a question, and what speaks for each of them.

Names (文号, title, label) → scope (own district and city) → the best rows of the lexical index and
the rows of the nearest vectors → a table of features for the ranker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.corpus.areas import areas, touch
from assistant.question import LabelRef, Query
from assistant.records import Document
from assistant.retrieval import features
from assistant.retrieval.names import Named, Names, best_match, label_refs
from assistant.retrieval.rows import Chunks, Rows
from embeddings.fusion import Scores, reciprocal_ranks, share_of_best, top_rows
from embeddings.lexical_index import LexicalIndex, LexicalMatch
from embeddings.segment import normalise

if TYPE_CHECKING:
    from assistant.store.open import Index
    from embeddings.encoder import Encoder

CANDIDATES = 60  # from each of the two searches
NEAREST = 120  # chunks asked of the vector store, before those out of scope are left out
PECULIAR = 3  # characters of a word that may be the name of one district's service
FIELD_WEIGHTS = {"title": 0.5, "path": 0.3, "heading": 0.7, "body": 1.0, "questions": 0.4}
TEXT_FIELDS = ("title", "path", "heading", "body")
FEATURES = (
    "lex_title", "lex_path", "lex_heading", "lex_body", "lex_questions", "lex_rank",
    "beyond_title", "covered", "covered_beyond",
    "dense", "dense_gap", "dense_rank", "dense_rest", "named", "unnamed", "label",
    "year", "other_year", "own_district", "city_though_district", "expired",
    "outside_body", "annex", "has_questions", "short", "long",
)  # fmt: skip
LABEL, NAMED = FEATURES.index("label"), FEATURES.index("named")


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows that may answer a question, with what speaks for each.

    Attributes:
        rows: sorted row numbers.
        table: float32 of shape (len(rows), len(FEATURES)).
    """

    rows: list[int]
    table: NDArray[np.float32]


class CandidateSearch:
    """Finds candidates in one opened index; safe to share between threads.

    Args:
        index: the generation (catalogue, lexical index, vectors).
        encoder: must be the one that the index was built with.
    """

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self._index = index
        self._encoder = encoder

    def find(self, query: Query, within: Set[str] | None = None) -> Candidates:
        """All rows considered for a question without sides, with their features.

        Args:
            within: ids of the only documents to search; None: all that are in scope.
        """
        named = self._names.find(query)
        refs = label_refs(query, named)
        match = self._lexical.match(query.terms)
        allowed = self._scope(query, named, within) | self._peculiar(query, match, within)
        fields: dict[str, Scores] = {f: match.scores(f) * allowed for f in self._lexical.fields}
        lexical: Scores = np.zeros(len(self.rows), np.float32)
        for field, values in fields.items():
            lexical += np.float32(FIELD_WEIGHTS.get(field, 0.0)) * values
        vector = self._vector(query.normalised)
        found = {*top_rows(lexical, CANDIDATES).tolist(), *self._nearest(vector, allowed, within)}
        found.update(self._labelled(named, refs))
        rows = sorted(found)
        if not rows:
            return Candidates([], np.zeros((0, len(FEATURES)), np.float32))
        self.rows.read(rows)
        columns: dict[str, NDArray[Any]] = {
            f"lex_{f}": share_of_best(v)[rows] for f, v in fields.items()
        }
        columns["lex_rank"] = reciprocal_ranks(lexical[rows])
        columns |= _coverage(match, rows)
        columns |= self._dense_features(query, named, vector, rows)
        columns |= dict(self._record_features(query, named, refs, rows))
        zero = np.zeros(len(rows), np.float32)
        table = np.stack([columns.get(name, zero) for name in FEATURES], axis=1)
        return Candidates(rows, table.astype(np.float32))

    def _scope(self, query: Query, named: Named, within: Set[str] | None) -> NDArray[np.bool_]:
        """Rows of the city, of the districts asked for, and of the documents named; where another
        city is asked about, its own alone."""
        wanted = {None, query.district, *query.districts} - {""}

        def inside(doc_id: str, document: Document) -> bool:
            if within is not None or doc_id in named.documents:
                return within is None or doc_id in within
            if query.outside or document.elsewhere:
                return document.elsewhere in query.outside
            if document.area:
                return query.any_district or _is_of(query, document.area)
            return query.any_district or document.district in wanted

        found = [inside(doc_id, document) for doc_id, document in self.rows.documents.items()]
        return np.array(found, bool)[self.rows.doc_of_row]

    def _peculiar(
        self, query: Query, match: LexicalMatch, within: Set[str] | None
    ) -> NDArray[np.bool_]:
        """Rows of a district that alone uses a name in the question (外滩融易行, 金智办).

        Who asks for such a name asks for that district, though no place is named.
        """
        none = np.zeros(len(self.rows), bool)
        if query.districts or query.areas or query.any_district or within is not None:
            return none
        found: set[str] = set()
        for place, term in enumerate(query.terms):
            if len(term) < PECULIAR or query.terms[term] < 1 or not match.idf[place]:
                continue
            rows = match.rows_of(place)
            using = {self.rows.document(row).place for row in rows.tolist()}
            if len(using) == 1:
                found |= {place for place in using if place}
        return self.rows.of_places(found) if found else none

    def _vector(self, text: str) -> NDArray[np.float32]:
        return self._encoder.encode_queries([text])[0]

    def _nearest(
        self, vector: NDArray[np.float32], allowed: NDArray[np.bool_], within: Set[str] | None
    ) -> list[int]:
        """Rows by the nearest chunks: of the vector store, or of a few documents directly."""
        if not vector.any():
            return []
        if within is not None:
            rows = np.flatnonzero(allowed)
            best = top_rows(self._chunks.nearness(vector, rows.tolist()), CANDIDATES)
            return rows[best].tolist()
        position = self._lexical.position
        near = (position[c.rpartition("@")[0]] for c, _ in self._index.dense.query(vector, NEAREST))
        return [row for row in dict.fromkeys(near) if allowed[row]][:CANDIDATES]

    def _labelled(self, named: Named, refs: Sequence[LabelRef]) -> Iterator[int]:
        """Rows of named documents whose label is named; all short ones, as an index of it."""
        for doc_id in named.documents if refs else ():
            for row in self.rows.of_document(doc_id).tolist():
                if best_match(refs, self.rows.label(row)):
                    yield row

    def _dense_features(
        self, query: Query, named: Named, vector: NDArray[np.float32], rows: Sequence[int]
    ) -> dict[str, Scores]:
        near = self._chunks.nearness(vector, rows)
        rest = near
        if named.rest != query.text:
            rest = self._chunks.nearness(self._vector(normalise(named.rest)), rows)
        return {
            "dense": near,
            "dense_gap": near.max(initial=0) - near,
            "dense_rank": reciprocal_ranks(near),
            "dense_rest": rest,
        }

    def _record_features(
        self, query: Query, named: Named, refs: Sequence[LabelRef], rows: Sequence[int]
    ) -> Iterator[tuple[str, NDArray[np.float64]]]:
        """Features that are read from the records of measures and documents."""
        measures = [self.rows.measure(row) for row in rows]
        documents = [self.rows.document(row) for row in rows]
        place = [self.rows.doc_of_row[row] for row in rows]
        years = [features.year_fit(query, self.rows.years[doc]) for doc in place]
        sure = np.array([named.documents.get(d.doc_id, 0.0) for d in documents])
        label = [best_match(refs, m.label) for m in measures] if refs else [0.0] * len(rows)
        own = [d.place in (*query.districts, *query.areas) for d in documents]
        held = self.rows.districts & set(query.districts)
        city = [bool(held) and not d.place for d in documents]
        yield "named", sure
        yield "unnamed", (sure == 0) * float(bool(named.documents))
        yield "label", np.array(label) * np.where(sure > 0, 1.0, 0.2)
        yield "year", np.maximum(years, 0.0)
        yield "other_year", np.maximum(np.negative(years), 0.0)
        yield "own_district", np.array(own, float)
        yield "city_though_district", np.array(city, float)
        yield "expired", np.array([features.expired(d, query.as_of) for d in documents])
        yield "outside_body", np.array([m.label is None for m in measures], float)
        yield "annex", np.array([m.part == "附件" for m in measures], float)
        yield "has_questions", self._authored[list(rows)].astype(float)
        yield "short", np.array([len(m.text) < 40 for m in measures], float)
        yield "long", np.minimum([len(m.text) / 1000 for m in measures], 2.0)

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return self._index.lexical

    @cached_property
    def rows(self) -> Rows:
        return Rows(self._index.catalogue, self._lexical.ids)

    @cached_property
    def _names(self) -> Names:
        return Names(self.rows.documents.values())

    @cached_property
    def _authored(self) -> NDArray[np.bool_]:
        return self._lexical.filled("questions")

    @cached_property
    def _chunks(self) -> Chunks:
        position = self._lexical.position
        chunk_ids = self._index.catalogue.chunk_ids()
        owner = np.array([position[c.rpartition("@")[0]] for c in chunk_ids], np.intp)
        return Chunks(owner, self._index.vectors, len(self.rows))


def _coverage(match: LexicalMatch, rows: Sequence[int]) -> dict[str, Scores]:
    """How much of the question stands in each row, and how much that its title lacks.

    A question that names a document repeats the words of its title; they tell nothing about
    which of its measures is meant.
    """
    at = np.array(rows, np.intp)
    title, path, heading, body = (match.contributions(f, at) for f in TEXT_FIELDS)
    in_title = title > 0
    present = (heading > 0) | (body > 0) | (path > 0)
    weight = match.idf[:, None]
    whole = max(float(match.idf.sum()), 1e-6)
    rest = np.maximum((weight * ~in_title).sum(axis=0), 1e-6)
    return {
        "beyond_title": share_of_best(((heading * 0.7 + body) * ~in_title).sum(axis=0)),
        "covered": (weight * (present | in_title)).sum(axis=0) / whole,
        "covered_beyond": (weight * (present & ~in_title)).sum(axis=0) / rest,
    }


def _is_of(query: Query, area: str) -> bool:
    """Whether the rules of an area are those of the place asked about, or may be."""
    if wanted := {*query.areas, query.area} - {None}:
        return any(touch(area, name) for name in wanted if name)
    return bool({query.district, *query.districts} & areas()[area].districts)
