"""A small ranker whose numbers are data: features of a candidate → one score.

Linear by design: every weight can be read and explained, it costs nothing, and with some two
hundred labelled questions a richer model fits the questions instead of the task.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DEFAULT = Path(__file__).resolve().parent / "ranker.json"


@dataclass(frozen=True, slots=True)
class Ranker:
    """Weighted sum over named features; a feature without a weight counts nothing."""

    weights: Mapping[str, float]

    @classmethod
    def load(cls, path: Path = DEFAULT) -> Ranker:
        """Read the weights written by :meth:`save`.

        Raises:
            ValueError: the file is no table of finite numbers.
        """
        weights = json.loads(path.read_text(encoding="utf-8"))["weights"]
        if not all(isinstance(w, int | float) and np.isfinite(w) for w in weights.values()):
            raise ValueError(f"{path}: weights must be finite numbers")
        return cls(weights)

    def save(self, path: Path, *, made: Mapping[str, object]) -> None:
        """Write the weights, with what they were made from."""
        rounded = {name: round(float(weight), 4) for name, weight in self.weights.items()}
        text = json.dumps({"made": made, "weights": rounded}, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")

    def score(self, names: Sequence[str], rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Scores of shape (rows,) for a feature matrix of shape (rows, len(names))."""
        vector = np.array([self.weights.get(name, 0.0) for name in names], np.float32)
        return rows @ vector
