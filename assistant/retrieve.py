"""Understood question → the measures that may answer it, best first.

The way of a question: names (文号, title, label) → scope (own district and city) → candidates from
the lexical index and from the nearest vectors → features → ranker → twins collapsed into one hit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant import features
from assistant.exact import Named, Names, best_match, label_refs
from assistant.question import LabelRef, Query, Side, understand
from assistant.question.parts import parts
from assistant.records import Hit
from assistant.rows import Chunks, Rows
from embeddings.fusion import Scores, reciprocal_ranks, share_of_best, top_rows
from embeddings.lexical_index import LexicalIndex, LexicalMatch
from embeddings.ranker import Ranker
from embeddings.segment import normalise

if TYPE_CHECKING:
    from assistant.store.open import Index
    from embeddings.encoder import Encoder

CANDIDATES = 60  # from each of the two searches
NEAREST = 120  # chunks asked of the vector store, before those out of scope are left out
FIELD_WEIGHTS = {"title": 0.5, "path": 0.3, "heading": 0.7, "body": 1.0, "questions": 0.4}
TEXT_FIELDS = ("title", "path", "heading", "body")
REST_WEIGHT = 0.35  # of the whole question when one of its parts is searched for
FEATURES = (
    "lex_title", "lex_path", "lex_heading", "lex_body", "lex_questions", "lex_rank",
    "beyond_title", "covered", "covered_beyond",
    "dense", "dense_gap", "dense_rank", "dense_rest", "named", "unnamed", "label",
    "year", "other_year", "own_district", "city_though_district", "intent", "expired",
    "outside_body", "closing_for_validity", "annex", "has_questions", "short", "long",
)  # fmt: skip
LABEL, NAMED = FEATURES.index("label"), FEATURES.index("named")
PART_DISCOUNT = 1.5
PART_DOCUMENTS = 3  # documents of this many best hits may answer the parts of the question


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows that may answer a question, with what speaks for each.

    Attributes:
        rows: sorted row numbers.
        table: float32 of shape (len(rows), len(FEATURES)).
    """

    rows: list[int]
    table: NDArray[np.float32]


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

    def search(self, query: Query, k: int = 10) -> list[Hit]:
        """At most ``k`` hits, best first; a rule that stands in several places is one hit.

        A comparison is searched for each of its sides, and the sides take turns.  A question
        that asks several things is searched whole, then by its parts in the documents found.
        Measures of a district are found when the question, the profile or a named document
        asks for it.
        """
        if len(query.sides) > 1:
            runs = [self._run(_of_side(query, side), k) for side in query.sides]
            return _in_turns(runs, k)
        whole = self._run(query, k)
        if whole and not _exact(whole[0]):
            whole = self._with_parts(query, whole, k)
        if whole and "validity" in query.asked:
            whole = self._with_closing(whole)[:k]
        return whole

    def _with_parts(self, query: Query, whole: list[Hit], k: int) -> list[Hit]:
        """Search the parts of a question in the documents that the whole has found."""
        pieces = parts(query.text)
        if len(pieces) < 2:
            return whole
        near = {hit.document.doc_id for hit in whole[:PART_DOCUMENTS]}
        by_part = [self._run(self._of_part(query, piece), k, near) for piece in pieces]
        return _best_of(whole, by_part, k)

    def _with_closing(self, hits: list[Hit]) -> list[Hit]:
        """Put the clause on the term of the best hit's document among the first three.

        Whether a rule holds stands in the closing clause of its document, whose words have
        nothing to do with the rule's.
        """
        document = hits[0].document
        if any(
            h.document.doc_id == document.doc_id and features.closes(h.measure) for h in hits[:3]
        ):
            return hits
        rows = self._rows.of_document(document.doc_id).tolist()
        self._rows.read(rows)
        closing = [m for m in map(self._rows.measure, rows) if features.closes(m)]
        if not closing:
            return hits
        last = max(closing, key=lambda measure: measure.order)
        place = min(2, len(hits))
        known = (hit for hit in hits if hit.measure.measure_id == last.measure_id)
        hit = next(
            known, Hit(last, document, hits[0].score, self._rows.twins.get(last.measure_id, ()))
        )
        hit = replace(hit, score=hits[place - 1].score)
        rest = [h for h in hits if h.measure.measure_id != last.measure_id]
        return [*rest[:place], hit, *rest[place:]]

    def candidates(self, query: Query, within: Set[str] | None = None) -> Candidates:
        """All rows considered for a question without sides, with their features.

        Args:
            within: ids of the only documents to search; None: all that are in scope.
        """
        named = self._names.find(query)
        refs = label_refs(query, named)
        allowed = self._scope(query, named, within)
        match = self._lexical.match(query.terms)
        fields: dict[str, Scores] = {f: match.scores(f) * allowed for f in self._lexical.fields}
        lexical = np.zeros(len(self._rows), np.float32)
        for field, values in fields.items():
            lexical += np.float32(FIELD_WEIGHTS.get(field, 0.0)) * values
        vector = self._vector(query.normalised)
        found = {*top_rows(lexical, CANDIDATES).tolist(), *self._nearest(vector, allowed, within)}
        found.update(self._labelled(named, refs))
        rows = sorted(found)
        if not rows:
            return Candidates([], np.zeros((0, len(FEATURES)), np.float32))
        self._rows.read(rows)
        columns: dict[str, NDArray[np.floating]] = {
            f"lex_{f}": share_of_best(v)[rows] for f, v in fields.items()
        }
        columns["lex_rank"] = reciprocal_ranks(lexical[rows])
        columns |= _coverage(match, rows)
        columns |= self._dense_features(query, named, vector, rows)
        for name, values in self._record_features(query, named, refs, rows):
            columns[name] = values
        zero = np.zeros(len(rows))
        table = np.stack([columns.get(name, zero) for name in FEATURES], axis=1)
        return Candidates(rows, table.astype(np.float32))

    def text(self, row: int) -> str:
        """The text of a candidate."""
        return self._rows.measure(row).text

    def _run(self, query: Query, k: int, within: Set[str] | None = None) -> list[Hit]:
        """One search: a twin of a better hit is not a hit but listed in its ``also_in``."""
        found = self.candidates(query, within)
        scores = self._ranker.score(FEATURES, found.table).tolist()
        exact = (found.table[:, LABEL] * (found.table[:, NAMED] > 0)).tolist()
        ids = [self._rows.ids[row] for row in found.rows]
        order = sorted(range(len(ids)), key=lambda i: (-exact[i], -scores[i], ids[i]))
        hits: list[Hit] = []
        taken: set[tuple[str, str | None]] = set()
        for i in order:
            if len(hits) == k:
                break
            measure = self._rows.measure(found.rows[i])
            if (measure.doc_id, measure.label) in taken:
                continue
            twins = self._rows.twins.get(measure.measure_id, ())
            taken.update((place.doc_id, place.measure) for place in twins)
            table = dict(zip(FEATURES, found.table[i].tolist(), strict=True))
            hits.append(Hit(measure, self._rows.document(found.rows[i]), scores[i], twins, table))
        return hits

    def _of_part(self, query: Query, part: str) -> Query:
        """The question with one of its parts in front and the rest behind."""
        alone = understand(part, district=query.district, as_of=query.as_of)
        terms = {token: weight * REST_WEIGHT for token, weight in query.terms.items()}
        for token, weight in alone.terms.items():
            terms[token] = max(weight, terms.get(token, 0.0))
        return replace(
            query, normalised=alone.normalised, terms=terms, asked=alone.asked or query.asked
        )

    def _scope(self, query: Query, named: Named, within: Set[str] | None) -> NDArray[np.bool_]:
        """Rows of the city, of the districts asked for, and of the documents named."""
        wanted = {None, query.district, *query.districts} - {""}
        inside = [
            document.district in wanted or doc_id in named.documents
            if within is None
            else doc_id in within
            for doc_id, document in self._rows.documents.items()
        ]
        return np.array(inside, bool)[self._rows.doc_of_row]

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
            for row in self._rows.of_document(doc_id).tolist():
                if best_match(refs, self._rows.label(row)):
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
        measures = [self._rows.measure(row) for row in rows]
        documents = [self._rows.document(row) for row in rows]
        place = [self._rows.doc_of_row[row] for row in rows]
        years = [features.year_fit(query, self._rows.years[doc]) for doc in place]
        sure = np.array([named.documents.get(d.doc_id, 0.0) for d in documents])
        label = [best_match(refs, m.label) for m in measures] if refs else [0.0] * len(rows)
        own = [d.district in query.districts for d in documents]
        city = [bool(query.districts) and not d.district for d in documents]
        asks_validity = "validity" in query.asked
        yield "named", sure
        yield "unnamed", (sure == 0) * float(bool(named.documents))
        yield "label", np.array(label) * np.where(sure > 0, 1.0, 0.2)
        yield "year", np.maximum(years, 0.0)
        yield "other_year", np.maximum(np.negative(years), 0.0)
        yield "own_district", np.array(own, float)
        yield "city_though_district", np.array(city, float)
        yield "intent", np.array([features.fit(query.asked, self._rows.tells(r)) for r in rows])
        yield "expired", np.array([features.expired(d, query.as_of) for d in documents])
        yield "outside_body", np.array([m.label is None for m in measures], float)
        yield (
            "closing_for_validity",
            np.array([asks_validity and features.tells_validity(m) for m in measures], float),
        )
        yield "annex", np.array([m.part == "附件" for m in measures], float)
        yield "has_questions", self._authored[list(rows)].astype(float)
        yield "short", np.array([len(m.text) < 40 for m in measures], float)
        yield "long", np.minimum([len(m.text) / 1000 for m in measures], 2.0)

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return self._index.lexical

    @cached_property
    def _rows(self) -> Rows:
        return Rows(self._index.catalogue, self._lexical.ids)

    @cached_property
    def _names(self) -> Names:
        return Names(self._rows.documents.values())

    @cached_property
    def _authored(self) -> NDArray[np.bool_]:
        return self._lexical.filled("questions")

    @cached_property
    def _chunks(self) -> Chunks:
        position = self._lexical.position
        chunk_ids = self._index.catalogue.chunk_ids()
        owner = np.array([position[c.rpartition("@")[0]] for c in chunk_ids], np.intp)
        return Chunks(owner, self._index.vectors, len(self._rows))


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


def _of_side(query: Query, side: Side) -> Query:
    """What a comparison asks about one of its sides."""
    alone = understand(side.text, district=side.district, as_of=query.as_of)
    return replace(
        alone,
        district=side.district or query.district,
        districts=(side.district,) if side.district else query.districts,
        doc_numbers=(side.doc_number,) if side.doc_number else alone.doc_numbers,
        titles=(side.title,) if side.title else alone.titles,
        labels=query.labels,
        sides=(),
    )


def _exact(hit: Hit) -> bool:
    """Found by the name of its document and its label."""
    return hit.features["label"] > 0 and hit.features["named"] > 0


def _best_of(whole: Sequence[Hit], by_part: Sequence[Sequence[Hit]], k: int) -> list[Hit]:
    """Each measure with its best score; what answers only a part counts less than the whole."""
    best = {hit.measure.measure_id: hit for hit in whole}
    for run in by_part:
        for hit in run:
            found = replace(hit, score=hit.score - PART_DISCOUNT)
            known = best.get(hit.measure.measure_id)
            if known is None or known.score < found.score:
                best[hit.measure.measure_id] = found
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.measure.measure_id))[:k]


def _in_turns(runs: Sequence[Sequence[Hit]], k: int) -> list[Hit]:
    """The best of each run, then the second of each …, each measure once."""
    found: dict[str, Hit] = {}
    for place in range(max(map(len, runs), default=0)):
        for run in runs:
            if place < len(run):
                found.setdefault(run[place].measure.measure_id, run[place])
    return list(found.values())[:k]
