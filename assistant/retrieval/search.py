"""Understood question → the measures that may answer it, best first.

Candidates are ranked; a comparison is searched by its sides, a question that asks several things
also by its parts; a rule that stands in several places becomes one hit.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.corpus.areas import touch
from assistant.question import Query, Side, understand
from assistant.records import Hit
from assistant.retrieval.candidates import FEATURES, LABEL, NAMED, CandidateSearch
from embeddings.ranker import Ranker

if TYPE_CHECKING:
    from assistant.store.open import Index
    from embeddings.cross_encoder import Reranker
    from embeddings.encoder import Encoder

REST_WEIGHT = 0.35  # of the whole question when one of its parts is searched for
PART_DISCOUNT = 1.5
PART_DOCUMENTS = 3  # documents of this many best hits may answer the parts of the question
RERANKED = 20  # hits that a cross-encoder reads


class Retriever:
    """Searches one opened index; safe to share between threads.

    Args:
        index: the generation (catalogue, lexical index, vectors).
        encoder: must be the one that the index was built with.
        ranker: weights over :data:`.candidates.FEATURES`; None: the shipped ones.
        reranker: a cross-encoder that reads the best hits again; None: the ranker decides.
    """

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        ranker: Ranker | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self._search = CandidateSearch(index, encoder)
        self._ranker = ranker or Ranker.load()
        self._reranker = reranker

    def search(self, query: Query, k: int = 10) -> list[Hit]:
        """At most ``k`` hits, best first; a rule that stands in several places is one hit.

        A comparison is searched for each of its sides, and the sides take turns.  A question
        that asks several things is searched whole, then by its parts in the documents found.
        Measures of a district are found when the question, the profile or a named document
        asks for it.
        """
        if len(query.sides) > 1:
            runs = [self.ranked(_of_side(query, side), k) for side in query.sides]
            return in_turns(runs, k)
        whole = self.ranked(query, k if self._reranker is None else max(k, RERANKED))
        if whole and not _exact(whole[0]):
            whole = self._reread(query, whole)[:k]
        return whole

    def _reread(self, query: Query, hits: list[Hit]) -> list[Hit]:
        """The hits in the order of the cross-encoder, if there is one, with its scores."""
        if self._reranker is None:
            return hits
        passages = [f"{hit.document.title} {hit.measure.text}" for hit in hits]
        scores = self._reranker.scores(query.text, passages).tolist()
        found = [replace(hit, score=score) for hit, score in zip(hits, scores, strict=True)]
        return sorted(found, key=lambda hit: (-hit.score, hit.measure.measure_id))

    def ranked(self, query: Query, k: int, within: Set[str] | None = None) -> list[Hit]:
        """One search: a twin of a better hit is not a hit but listed in its ``also_in``."""
        found = self._search.find(query, within)
        scores = self._ranker.score(FEATURES, found.table).tolist()
        exact = (found.table[:, LABEL] * (found.table[:, NAMED] > 0)).tolist()
        ids = [self._search.rows.ids[row] for row in found.rows]
        order = sorted(range(len(ids)), key=lambda i: (-exact[i], -scores[i], ids[i]))
        order = self._of_one_mind(query, [found.rows[i] for i in order], order)
        hits: list[Hit] = []
        taken: set[tuple[str, str | None]] = set()
        for i in order:
            if len(hits) == k:
                break
            measure = self._search.rows.measure(found.rows[i])
            if (measure.doc_id, measure.label) in taken:
                continue
            twins = self._search.rows.twins.get(measure.measure_id, ())
            taken.update((place.doc_id, place.measure) for place in twins)
            table = dict(zip(FEATURES, found.table[i].tolist(), strict=True))
            document = self._search.rows.document(found.rows[i])
            hit = Hit(measure, document, scores[i], twins, table)
            hits.append(replace(hit, elsewhere=_elsewhere(query, hit)))
        return hits

    def _of_one_mind(self, query: Query, rows: Sequence[int], order: list[int]) -> list[int]:
        """Without a place in the question, a district stays only if it has the best row.

        Districts come in by a name that they alone use; when the city answers better, the name
        was only a word.
        """
        if query.districts or query.areas or query.any_district or not rows:
            return order
        districts = [self._search.rows.document(row).place for row in rows]
        keep = {None, query.district, query.area, districts[0]}
        named = set(query.doc_numbers) | set(query.titles)
        return [i for i, d in zip(order, districts, strict=True) if d in keep or named]


def _of_side(query: Query, side: Side) -> Query:
    """What a comparison asks about one of its sides."""
    alone = understand(side.text, district=side.district, as_of=query.as_of)
    return replace(
        alone,
        district=None if side.city else side.district or query.district,
        districts=() if side.city else (side.district,) if side.district else query.districts,
        doc_numbers=(side.doc_number,) if side.doc_number else alone.doc_numbers,
        titles=(side.title,) if side.title else alone.titles,
        labels=query.labels,
        sides=(),
    )


def _elsewhere(query: Query, hit: Hit) -> bool:
    """A rule of a district that is not the asker's, found because its name was used."""
    if hit.document.area and query.area and not hit.features["named"]:
        return not any(touch(hit.document.area, name) for name in (query.area, *query.areas))
    district = hit.document.district
    places = {query.district, *query.districts} - {None, ""}
    return bool(district and places and district not in places and not hit.features["named"])


def _exact(hit: Hit) -> bool:
    """Found by the name of its document and its label."""
    return hit.features["label"] > 0 and hit.features["named"] > 0


def in_turns(runs: Sequence[Sequence[Hit]], k: int) -> list[Hit]:
    """The best of each run, then the second of each …, each measure once."""
    found: dict[str, Hit] = {}
    for place in range(max(map(len, runs), default=0)):
        for run in runs:
            if place < len(run):
                found.setdefault(run[place].measure.measure_id, run[place])
    return list(found.values())[:k]
