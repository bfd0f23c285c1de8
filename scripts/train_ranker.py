"""Fit the ranker on the reading questions about documents that are not held out.

    python scripts/train_ranker.py              prints figures, writes embeddings/ranker.json
    python scripts/train_ranker.py --dry        prints only

The model is linear; its loss is the cross-entropy between the softmax over a question's candidates
and the measures that hold the evidence.  Every second question is seen as if its document were
new, without authored questions; the figures are those of the held-out documents, seen that way.
No development question is read.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from scipy.optimize import minimize

from assistant.question import understand
from assistant.retrieval.candidates import FEATURES, CandidateSearch
from assistant.settings import ROOT, get_settings
from assistant.store.open import open_encoder, open_index
from embeddings.ranker import DEFAULT, Ranker
from embeddings.training.evidence import bare, held_out

QUESTIONS = ROOT / "data" / "questions" / "reading"
OTHER = ("laws",)  # not about our documents
# Few questions name a label, none a wrong one: what is known beforehand is said here.
PRIOR = {"label": 8.0, "named": 2.0, "unnamed": -1.0}
AUTHORED = [FEATURES.index("lex_questions"), FEATURES.index("has_questions")]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its candidates.

    Attributes:
        table: shape (candidates, features), as if the document were new where ``new``.
        right: shape (candidates,), whether the candidate holds evidence.
        held_out: only measured on.
    """

    table: NDArray[np.float32]
    right: NDArray[np.bool_]
    held_out: bool
    style: str


def questions(folder: Path, limit: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Answered questions without earlier turns, in a fixed random order."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem not in OTHER:
            rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
            found += [
                q for q in rows if q.get("evidence") and q["kind"] != "absent" and "turns" not in q
            ]
    random.Random(seed).shuffle(found)
    kept = [q for q in found if any(held_out(e["doc"]) for e in q["evidence"])]
    trained = [q for q in found if not any(held_out(e["doc"]) for e in q["evidence"])]
    yield from kept
    yield from trained[:limit]


def case(question: dict[str, Any], number: int, search: CandidateSearch) -> Case | None:
    """None where no candidate holds the evidence."""
    found = search.find(understand(question["question"]))
    if not found.rows:
        return None
    wanted = {
        (bare(e["doc"]), bare(e["label"]), bare(e["quote"]))
        for e in [*question["evidence"], *question.get("alts", [])]
    }
    titles = {title for title, _, _ in wanted}
    right, own = [], []
    for row in found.rows:
        title, measure = bare(search.rows.document(row).title), search.rows.measure(row)
        label, text = bare(measure.label or ""), bare(measure.text)
        own.append(title in titles)
        right.append(
            any(
                t == title and (free[0] == "~" or free == label) and quote in text
                for t, free, quote in wanted
            )
        )
    if not any(right):
        return None
    out = any(held_out(title) for title in titles)
    table = found.table.copy()
    if out or number % 2:
        for feature in AUTHORED:
            table[own, feature] = 0
    return Case(table, np.array(right), out, question["style"])


def fit(cases: Sequence[Case], strength: float, used: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights by feature; ``used`` switches features off."""
    prior = np.array([PRIOR.get(name, 0.0) for name in FEATURES])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total = strength * float(((weights - prior) ** 2).sum())
        slope = 2 * strength * (weights - prior)
        for c in cases:
            scores = c.table @ weights
            share = np.exp(scores - scores.max())
            share /= share.sum()
            right = share * c.right
            mass = max(float(right.sum()), 1e-9)
            total -= np.log(mass)
            slope += ((share - right / mass)[:, None] * c.table).sum(axis=0)
        return total, slope * used

    found = minimize(loss, prior * used, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(found.x, np.float64)


def recalls(cases: Sequence[Case], weights: NDArray[np.float64]) -> str:
    """Share of the cases whose best 1, 4, 8, 10 candidates hold evidence."""
    places = []
    for c in cases:
        order = np.argsort(-(c.table @ weights), kind="stable")
        places.append(int(np.argmax(c.right[order])))
    return " / ".join(f"{np.mean([p < k for p in places]):.3f}" for k in (1, 4, 8, 10))


def main(
    dry: Annotated[bool, typer.Option(help="print, do not write")] = False,
    strength: Annotated[float, typer.Option(help="of the L2 penalty")] = 1.0,
    limit: Annotated[int, typer.Option(help="training questions")] = 2400,
    drop: Annotated[list[str] | None, typer.Option(help="also fit without these")] = None,
) -> None:
    """Fit, report, and write the weights."""
    settings = get_settings()
    search = CandidateSearch(open_index(settings), open_encoder(settings))
    cases = [c for n, q in enumerate(questions(QUESTIONS, limit)) if (c := case(q, n, search))]
    train, rest = [c for c in cases if not c.held_out], [c for c in cases if c.held_out]
    console = Console()
    console.print(f"{len(train)} questions to fit, {len(rest)} held out; recall@1/4/8/10")
    shipped = Ranker.load()
    before = np.array([shipped.weights.get(name, 0.0) for name in FEATURES])
    console.print(f"{'shipped':28} {recalls(rest, before)}")
    for names in [[], *([name] for name in drop or ())]:
        used = np.array([f not in ",".join(names).split(",") for f in FEATURES])
        weights = fit(train, strength, used)
        console.print(
            f"{'without ' + ','.join(names) if names else 'all':28} {recalls(rest, weights)}"
        )
        if not names:
            best = weights
    named = dict(zip(FEATURES, best.tolist(), strict=True))
    for name, weight in sorted(named.items(), key=lambda item: -abs(item[1])):
        console.print(f"{name:22} {weight:+.3f}")
    if not dry:
        made = {"questions": len(train), "strength": strength}
        Ranker({n: w for n, w in named.items() if w}).save(DEFAULT, made=made)


if __name__ == "__main__":
    typer.run(main)
