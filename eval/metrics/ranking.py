"""Rank metrics over ids: pure arithmetic, the same values as trec_eval gives.

``ranking`` lists ids best first, each once; ``gains`` maps each relevant id to its grade (> 0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2


def recall_at(ranking: Sequence[str], gains: Mapping[str, float], k: int) -> float:
    """Share of the relevant ids that stand in the first ``k`` places."""
    return sum(item in gains for item in ranking[:k]) / len(gains)


def success_at(ranking: Sequence[str], gains: Mapping[str, float], k: int) -> float:
    """1 when a relevant id stands in the first ``k`` places (Success@k, hit rate)."""
    return float(any(item in gains for item in ranking[:k]))


def reciprocal_rank_at(ranking: Sequence[str], gains: Mapping[str, float], k: int) -> float:
    """1 / place of the first relevant id within ``k``, else 0.

    E. Voorhees, "The TREC-8 Question Answering Track Report", TREC 1999.
    """
    for place, item in enumerate(ranking[:k], 1):
        if item in gains:
            return 1 / place
    return 0.0


def ndcg_at(ranking: Sequence[str], gains: Mapping[str, float], k: int) -> float:
    """Discounted gain over that of the best possible ranking, discount log2(place + 1).

    K. Järvelin, J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques",
    ACM TOIS 20(4), 2002; with linear gain, as trec_eval has it.
    """

    def discounted(grades: Sequence[float]) -> float:
        return sum(grade / log2(place + 1) for place, grade in enumerate(grades, 1))

    ideal = discounted(sorted(gains.values(), reverse=True)[:k])
    return discounted([gains.get(item, 0.0) for item in ranking[:k]]) / ideal
