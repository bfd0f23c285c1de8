"""Ask an endpoint every question of a dataset, once, and keep what it says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.errors import AssistantError
from eval import dataset, runs
from eval.dataset import Question
from eval.endpoints import Endpoint
from eval.prediction import Prediction
from eval.provenance import commit, fingerprint, versions
from eval.statistics import SEED

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask: datasets by name or path, and which of their questions."""

    datasets: tuple[str, ...] = ("dev",)
    sets: tuple[str, ...] = ()
    every: int = 1

    @property
    def selection(self) -> dict[str, Any]:
        return {"sets": list(self.sets), "every": self.every}


def identity(plan: Plan, sha256: str, endpoint: Endpoint) -> dict[str, Any]:
    """What must be equal for an interrupted run to be continued."""
    return {
        "datasets": list(plan.datasets),
        "selection": plan.selection,
        "dataset_sha256": sha256,
        "endpoint": endpoint.name,
        "system": dict(endpoint.description),
    }


def run(
    plan: Plan,
    endpoint: Endpoint,
    folder: Path,
    *,
    fresh: bool = False,
    progress: Progress = lambda done, total: None,
) -> runs.Run:
    """Ask what has not been asked yet, then score everything.

    An interrupted run of the same questions on the same system is continued; a finished or
    different one is set aside as the previous run.  Questions are asked in the order of the
    dataset, one at a time, so that latencies are comparable.
    """
    data = runs.select(dataset.load(plan.datasets), plan.selection)
    wanted = identity(plan, data.sha256, endpoint)
    before = runs.read_manifest(folder)
    resumable = (
        before is not None
        and not fresh
        and not before.get("finished")
        and before.get("identity") == fingerprint(wanted)
    )
    if before is not None and not resumable:
        runs.set_aside(folder)
    folder.mkdir(parents=True, exist_ok=True)
    manifest = wanted | {
        "identity": fingerprint(wanted),
        "started": before["started"] if resumable and before else _now(),
        "finished": None,
        "commit": commit(),
        "versions": versions(),
        "seed": SEED,
    }
    runs.write_json(runs.manifest_path(folder), manifest)
    done = _whole_lines(folder) if resumable else set()
    _ask_all(data.questions, done, endpoint, folder, progress)
    runs.write_json(runs.manifest_path(folder), manifest | {"finished": _now()})
    return runs.load_run(folder)


def _whole_lines(folder: Path) -> set[str]:
    """Ids answered so far; a last line cut short by the interruption is dropped."""
    path = runs.predictions_path(folder)
    if not path.is_file():
        return set()
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        path.write_text(whole, encoding="utf-8")
    return {json.loads(line)["id"] for line in whole.splitlines()}


def _ask_all(
    questions: Sequence[Question],
    done: set[str],
    endpoint: Endpoint,
    folder: Path,
    progress: Progress,
) -> None:
    with runs.predictions_path(folder).open("a", encoding="utf-8") as out:
        for number, question in enumerate(questions, 1):
            if question.id not in done:
                row = ask_one(endpoint, question.request())
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
                out.flush()
            progress(number, len(questions))


def ask_one(endpoint: Endpoint, request: Mapping[str, Any]) -> dict[str, Any]:
    """The endpoint's answer with the time it took; its own errors are part of the result.

    So is an answer that is not in the form of the contract.
    """
    start = time.perf_counter()
    try:
        row = dict(endpoint.answer(request))
    except AssistantError as error:
        row = {"error": str(error)}
    took = (time.perf_counter() - start) * 1000
    row = {"elapsed_ms": round(took, 2)} | row | {"id": request["id"]}
    try:
        Prediction.model_validate(row)
    except ValidationError as error:
        fields = "、".join(".".join(map(str, e["loc"])) for e in error.errors())
        return {"id": request["id"], "error": f"回答不合合约：{fields}"}
    return row


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
