"""What the answer says: facts, forbidden words, the verdict on validity, refusal, length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eval.dataset import Question
from eval.prediction import Prediction
from eval.text import fold, same_document, states, states_any

LONG = 400  # characters; more is a dump of passages, not an answer

# A status that says as much: an extended or amended rule is in force.
_SAME_STATUS = {
    "extended": frozenset({"extended", "in_force"}),
    "amended": frozenset({"amended", "in_force"}),
    "in_force": frozenset({"in_force", "extended", "amended"}),
}
_FOOTER_SHARE = 0.3
_FOOTER_MINIMUM = 20


def common_phrases(
    questions: Sequence[Question], predictions: Iterable[Prediction]
) -> frozenset[str]:
    """Signal phrases that a system writes under nearly everything: they signal nothing.

    Args:
        questions: whose ``signals`` are looked for.
        predictions: answers to plain content questions.
    """
    answers = [fold(prediction.answer) for prediction in predictions]
    if len(answers) < _FOOTER_MINIMUM:
        return frozenset()
    phrases = {phrase for question in questions for phrase in question.signals}
    return frozenset(
        phrase
        for phrase in phrases
        if sum(states(answer, phrase) for answer in answers) > _FOOTER_SHARE * len(answers)
    )


def fact_scores(question: Question, prediction: Prediction) -> dict[str, float | None]:
    """``facts``: share of the facts stated; ``facts_all``: every one of them is."""
    answer = fold(prediction.answer)
    stated = [states_any(answer, spellings) for spellings in question.facts]
    return {
        "facts": sum(stated) / len(stated) if stated else 1.0,
        "facts_all": float(all(stated)),
    }


def right_verdict(question: Question, prediction: Prediction) -> bool:
    """Whether the answer takes the rule for in force, expired … as it is at the date asked.

    Compared by the ``validity.status`` of the citations of the documents concerned; a system
    that gives none is judged by the words of its answer.
    """
    wanted = [variant for piece in question.gold for variant in piece.variants()]
    stated = {
        row.validity.status
        for row in prediction.citations
        if row.validity.status
        and any(
            same_document(row.doc_number, row.title, piece.doc_number, piece.title)
            for piece in wanted
        )
    }
    if stated and question.status:
        return bool(stated & _SAME_STATUS.get(question.status, frozenset({question.status})))
    if not question.verdict_any:
        return True
    return states_any(fold(prediction.answer), question.verdict_any)


def is_clean(question: Question, prediction: Prediction) -> bool:
    """Nothing forbidden is said."""
    return not states_any(fold(prediction.answer), question.must_not)


def is_signalled(question: Question, prediction: Prediction, common: frozenset[str]) -> bool:
    """Whether absence or correction is made plain, by refusing or by a telling phrase."""
    telling = tuple(phrase for phrase in question.signals if phrase not in common)
    return prediction.refused or states_any(fold(prediction.answer), telling)


def answer_length(prediction: Prediction) -> float:
    """Characters of the answer without white space and citation marks."""
    return float(len(fold(prediction.answer)))
