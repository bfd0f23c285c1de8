"""Two runs on the same questions: what got better or worse, and is it more than chance?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.metrics.catalogue import METRICS, Metric
from eval.runs import Run
from eval.scoring import Scored
from eval.statistics import Difference, holm, paired

COMPARED = tuple(name for name, metric in METRICS.items() if metric.better and name != "failed")
ALPHA = 0.05
# Families over which p-values are corrected: what a change is judged by.
JUDGED = ("sound", "correct", "recall@5", "mrr", "evidence_cited", "alce_recall", "facts_all")


@dataclass(frozen=True, slots=True)
class Line:
    """One metric of both runs; ``p_holm`` only for the metrics that a change is judged by."""

    metric: Metric
    difference: Difference
    p_holm: float | None = None

    @property
    def verdict(self) -> str:
        """``better``, ``worse`` or ``even`` for B.

        By the interval of the difference and the p-value, corrected where it is.
        """
        low, high = self.difference.low, self.difference.high
        p = self.difference.p if self.p_holm is None else self.p_holm
        if low <= 0 <= high or p >= ALPHA:
            return "even"
        return "better" if (low > 0) == (self.metric.better == "higher") else "worse"


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose outcome differs between the runs."""

    before: Scored
    after: Scored

    @property
    def better(self) -> bool:
        return self.after.correct and not self.before.correct


@dataclass(frozen=True, slots=True)
class Comparison:
    a: Run
    b: Run
    lines: tuple[Line, ...]
    changes: tuple[Change, ...]

    @property
    def gained(self) -> list[Change]:
        return [change for change in self.changes if change.better]

    @property
    def lost(self) -> list[Change]:
        return [change for change in self.changes if not change.better]


def compare(a: Run, b: Run, metrics: Sequence[str] = COMPARED) -> Comparison:
    """B against A on the questions that both were asked.

    Metrics that apply to no common question are left out.
    """
    lines: list[Line] = []
    for name in metrics:
        first, second = a.values(name), b.values(name)
        if first.keys() & second.keys():
            lines.append(Line(METRICS[name], paired(first, second)))
    corrected = holm({x.metric.name: x.difference.p for x in lines if x.metric.name in JUDGED})
    lines = [replace(line, p_holm=corrected.get(line.metric.name)) for line in lines]
    before = {row.question.id: row for row in a.rows}
    changes = tuple(
        Change(before[row.question.id], row)
        for row in b.rows
        if row.question.id in before and before[row.question.id].correct != row.correct
    )
    return Comparison(a, b, tuple(lines), changes)
