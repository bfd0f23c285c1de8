"""Four deliberately broken answerers, each caught by the metric that is there for it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from eval.dataset import Dataset, Evidence, Question
from eval.prediction import Prediction
from eval.scoring import Scored, mean, score

Broken = Callable[[Question, dict], dict]


def _row(piece: Evidence, n: int) -> dict:
    return {
        "n": n,
        "title": piece.title,
        "doc_number": piece.doc_number,
        "measure": piece.measure,
        "text": piece.quote,
        "validity": {},
    }


def faithful(question: Question) -> dict:
    """Quotes its evidence and nothing else; refuses exactly what must be refused."""
    pieces = question.gold_set or question.gold
    rows = [_row(piece, n) for n, piece in enumerate(pieces, 1)]
    said = "\n".join(f"{piece.quote}[{n}]" for n, piece in enumerate(pieces, 1))
    if question.must_refuse:
        return {"id": question.id, "answer": "没有收录这方面的内容。", "refused": True}
    signal = question.signals[0] if question.neutral_refusal else ""
    return {
        "id": question.id,
        "answer": said + signal,
        "refused": False,
        "citations": [row | {"validity": {"status": question.status}} for row in rows],
        "retrieved": [{"text": piece.quote, "score": 1.0} for piece in pieces],
    }


def scored(dev: Dataset, broken: Broken | None = None) -> tuple[Scored, ...]:
    predictions = {}
    for question in dev.questions:
        row = faithful(question)
        predictions[question.id] = Prediction.model_validate(
            broken(question, row) if broken else row
        )
    return score(dev.questions, predictions)


@pytest.fixture(scope="module")
def sound(dev):
    return scored(dev)


def test_the_faithful_answerer_is_not_caught(sound) -> None:
    assert mean(sound, "evidence_cited") == 1
    assert mean(sound, "citation_precision") == 1
    assert mean(sound, "number_faithfulness") == 1
    assert mean(sound, "alce_recall") > 0.97
    assert mean(sound, "refusal_recall") == 1
    assert mean(sound, "false_refusal") == 0
    assert mean(sound, "match_recall") == 1
    assert mean(sound, "match_avoid") == 0
    assert mean(sound, "correct") > 0.75  # some facts stand beside the quotation


def test_random_citation_is_caught_by_the_citation_metrics(dev, sound) -> None:
    random_ = random.Random(3)
    pool = [piece for question in dev.questions for piece in question.gold]

    def cites_at_random(question: Question, row: dict) -> dict:
        strays = random_.sample(pool, len(row.get("citations", [])))
        return row | {"citations": [_row(piece, n) for n, piece in enumerate(strays, 1)]}

    rows = scored(dev, cites_at_random)
    for metric in ("evidence_cited", "citation_precision", "alce_recall", "alce_precision"):
        assert mean(rows, metric) < 0.1, metric
    assert mean(rows, "correct") < 0.2
    assert mean(rows, "recall@5") == mean(sound, "recall@5")  # retrieval is as it was
    assert mean(rows, "facts") == mean(sound, "facts")  # and so is what is said


def test_a_digit_changed_is_caught_by_number_faithfulness(dev, sound) -> None:
    random_ = random.Random(4)

    def miscopies(question: Question, row: dict) -> dict:
        places = [m.start() for m in re.finditer(r"\d", re.sub(r"\[\d+\]", "xxx", row["answer"]))]
        if row["refused"] or not places:
            return row
        at, answer = random_.choice(places), row["answer"]
        other = str((int(answer[at]) + random_.randint(1, 9)) % 10)
        return row | {"answer": answer[:at] + other + answer[at + 1 :]}

    rows = scored(dev, miscopies)
    before = {row.question.id: row for row in sound}
    changed = [
        row for row in rows if row.prediction.answer != before[row.question.id].prediction.answer
    ]
    with_figures = [r for r in changed if before[r.question.id].scores["number_faithfulness"]]
    caught = [r for r in with_figures if r.scores["number_faithfulness"] != 1]
    assert len(with_figures) > 80
    assert len(caught) / len(with_figures) > 0.95
    assert not any(row.scores["sound"] for row in caught)
    assert mean(changed, "alce_recall") < mean(sound, "alce_recall") - 0.2
    assert mean(rows, "evidence_cited") == 1  # the citations are as they were


def test_refusing_everything_is_caught_by_false_refusal_and_refusal_precision(dev, sound) -> None:
    def refuses(question: Question, row: dict) -> dict:
        return {"id": row["id"], "answer": "没有收录这方面的内容。", "refused": True}

    rows = scored(dev, refuses)
    assert mean(rows, "refusal_recall") == 1  # this alone would praise it
    assert mean(rows, "false_refusal") == 1
    assert mean(rows, "refusal_precision") < 0.15
    assert mean(rows, "correct") < 0.1


def test_dumping_all_passages_is_caught_by_length_and_precision(dev, sound) -> None:
    pool = [piece for question in dev.questions for piece in question.gold][::20]

    def dumps(question: Question, row: dict) -> dict:
        if row["refused"]:
            return row
        strays = [_row(p, n) for n, p in enumerate(pool, len(row["citations"]) + 1)]
        answer = row["answer"] + "\n".join(f"{stray['text']}[{stray['n']}]" for stray in strays)
        return row | {"answer": answer, "citations": row["citations"] + strays}

    rows = scored(dev, dumps)
    assert mean(rows, "facts") >= mean(sound, "facts")  # these alone would praise it
    assert mean(rows, "evidence_cited") == 1
    assert mean(rows, "citation_precision") < 0.2
    assert mean(rows, "answer_chars") > 1000
    assert mean([r for r in rows if r.question.set == "A"], "sound") == 0
    assert mean(rows, "match_listed") > 3


def test_the_same_footer_under_every_answer_signals_nothing(dev) -> None:
    """A disclaimer under everything must not count as having pointed out an absence."""

    def disclaims(question: Question, row: dict) -> dict:
        said = row["answer"]
        for signal in question.signals if question.neutral_refusal else ():
            said = said.replace(signal, "")
        return row | {"answer": said + "\n以上内容没有提供的，无法确认。"}

    rows = [row for row in scored(dev, disclaims) if row.question.neutral_refusal]
    assert mean(rows, "signalled") < 0.5
