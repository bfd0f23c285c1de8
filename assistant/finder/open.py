"""The finder of an opened index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.finder.match import Finder
from assistant.finder.relevance import Relevance
from assistant.knowledge import Knowledge
from assistant.question import understand
from assistant.store.open import Index

if TYPE_CHECKING:
    from assistant.retrieval.search import Retriever
    from embeddings.encoder import Encoder


RANKED = 60  # measures that the ranker scores for the whole question


def open_finder(
    index: Index, encoder: Encoder, knowledge: Knowledge, retriever: Retriever
) -> Finder:
    """Reads every measure once; a match then looks at all of them in memory."""
    catalogue = index.catalogue
    lexical = index.lexical
    owner = [chunk_id.rpartition("@")[0] for chunk_id in catalogue.chunk_ids()]
    row = np.array([lexical.position[measure_id] for measure_id in owner], np.int64)
    order = np.argsort(row, kind="stable")
    vectors = np.asarray(index.vectors)[order]
    rows, starts = np.unique(row[order], return_index=True)

    def dense(texts: Sequence[str]) -> np.ndarray:
        """Cosine of each text with the nearest chunk of each measure: (texts, measures)."""
        cosines = encoder.encode_queries(list(texts)) @ vectors.T
        best = np.zeros((len(texts), len(lexical)), np.float32)
        best[:, rows] = np.maximum.reduceat(cosines, starts, axis=1)
        return best

    def ranked(question: str, district: str | None, as_of: str) -> dict[str, float]:
        query = understand(question, district=district, as_of=as_of)
        return {h.measure.measure_id: h.score for h in retriever.search(query, RANKED)}

    return Finder(
        catalogue.measures(),
        {d.doc_id: d for d in catalogue.documents()},
        knowledge.links,
        catalogue.all_twins(),
        Relevance(lexical, dense, ranked),
    )
