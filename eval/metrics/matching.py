"""Matching a company with measures: what it can get is listed, what it cannot is not."""

from __future__ import annotations

from eval.dataset import Question
from eval.metrics.citation import is_evidence
from eval.prediction import Prediction

ENOUGH = 0.8


def match_scores(question: Question, prediction: Prediction) -> dict[str, float | None]:
    """``match_recall``, ``match_avoid`` (share of the traps listed), ``match_listed`` (rows per
    gold row) and ``correct`` (80 % recall and no trap)."""
    rows = prediction.matches or prediction.citations
    places = [place for row in rows for place in row.places()]
    good = [any(is_evidence(place, piece) for place in places) for piece in question.gold_set]
    traps = [
        any(is_evidence(place, piece) for place in places)
        for piece in question.avoid_set
        if piece.quote
    ]
    recall = sum(good) / len(good)
    return {
        "match_recall": recall,
        "match_avoid": sum(traps) / len(traps) if traps else 0.0,
        "match_listed": len(rows) / len(good),
        "correct": float(recall >= ENOUGH and not any(traps)),
    }
