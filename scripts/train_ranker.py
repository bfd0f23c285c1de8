"""Train the ranker on the development questions; figures are out of fold, grouped by document.

    python scripts/train_ranker.py              prints figures, writes embeddings/ranker.json
    python scripts/train_ranker.py --dry        prints only

The model is linear; its loss is the cross-entropy between the softmax over a question's candidates
and the measures that hold the gold quotes.  Folds keep all questions on one document together.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize

from assistant.candidates import FEATURES, CandidateSearch
from assistant.question import Query, understand
from assistant.settings import get_settings
from assistant.store.open import open_encoder, open_index
from embeddings.ranker import DEFAULT, Ranker
from eval.text import holds

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "eval" / "datasets" / "dev.jsonl"
FOLDS = 8
SETS = ("A", "M", "T", "U")
# Few development questions name a label, none a wrong one: what is known beforehand is said here.
PRIOR = {"label": 8.0, "named": 2.0, "unnamed": -1.0}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its candidates.

    Attributes:
        table: shape (candidates, features).
        holds: shape (evidences, candidates), whether the candidate holds the evidence.
    """

    record: dict[str, Any]
    query: Query
    table: NDArray[np.float32]
    holds: NDArray[np.bool_]

    @property
    def group(self) -> str:
        """The document of the first evidence: it decides the fold."""
        return str(self.record["gold"][0]["title"])


def load(path: Path, search: CandidateSearch) -> list[Asked]:
    """Questions with evidence, each with the features of its candidates."""
    asked = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["set"] not in SETS or not record.get("gold"):
            continue
        text = record.get("standalone") or record.get("question") or record["turns"][-1]
        district = (record.get("profile") or {}).get("district")
        query = understand(text, district=district, as_of=record.get("as_of"))
        query = replace(query, sides=())
        found = search.find(query)
        if not found.rows:
            continue
        texts = [search.rows.measure(row).text for row in found.rows]
        holds = np.array([[_holds(e, t) for t in texts] for e in record["gold"]], bool)
        asked.append(Asked(record, query, found.table, holds))
    return asked


def _holds(evidence: dict[str, Any], text: str) -> bool:
    quotes = [evidence["quote"], *(alt["quote"] for alt in evidence.get("alts", []))]
    return any(holds(text, quote) for quote in quotes)


def fit(train: Sequence[Asked], strength: float, used: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights by feature; ``used`` switches features off."""
    usable = [a for a in train if a.holds.any()]
    prior = np.array([PRIOR.get(name, 0.0) for name in FEATURES])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = (
            strength * float(((weights - prior) ** 2).sum()),
            2 * strength * (weights - prior),
        )
        for a in usable:
            scores = a.table @ weights
            share = np.exp(scores - scores.max())
            share /= share.sum()
            target = a.holds.any(axis=0)
            right = share * target
            mass = max(float(right.sum()), 1e-9)
            total -= np.log(mass)
            slope += (a.table * (share - right / mass)[:, None]).sum(axis=0)
        return total, slope * used

    found = minimize(loss, prior, jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return np.asarray(found.x, np.float64)


def recall(a: Asked, weights: NDArray[np.float64], k: int) -> float:
    """1 when the best ``k`` candidates hold what is needed."""
    order = np.argsort(-(a.table @ weights), kind="stable")[:k]
    met = a.holds[:, order].any(axis=1)
    return float(met.any() if a.record.get("gold_mode") == "any" else met.all())


def cross_validated(
    asked: Sequence[Asked], strength: float, used: NDArray[np.bool_]
) -> list[NDArray[np.float64]]:
    """For each question the weights that were fitted without its document."""
    groups = sorted({a.group for a in asked})
    fold = {group: i % FOLDS for i, group in enumerate(groups)}
    fitted = [fit([a for a in asked if fold[a.group] != f], strength, used) for f in range(FOLDS)]
    return [fitted[fold[a.group]] for a in asked]


def report(asked: Sequence[Asked], weights: Sequence[NDArray[np.float64]], title: str) -> Table:
    """Recall by subset."""
    table = Table(title=title)
    for column in ("subset", "n", "R@1", "R@5", "R@10", "R@all"):
        table.add_column(column)
    subsets = {
        "A": lambda r: r["set"] == "A",
        "A cold": lambda r: r["set"] == "A" and r.get("cold"),
        "A hot": lambda r: r["set"] == "A" and not r.get("cold"),
        "A plain": lambda r: r["set"] == "A" and r["style"] == "plain",
        "M": lambda r: r["set"] == "M",
        "T": lambda r: r["set"] == "T",
    }
    for name, chosen in subsets.items():
        pairs = [(a, w) for a, w in zip(asked, weights, strict=True) if chosen(a.record)]
        figures = [np.mean([recall(a, w, k) for a, w in pairs]) for k in (1, 5, 10, 10_000)]
        table.add_row(name, str(len(pairs)), *(f"{figure:.3f}" for figure in figures))
    return table


def main(
    dry: Annotated[bool, typer.Option(help="print, do not write")] = False,
    strength: Annotated[float, typer.Option(help="of the L2 penalty")] = 0.2,
    drop: Annotated[str, typer.Option(help="features left out, with commas")] = "",
    questions: Annotated[Path, typer.Option(help="evaluation dataset")] = QUESTIONS,
) -> None:
    """Fit, report, and write the weights."""
    settings = get_settings()
    search = CandidateSearch(open_index(settings), open_encoder(settings))
    asked = load(questions, search)
    out = set(drop.split(","))
    used = np.array([name not in out for name in FEATURES])
    console = Console()
    console.print(report(asked, cross_validated(asked, strength, used), "out of fold"))
    weights = fit(asked, strength, used)
    console.print(report(asked, [weights] * len(asked), "on the training questions"))
    named = dict(zip(FEATURES, weights.tolist(), strict=True))
    for name, weight in sorted(named.items(), key=lambda item: -abs(item[1])):
        console.print(f"{name:22} {weight:+.3f}")
    if not dry:
        made = {"questions": len(asked), "strength": strength, "folds": FOLDS}
        Ranker({n: w for n, w in named.items() if w}).save(DEFAULT, made=made)


if __name__ == "__main__":
    typer.run(main)
