"""Thresholds that a run must keep, in ``eval/thresholds.toml``.

::

    [full.all]                 # profile "full", over all questions
    correct = { min = 0.70 }
    [full.T]                   # … over set T alone
    validity_accuracy = { min = 0.80 }
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import BadInputError
from eval.metrics.catalogue import METRICS, Metric
from eval.scoring import Scored, mean

THRESHOLDS = Path(__file__).with_name("thresholds.toml")


@dataclass(frozen=True, slots=True)
class Threshold:
    group: str  # "all" or a set
    metric: Metric
    minimum: float | None
    maximum: float | None

    def holds(self, value: float | None) -> bool:
        """Whether the value keeps it; a figure that cannot be had does not."""
        if value is None:
            return False
        above = self.minimum is None or value >= self.minimum
        return above and (self.maximum is None or value <= self.maximum)

    @property
    def words(self) -> str:
        parts = [
            f"≥ {self.metric.show(self.minimum)}" if self.minimum is not None else "",
            f"≤ {self.metric.show(self.maximum)}" if self.maximum is not None else "",
        ]
        return " 且 ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Checked:
    threshold: Threshold
    value: float | None

    @property
    def passed(self) -> bool:
        return self.threshold.holds(self.value)


@dataclass(frozen=True, slots=True)
class Profile:
    """Thresholds with the questions that they are meant for."""

    name: str
    sets: tuple[str, ...]
    every: int
    thresholds: tuple[Threshold, ...]


def load_profile(name: str, path: Path = THRESHOLDS) -> Profile:
    """A profile of the thresholds file.

    Raises:
        BadInputError: no such file or profile, or an entry in it has no meaning.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadInputError(f"找不到阈值文件 {path}") from error
    except tomllib.TOMLDecodeError as error:
        raise BadInputError(f"{path.name} 不是正确的 TOML：{error}") from error
    if name not in content:
        raise BadInputError(f"{path.name} 里没有 {name}", f"现有：{'、'.join(content)}")
    profile = dict(content[name])
    questions = profile.pop("questions", {})
    thresholds = tuple(
        _threshold(path.name, f"{name}.{group}", group, metric, entry)
        for group, entries in profile.items()
        for metric, entry in entries.items()
    )
    if not thresholds:
        raise BadInputError(f"{path.name} 的 {name} 里没有任何阈值")
    return Profile(
        name, tuple(questions.get("sets", ())), int(questions.get("every", 1)), thresholds
    )


def _threshold(
    file: str, where: str, group: str, metric: str, entry: Mapping[str, Any]
) -> Threshold:
    if metric not in METRICS:
        raise BadInputError(f"{file} 的 [{where}] 里没有叫 {metric} 的指标")
    if not entry or entry.keys() - {"min", "max"}:
        raise BadInputError(f"{file} 的 [{where}] {metric} 只能写 min 和 max")
    return Threshold(group, METRICS[metric], entry.get("min"), entry.get("max"))


def check(profile: Profile, rows: Sequence[Scored]) -> list[Checked]:
    """Every threshold against the rows of its group."""
    return [
        Checked(
            threshold,
            mean(
                (row for row in rows if threshold.group in ("all", row.question.set)),
                threshold.metric.name,
            ),
        )
        for threshold in profile.thresholds
    ]
