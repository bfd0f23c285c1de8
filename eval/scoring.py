"""One prediction against one question, and all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from eval.dataset import Question
from eval.metrics.answer import (
    LONG,
    answer_length,
    common_phrases,
    fact_scores,
    is_clean,
    is_signalled,
    right_verdict,
)
from eval.metrics.citation import gold_citation_scores, statement_scores
from eval.metrics.evidence import evidence_scores
from eval.metrics.matching import match_scores
from eval.metrics.numbers import number_faithfulness
from eval.prediction import Prediction

Scores = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Scored:
    """A question, what was answered, and its scores (``None``: the metric does not apply)."""

    question: Question
    prediction: Prediction
    scores: Mapping[str, float | None]
    slices: Mapping[str, str] = field(default_factory=dict)

    @property
    def correct(self) -> bool:
        return bool(self.scores["correct"])


def score_question(
    question: Question, prediction: Prediction, common: frozenset[str] = frozenset()
) -> Scores:
    """All metrics that apply to the question."""
    scores = _scores_of_kind(question, prediction, common)
    scores["number_faithfulness"] = number_faithfulness(question, prediction)
    scores |= statement_scores(question, prediction)
    scores["latency_ms"] = prediction.latency_ms
    scores["failed"] = float(prediction.error is not None)
    if prediction.error is not None:
        scores["correct"] = 0.0
    scores["sound"] = float(
        bool(scores["correct"])
        and scores["number_faithfulness"] in (None, 1.0)
        and (bool(question.gold_set) or answer_length(prediction) <= LONG)
    )
    return scores


def _scores_of_kind(question: Question, prediction: Prediction, common: frozenset[str]) -> Scores:
    if question.gold_set:
        return match_scores(question, prediction)
    verdict = right_verdict(question, prediction)
    clean = verdict and is_clean(question, prediction)
    answered = not prediction.error
    if question.must_refuse:
        refused = float(prediction.refused and clean and answered)
        precision = 1.0 if prediction.refused else None
        return {
            "clean": float(clean),
            "refusal_recall": refused,
            "refusal_precision": precision,
            "correct": refused,
        }
    scores: Scores = {"clean": float(clean), "answer_chars": answer_length(prediction)}
    scores |= evidence_scores(question, prediction)
    scores |= fact_scores(question, prediction)
    scores |= gold_citation_scores(question, prediction)
    if question.status:
        scores["validity_accuracy"] = float(verdict)
    good = clean and bool(scores["facts_all"])
    good = good and (bool(scores["evidence_cited"]) or not question.gold)
    if question.neutral_refusal:
        signalled = is_signalled(question, prediction, common)
        scores["signalled"] = float(signalled)
        good = good and signalled
    else:
        scores["false_refusal"] = float(prediction.refused)
        if prediction.refused:
            scores["refusal_precision"] = 0.0
        good = good and not prediction.refused
    scores["correct"] = float(good)
    return scores


def slices_of(question: Question) -> dict[str, str]:
    """The groups that the report tells apart."""
    return {
        "set": question.set,
        "kind": question.kind,
        "style": question.style,
        "training": "cold" if question.cold else "hot",
        "place": question.place,
    }


def score(
    questions: Sequence[Question], predictions: Mapping[str, Prediction]
) -> tuple[Scored, ...]:
    """Every question scored; one without a prediction counts as failed, never as refused."""
    given = {
        q.id: predictions.get(q.id) or Prediction(id=q.id, error="没有回答") for q in questions
    }
    common = common_phrases(
        questions, (given[q.id] for q in questions if q.set == "A" and not given[q.id].error)
    )
    return tuple(
        Scored(q, given[q.id], score_question(q, given[q.id], common), slices_of(q))
        for q in questions
    )


def values(rows: Iterable[Scored], metric: str) -> list[float]:
    """The metric's values on the questions that it applies to."""
    found = (row.scores.get(metric) for row in rows)
    return [value for value in found if value is not None]


def mean(rows: Iterable[Scored], metric: str) -> float | None:
    found = values(rows, metric)
    return sum(found) / len(found) if found else None
