from __future__ import annotations

import random
from itertools import accumulate
from math import comb

import pytest

from eval.statistics import bootstrap, holm, paired


def _shares(n: int, p: float, seed: int) -> list[float]:
    random_ = random.Random(seed)
    return [float(random_.random() < p) for _ in range(n)]


def test_bootstrap_is_seeded_and_holds_the_mean() -> None:
    values = _shares(200, 0.7, 1)
    one, two = bootstrap(values), bootstrap(values)
    assert one == two
    assert one.low < one.mean < one.high
    assert one.mean == pytest.approx(sum(values) / 200)


def test_interval_of_a_share_is_that_of_the_binomial() -> None:
    """Resampling 0s and 1s draws from a binomial, whose quantiles can be reckoned."""
    n, right = 150, 90
    share = right / n
    found = bootstrap([1.0] * right + [0.0] * (n - right))
    mass = [comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    below = list(accumulate(mass))
    low, high = (next(k for k in range(n + 1) if below[k] >= q) / n for q in (0.025, 0.975))
    assert found.low == pytest.approx(low, abs=1.01 / n)
    assert found.high == pytest.approx(high, abs=1.01 / n)


def test_a_clear_difference_is_seen_and_an_absent_one_is_not() -> None:
    a = {str(i): float(i % 2) for i in range(100)}
    better = a | {str(i): 1.0 for i in range(0, 40)}
    found = paired(a, better)
    assert (found.better, found.worse) == (20, 0)
    assert found.mean == pytest.approx(0.2)
    assert found.low > 0 and found.p < 0.001
    same = paired(a, a)
    assert (same.low, same.high, same.p) == (0, 0, 1)


def test_paired_uses_common_questions_only() -> None:
    assert paired({"a": 0.0, "b": 1.0}, {"b": 1.0, "c": 0.0}).n == 1
    with pytest.raises(ValueError, match="in common"):
        paired({"a": 0.0}, {"b": 0.0})


def test_holm_by_hand() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx(
        {"a": 0.03, "c": 0.06, "b": 0.06}
    )
    assert holm({}) == {}


def test_no_values_are_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        bootstrap([])


def test_all_right_is_not_certain() -> None:
    found = bootstrap([1.0] * 20)
    assert found.low == pytest.approx(0.025 ** (1 / 20))
    assert (found.mean, found.high) == (1, 1)
    assert bootstrap([0.0] * 20).high == pytest.approx(1 - found.low)
