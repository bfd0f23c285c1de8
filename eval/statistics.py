"""How sure are the figures?  Resampling over questions, seeded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

RESAMPLES = 10_000
SEED = 20_240_501
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its bootstrap interval; ``n`` questions."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Difference:
    """B minus A on the questions that both have; ``p`` of the paired permutation test."""

    mean_a: float
    mean_b: float
    low: float
    high: float
    p: float
    n: int
    better: int
    worse: int

    @property
    def mean(self) -> float:
        return self.mean_b - self.mean_a


def _resampled_means(
    values: npt.NDArray[np.float64], resamples: int, seed: int
) -> npt.NDArray[np.float64]:
    """Means (resamples,) of draws with replacement, as many as there are values."""
    return values[_draws(len(values), resamples, seed)].mean(axis=1)


@lru_cache(maxsize=8)
def _draws(n: int, resamples: int, seed: int) -> npt.NDArray[np.int32]:
    """Places (resamples, n) drawn with replacement; metrics of equal n share them."""
    return np.random.default_rng(seed).integers(0, n, size=(resamples, n), dtype=np.int32)


def bootstrap(
    values: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED, level: float = LEVEL
) -> Interval:
    """Mean with its percentile interval.

    B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.  Where every
    value is 1, or every value 0, resampling would claim certainty; the exact interval of a
    share is given instead (C. Clopper, E. Pearson, Biometrika 26, 1934).

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no values to take the mean of")
    array = np.asarray(values, dtype=np.float64)
    if array[0] in (0.0, 1.0) and (array == array[0]).all():
        edge = float(((1 - level) / 2) ** (1 / len(array)))
        low, high = (edge, 1.0) if array[0] else (0.0, 1 - edge)
        return Interval(float(array[0]), low, high, len(array))
    means = _resampled_means(array, resamples, seed)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(array.mean()), float(low), float(high), len(array))


def paired(
    a: Mapping[str, float],
    b: Mapping[str, float],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    level: float = LEVEL,
) -> Difference:
    """Compare values by question id on the ids that both have.

    The interval is a bootstrap of the differences; ``p`` is two-sided, from random changes of
    sign (E. Noreen, "Computer-Intensive Methods for Testing Hypotheses", 1989).

    Raises:
        ValueError: no id is in both.
    """
    ids = sorted(a.keys() & b.keys())
    if not ids:
        raise ValueError("no question in common")
    first = np.asarray([a[i] for i in ids], dtype=np.float64)
    second = np.asarray([b[i] for i in ids], dtype=np.float64)
    deltas = second - first
    means = _resampled_means(deltas, resamples, seed)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    signs = np.random.default_rng(seed + 1).choice([-1.0, 1.0], size=(resamples, len(ids)))
    chance = np.abs((signs @ deltas) / len(ids)) >= abs(float(deltas.mean())) - 1e-12
    return Difference(
        mean_a=float(first.mean()),
        mean_b=float(second.mean()),
        low=float(low),
        high=float(high),
        p=float((chance.sum() + 1) / (resamples + 1)),
        n=len(ids),
        better=int((deltas > 0).sum()),
        worse=int((deltas < 0).sum()),
    )


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """p-values corrected for their number.

    S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979.
    """
    corrected: dict[str, float] = {}
    worst = 0.0
    ordered = sorted(p_values.items(), key=lambda item: item[1])
    for rank, (name, p) in enumerate(ordered):
        worst = max(worst, min(1.0, (len(ordered) - rank) * p))
        corrected[name] = worst
    return corrected
