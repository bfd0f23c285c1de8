"""A run on disk: what was asked, what was answered, and on which ground.

``<folder>/<name>/`` holds ``manifest.json``, ``predictions.jsonl`` (one line as soon as it is
answered, so that an interrupted run resumes), and later ``summary.json`` and ``report.html``.
A finished run of the same name moves to ``<name>.previous`` when a new one starts.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import BadInputError
from eval import dataset
from eval.dataset import Dataset
from eval.prediction import Prediction, read
from eval.scoring import Scored, score


@dataclass(frozen=True, slots=True)
class Run:
    """A run read back and scored."""

    name: str
    folder: Path
    manifest: Mapping[str, Any]
    rows: tuple[Scored, ...]

    @property
    def out_of_reach(self) -> frozenset[str]:
        """Metrics that the system cannot earn by design, as its description says."""
        return frozenset(self.manifest.get("system", {}).get("out_of_reach", ()))

    def values(self, metric: str) -> dict[str, float]:
        """The metric by question id, where it applies."""
        found = ((row.question.id, row.scores.get(metric)) for row in self.rows)
        return {name: value for name, value in found if value is not None}


def manifest_path(folder: Path) -> Path:
    return folder / "manifest.json"


def predictions_path(folder: Path) -> Path:
    return folder / "predictions.jsonl"


def read_manifest(folder: Path) -> dict[str, Any] | None:
    path = manifest_path(folder)
    if not path.is_file():
        return None
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def write_json(path: Path, value: Any) -> None:
    """Write through a neighbouring file, so that no half-written one is ever read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(path.suffix + ".new")
    beside.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    beside.replace(path)


def previous_folder(folder: Path) -> Path:
    return folder.with_name(folder.name + ".previous")


def set_aside(folder: Path) -> None:
    """Keep the finished run as the previous one, for the report's differences."""
    if folder.is_dir():
        shutil.rmtree(previous_folder(folder), ignore_errors=True)
        folder.rename(previous_folder(folder))


def answers_so_far(folder: Path) -> dict[str, Prediction]:
    path = predictions_path(folder)
    return read(path) if path.is_file() else {}


def load_run(folder: Path) -> Run:
    """Read a run and score it with today's metrics.

    Raises:
        BadInputError: the folder holds no run, or its questions cannot be found any more.
        DatasetError: its dataset cannot be read.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise BadInputError(f"{folder} 里没有评测结果", "先运行 assistant eval run")
    questions = select(dataset.load(manifest["datasets"]), manifest.get("selection", {}))
    return Run(folder.name, folder, manifest, score(questions.questions, answers_so_far(folder)))


def select(data: Dataset, selection: Mapping[str, Any]) -> Dataset:
    """The questions of the given sets, at most ``every``-th of them."""
    sets, every = selection.get("sets"), selection.get("every", 1)
    questions = [q for q in data.questions if not sets or q.set in sets][::every]
    if not questions:
        raise BadInputError("没有选中任何题目")
    return Dataset(data.name, tuple(questions), data.sha256)
