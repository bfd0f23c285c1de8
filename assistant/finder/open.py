"""The finder of an opened index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.answer.knowledge import Knowledge
from assistant.finder.match import Finder
from assistant.finder.relevance import Relevance
from assistant.store.open import Index

if TYPE_CHECKING:
    from embeddings.encoder import Encoder


def open_finder(index: Index, encoder: Encoder, knowledge: Knowledge) -> Finder:
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

    return Finder(
        catalogue.measures(),
        {d.doc_id: d for d in catalogue.documents()},
        knowledge.links,
        catalogue.all_twins(),
        Relevance(lexical, dense),
    )
