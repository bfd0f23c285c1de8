"""Understood question → the measures that may answer it, best first.

The way of a question: names (文号, title, label) → scope (own district and city) → candidates from
the lexical index and from the nearest vectors → features → ranker → twins collapsed into one hit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant import features
from assistant.exact import Named, Names, best_match, label_refs
from assistant.question import Query, understand
from assistant.records import Document, Hit, Measure, Place
from embeddings.fusion import Scores, reciprocal_ranks, share_of_best, top_rows
from embeddings.lexical_index import LexicalIndex
from embeddings.ranker import Ranker
from embeddings.segment import normalise

if TYPE_CHECKING:
    from assistant.store.catalogue import Catalogue
    from assistant.store.open import Index
    from embeddings.encoder import Encoder

CANDIDATES = 60  # from each of the two searches
FIELD_WEIGHTS = {"title": 0.5, "path": 0.3, "heading": 0.7, "body": 1.0, "questions": 0.4}
FEATURES = (
    "lex_title", "lex_path", "lex_heading", "lex_body", "lex_questions", "lex_rank",
    "beyond_title", "covered", "covered_beyond",
    "dense", "dense_gap", "dense_rank", "dense_rest", "named", "unnamed", "label",
    "year", "other_year", "own_district", "city_though_district", "intent", "expired",
    "outside_body", "closing_for_validity", "annex", "has_questions", "short", "long",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Search:
    """What is computed once for a question over all rows."""

    query: Query
    named: Named
    allowed: NDArray[np.bool_]
    fields: Mapping[str, Scores]
    lexical: Scores
    dense: Scores
    rest: Scores  # the same for the question without the names of documents
    label: Mapping[int, float]


class Retriever:
    """Searches one opened index; safe to share between threads.

    Args:
        index: the generation (catalogue, lexical index, vectors).
        encoder: must be the one that the index was built with.
        ranker: weights over :data:`FEATURES`.
    """

    def __init__(self, index: Index, encoder: Encoder, ranker: Ranker | None = None) -> None:
        self._index = index
        self._encoder = encoder
        self._ranker = ranker or Ranker.load()
        self._tells: dict[int, frozenset[str]] = {}

    def search(self, query: Query, k: int = 10) -> list[Hit]:
        """At most ``k`` hits, best first; a rule that stands in several places is one hit.

        A comparison is searched for each of its sides, and the sides take turns.  Measures of
        a district are found when the question, the profile or a named document asks for it.
        """
        if len(query.sides) < 2:
            return self._collapsed(query, self._ranked(query), k)
        runs = []
        for side in query.sides:
            part = understand(side.text, district=side.district, as_of=query.as_of)
            part = replace(
                part,
                district=side.district or query.district,
                districts=(side.district,) if side.district else query.districts,
                doc_numbers=(side.doc_number,) if side.doc_number else part.doc_numbers,
                titles=(side.title,) if side.title else part.titles,
                labels=query.labels,
                sides=(),
            )
            runs.append(self._collapsed(part, self._ranked(part), k))
        return _in_turns(runs, k)

    def candidates(self, query: Query) -> tuple[list[str], NDArray[np.float32]]:
        """Texts of all candidates and their features, for training the ranker.

        Returns:
            The texts, and float32 of shape (candidates, len(FEATURES)).
        """
        search = self._search(query)
        rows = self._candidates(search)
        if not len(rows):
            return [], np.zeros((0, len(FEATURES)), np.float32)
        texts = [self._measure(row).text for row in rows.tolist()]
        return texts, self._features(search, rows)

    def _ranked(self, query: Query) -> list[tuple[int, float, NDArray[np.float32]]]:
        """Rows with score and features, best first."""
        search = self._search(query)
        rows = self._candidates(search)
        if not len(rows):
            return []
        table = self._features(search, rows)
        scores = self._ranker.score(FEATURES, table)
        names = [self._ids[row] for row in rows.tolist()]
        order = sorted(range(len(names)), key=lambda i: (-scores[i], names[i]))
        return [(int(rows[i]), float(scores[i]), table[i]) for i in order]

    def _search(self, query: Query) -> _Search:
        named = self._names.find(query)
        allowed = self._scope(query, named)
        fields = {
            field: np.where(allowed, values, np.float32(0))
            for field, values in self._lexical.scores(query.terms).items()
        }
        lexical = sum(
            (FIELD_WEIGHTS.get(field, 0.0) * values for field, values in fields.items()),
            np.zeros(len(self._ids), np.float32),
        )
        dense = self._nearness(query.normalised)
        rest = normalise(named.rest) if named.rest != query.text else ""
        return _Search(
            query=query,
            named=named,
            allowed=allowed,
            fields={field: share_of_best(values) for field, values in fields.items()},
            lexical=lexical.astype(np.float32),
            dense=np.where(allowed, dense, np.float32(0)),
            rest=np.where(allowed, self._nearness(rest), np.float32(0)) if rest else dense,
            label=self._labelled(query, named),
        )

    def _scope(self, query: Query, named: Named) -> NDArray[np.bool_]:
        """Rows of the city, of the districts asked for, and of the documents named."""
        wanted = {None, query.district, *query.districts} - {""}
        ids = {
            d.doc_id
            for d in self._documents.values()
            if d.district in wanted or d.doc_id in named.documents
        }
        inside = np.array([doc_id in ids for doc_id in self._doc_ids], bool)
        return inside[self._doc_of_row]

    def _nearness(self, text: str) -> Scores:
        """Cosine of each row's nearest chunk, never below 0."""
        vector = self._encoder.encode_queries([text])[0]
        values = np.zeros(len(self._ids), np.float32)
        if not vector.any():
            return values
        chunks = self._index.vectors @ vector
        np.maximum.at(values, self._owner, chunks)
        return values

    def _labelled(self, query: Query, named: Named) -> dict[int, float]:
        refs = label_refs(query, named)
        if not refs:
            return {}
        rows: Iterable[int] = range(len(self._ids))
        if named.documents:
            rows = [r for d in named.documents for r in self._rows_of_document.get(d, ())]
        matches = {row: best_match(refs, self._labels[row]) for row in rows}
        return {row: match for row, match in matches.items() if match}

    def _candidates(self, search: _Search) -> NDArray[np.intp]:
        rows = set(top_rows(search.lexical, CANDIDATES).tolist())
        rows.update(top_rows(search.dense, CANDIDATES).tolist())
        if search.named.documents:
            rows.update(row for row in search.label if search.allowed[row])
        return np.array(sorted(rows), np.intp)

    def _features(self, search: _Search, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Shape (rows, len(FEATURES))."""
        best_dense = float(search.dense.max(initial=0.0))
        columns: dict[str, NDArray[np.float32]] = {
            f"lex_{field}": values[rows] for field, values in search.fields.items()
        }
        columns["lex_rank"] = reciprocal_ranks(search.lexical)[rows]
        columns["dense"] = search.dense[rows]
        columns["dense_gap"] = best_dense - search.dense[rows]
        columns["dense_rank"] = reciprocal_ranks(search.dense)[rows]
        columns["dense_rest"] = search.rest[rows]
        columns |= self._coverage(search, rows)
        singles = [self._single(search, int(row)) for row in rows]
        for name in singles[0]:
            columns[name] = np.array([single[name] for single in singles], np.float32)
        zero = np.zeros(len(rows), np.float32)
        return np.stack([columns.get(name, zero) for name in FEATURES], axis=1)

    def _coverage(self, search: _Search, rows: NDArray[np.intp]) -> dict[str, NDArray[np.float32]]:
        """How much of the question stands in the measure, and how much that its title lacks.

        A question that names a document repeats the words of its title; they tell nothing about
        which of its measures is meant.
        """
        terms = search.query.terms
        weight = np.array([self._lexical.idf(t) * w for t, w in terms.items()], np.float32)
        by_field = {
            field: self._lexical.contributions(terms, field, rows)
            for field in ("title", "path", "heading", "body")
        }
        text = by_field["heading"] * 0.7 + by_field["body"]
        in_title = by_field["title"] > 0
        present = (text > 0) | (by_field["path"] > 0)
        beyond = (text * ~in_title).sum(axis=0)
        whole = np.maximum(weight.sum(), 1e-6)
        rest = np.maximum((weight[:, None] * ~in_title).sum(axis=0), 1e-6)
        return {
            "beyond_title": share_of_best(beyond),
            "covered": (weight[:, None] * (present | in_title)).sum(axis=0) / whole,
            "covered_beyond": (weight[:, None] * (present & ~in_title)).sum(axis=0) / rest,
        }

    def _single(self, search: _Search, row: int) -> dict[str, float]:
        """The features that need the record of the measure."""
        query, measure, document = search.query, self._measure(row), self._document(row)
        year = features.year_fit(query, self._years[document.doc_id])
        sure = search.named.documents.get(document.doc_id, 0.0)
        return {
            "named": sure,
            "unnamed": float(bool(search.named.documents) and not sure),
            "label": search.label.get(row, 0.0) * (1.0 if sure else 0.2),
            "year": max(year, 0.0),
            "other_year": max(-year, 0.0),
            "own_district": float(document.district in query.districts),
            "city_though_district": float(bool(query.districts) and not document.district),
            "intent": self._intent(query, row),
            "expired": features.expired(document, query.as_of),
            "outside_body": float(measure.label is None),
            "closing_for_validity": float(
                "validity" in query.asked and features.tells_validity(measure)
            ),
            "annex": float(measure.part == "附件"),
            "has_questions": float(self._authored[row]),
            "short": float(len(measure.text) < 40),
            "long": min(len(measure.text) / 1000, 2.0),
        }

    def _collapsed(
        self, query: Query, ranked: Sequence[tuple[int, float, NDArray[np.float32]]], k: int
    ) -> list[Hit]:
        """One hit for each rule: a twin of a better hit is listed in its ``also_in``."""
        hits: list[Hit] = []
        taken: set[tuple[str, str | None]] = set()
        for row, score, values in ranked:
            if len(hits) == k:
                break
            measure, document = self._measure(row), self._document(row)
            if (measure.doc_id, measure.label) in taken:
                continue
            twins = self._twins.get(measure.measure_id, ())
            taken.update((place.doc_id, place.measure) for place in twins)
            table = dict(zip(FEATURES, map(float, values), strict=True))
            hits.append(Hit(measure, document, score, twins, table))
        return hits

    def _intent(self, query: Query, row: int) -> float:
        """Share of what is asked for that the measure can tell; 1 when nothing is asked."""
        if not query.asked:
            return 1.0
        tells = self._tells.get(row)
        if tells is None:
            tells = self._tells[row] = features.tells(self._measure(row))
        return sum(intent in tells for intent in query.asked) / len(query.asked)

    def _measure(self, row: int) -> Measure:
        return self._measures[row]

    def _document(self, row: int) -> Document:
        return self._documents[self._doc_ids[self._doc_of_row[row]]]

    @property
    def _catalogue(self) -> Catalogue:
        return self._index.catalogue

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return self._index.lexical

    @cached_property
    def _ids(self) -> Sequence[str]:
        return self._lexical.ids

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {document.doc_id: document for document in self._catalogue.documents()}

    @cached_property
    def _doc_ids(self) -> list[str]:
        return list(self._documents)

    @cached_property
    def _doc_of_row(self) -> NDArray[np.intp]:
        position = {doc_id: i for i, doc_id in enumerate(self._doc_ids)}
        return np.array([position[id_.partition("#")[0]] for id_ in self._ids], np.intp)

    @cached_property
    def _rows_of_document(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, id_ in enumerate(self._ids):
            rows.setdefault(id_.partition("#")[0], []).append(row)
        return rows

    @cached_property
    def _measures(self) -> list[Measure]:
        by_id = {measure.measure_id: measure for measure in self._catalogue.measures()}
        return [by_id[id_] for id_ in self._ids]

    @cached_property
    def _labels(self) -> list[str | None]:
        return [measure.label for measure in self._measures]

    @cached_property
    def _names(self) -> Names:
        return Names(self._documents.values())

    @cached_property
    def _years(self) -> dict[str, set[int]]:
        return {d.doc_id: features.years_of(d) for d in self._documents.values()}

    @cached_property
    def _owner(self) -> NDArray[np.intp]:
        """Row of each chunk."""
        position = self._lexical.position
        chunk_ids = self._catalogue.chunk_ids()
        return np.array([position[c.rpartition("@")[0]] for c in chunk_ids], np.intp)

    @cached_property
    def _authored(self) -> NDArray[np.bool_]:
        asked = self._catalogue.questions()
        return np.array([id_ in asked for id_ in self._ids], bool)

    @cached_property
    def _twins(self) -> dict[str, tuple[Place, ...]]:
        return self._catalogue.all_twins()


def _in_turns(runs: Sequence[Sequence[Hit]], k: int) -> list[Hit]:
    """The best of each run, then the second of each …, each measure once."""
    found: dict[str, Hit] = {}
    for place in range(max(map(len, runs), default=0)):
        for run in runs:
            if place < len(run):
                found.setdefault(run[place].measure.measure_id, run[place])
    return list(found.values())[:k]
