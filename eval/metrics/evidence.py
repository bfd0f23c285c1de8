"""Was the evidence found?  Passages are judged by what they hold, not by their ids.

So any system can be judged, however it cuts the texts: a passage counts when it holds 80 % of
the 6-character shingles of the quotation or of one of its equals elsewhere (``alts``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.dataset import Evidence, Question
from eval.metrics.ranking import ndcg_at, recall_at, reciprocal_rank_at
from eval.prediction import Prediction
from eval.text import fold, holds, label_key, name_key, states_any

DEPTHS = (1, 3, 5, 10)
CONTEXT = 5  # passages taken as what an answer is written from


def holds_evidence(passage: str, piece: Evidence) -> bool:
    return any(holds(passage, variant.quote or "") for variant in piece.variants())


def enough(found: Sequence[bool], mode: str) -> bool:
    """Whether what was found suffices: every piece, or one where the question says so."""
    return any(found) if mode == "any" else all(found)


def as_ranking(
    question: Question, passages: Sequence[str]
) -> tuple[list[str], Mapping[str, float]]:
    """Passages as ids for rank metrics.

    Pieces of evidence at one measure are one unit (one passage holds them all), and under
    ``gold_mode: any`` all pieces are.  The first passage that holds a unit bears its id; one
    that holds only units already found earns nothing more.
    """
    units: dict[str, list[Evidence]] = {}
    for piece in question.gold:
        where = f"{name_key(piece.doc_number or piece.title)}#{label_key(piece.measure)}"
        units.setdefault("any" if question.gold_mode == "any" else where, []).append(piece)
    ranking: list[str] = []
    for place, passage in enumerate(passages, 1):
        new = (
            name
            for name, pieces in units.items()
            if name not in ranking and any(holds_evidence(passage, piece) for piece in pieces)
        )
        ranking.append(next(new, f"-{place}"))
    return ranking, dict.fromkeys(units, 1.0)


def place_of_enough(question: Question, prediction: Prediction) -> int | None:
    """The least k such that the first k passages hold enough evidence; ``None``: never."""
    places = [
        next((n for n, row in enumerate(prediction.retrieved, 1) if holds_evidence(row.text, g)), 0)
        for g in question.gold
    ]
    if not enough([bool(place) for place in places], question.gold_mode):
        return None
    return min(p for p in places if p) if question.gold_mode == "any" else max(places, default=0)


def evidence_scores(question: Question, prediction: Prediction) -> dict[str, float | None]:
    """recall@k, mrr, ndcg@10, coverage@k and facts_in_context of one question with evidence.

    ``recall@k`` asks for enough evidence within k (1 or 0); ``coverage@k`` is the share of it.
    """
    passages = [row.text for row in prediction.retrieved]
    place = place_of_enough(question, prediction)
    scores: dict[str, float | None] = {
        f"recall@{k}": float(place is not None and place <= k) for k in DEPTHS
    }
    relevant = [any(holds_evidence(p, piece) for piece in question.gold) for p in passages[:10]]
    scores["mrr"] = reciprocal_rank_at([str(hit) for hit in relevant], {"True": 1.0}, 10)
    if question.gold:
        ranking, gains = as_ranking(question, passages)
        scores["ndcg@10"] = ndcg_at(ranking, gains, 10)
        for k in (5, 10):
            scores[f"coverage@{k}"] = recall_at(ranking, gains, k)
    context = fold("".join(passages[:CONTEXT]))
    stated = [states_any(context, spellings) for spellings in question.facts]
    scores["facts_in_context"] = float(all(stated))
    return scores
