"""The figures on a frozen sample stay what a second, independent scorer found on it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.scoring import mean, score, values

FROZEN = json.loads((Path(__file__).parent / "data" / "sample_figures.json").read_text())


@pytest.fixture(scope="module")
def rows(dev, sample):
    return score([q for q in dev.questions if q.id in sample], sample)


@pytest.mark.parametrize("metric", sorted(FROZEN))
def test_figure_agrees(metric: str, rows) -> None:
    assert mean(rows, metric) == pytest.approx(FROZEN[metric]["mean"], abs=0.005)
    assert len(values(rows, metric)) == FROZEN[metric]["n"]


def test_sample_disturbs_every_metric() -> None:
    """A metric at its best on the whole sample would show nothing."""
    perfect = {name for name, figure in FROZEN.items() if figure["mean"] == 1.0}
    assert perfect <= {"signalled"}
