"""Bring scores of different kinds to one scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


def share_of_best(scores: Scores) -> Scores:
    """Scores divided by the best one: 1 for the best, 0 for no match (all 0 when none matches)."""
    best = float(scores.max(initial=0.0))
    return scores / best if best > 0 else np.zeros_like(scores)


def top_rows(scores: Scores, k: int) -> NDArray[np.intp]:
    """The rows of the ``k`` best positive scores, in no particular order."""
    found = np.flatnonzero(scores > 0)
    if len(found) > k:
        found = found[np.argpartition(scores[found], -k)[-k:]]
    return found


def reciprocal_ranks(scores: Scores, *, damping: int = 10) -> Scores:
    """``1 / (damping + rank)`` of each row, scaled to 1 for the best; 0 where nothing matches.

    Ties share the better rank, so that the order of the rows has no influence.
    """
    order = np.sort(scores)[::-1]
    ranks = np.searchsorted(-order, -scores, side="left")
    values = ((damping + 1.0) / (damping + 1.0 + ranks)).astype(np.float32)
    return np.where(scores > 0, values, np.float32(0))
