"""Our rank metrics give the values of ir-measures, whose arithmetic is trec_eval's."""

from __future__ import annotations

import random

import pytest

from eval.metrics.ranking import ndcg_at, recall_at, reciprocal_rank_at, success_at

ir_measures = pytest.importorskip("ir_measures")


def _random_case(seed: int) -> tuple[list[str], dict[str, float]]:
    random_ = random.Random(seed)
    pool = [f"d{i}" for i in range(40)]
    ranking = random_.sample(pool, random_.randint(1, 30))
    gains = {d: float(random_.randint(1, 3)) for d in random_.sample(pool, random_.randint(1, 8))}
    return ranking, gains


@pytest.mark.parametrize("seed", range(60))
def test_same_values_as_ir_measures(seed: int) -> None:
    from ir_measures import RR, R, Success, nDCG

    ranking, gains = _random_case(seed)
    qrels = [ir_measures.Qrel("q", doc, int(grade)) for doc, grade in gains.items()]
    run = [ir_measures.ScoredDoc("q", doc, -place) for place, doc in enumerate(ranking)]
    measures = [R @ 1, R @ 5, R @ 10, Success @ 5, RR @ 10, nDCG @ 10, nDCG @ 5]
    theirs = ir_measures.calc_aggregate(measures, qrels, run)
    ours = {
        R @ 1: recall_at(ranking, gains, 1),
        R @ 5: recall_at(ranking, gains, 5),
        R @ 10: recall_at(ranking, gains, 10),
        Success @ 5: success_at(ranking, gains, 5),
        RR @ 10: reciprocal_rank_at(ranking, gains, 10),
        nDCG @ 10: ndcg_at(ranking, gains, 10),
        nDCG @ 5: ndcg_at(ranking, gains, 5),
    }
    for measure, value in ours.items():
        assert value == pytest.approx(theirs[measure], abs=1e-9), str(measure)


def test_by_hand() -> None:
    assert reciprocal_rank_at(["x", "a"], {"a": 1.0}, 10) == 1 / 2
    assert reciprocal_rank_at(["x", "a"], {"a": 1.0}, 1) == 0
    assert recall_at(["a", "x", "b"], {"a": 1.0, "b": 1.0}, 2) == 1 / 2
    assert ndcg_at(["a"], {"a": 1.0}, 10) == 1
    assert ndcg_at([], {"a": 1.0}, 10) == 0


def test_evidence_as_ranking_agrees_with_ir_measures(dev, sample) -> None:
    """nDCG@10 and coverage of real passages, judged through ir-measures."""
    from ir_measures import R, nDCG

    from eval.metrics.evidence import as_ranking, evidence_scores

    checked = 0
    for question in dev.questions:
        if question.id not in sample or not question.gold or question.gold_set:
            continue
        prediction = sample[question.id]
        ranking, gains = as_ranking(question, [row.text for row in prediction.retrieved])
        qrels = [ir_measures.Qrel("q", name, 1) for name in gains]
        run = [ir_measures.ScoredDoc("q", name, -n) for n, name in enumerate(ranking)]
        theirs = ir_measures.calc_aggregate([nDCG @ 10, R @ 5], qrels, run)
        ours = evidence_scores(question, prediction)
        assert ours["ndcg@10"] == pytest.approx(theirs[nDCG @ 10], abs=1e-9)
        assert ours["coverage@5"] == pytest.approx(theirs[R @ 5], abs=1e-9)
        checked += 1
    assert checked == 100
