"""Retrieval side by side with the usual recipes: recall by subset and milliseconds, one process.

    python scripts/bench_retrieval.py                       all systems, set A
    python scripts/bench_retrieval.py --rows 150000         adds the lexical index at that size

The usual recipes are those of ``eval.baselines``: RecursiveCharacterTextSplitter with Chroma, with
rank_bm25 over jieba, and both fused; where the machine has no stock encoder, Chroma gets ours.
Times are of the second pass over the questions; the first one warms up.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from assistant.question import understand
from assistant.retrieval.search import Retriever
from assistant.settings import ROOT, get_settings
from assistant.store.open import open_encoder, open_index
from embeddings.lexical_index import LexicalIndex, Row
from eval.baselines.passages import MissingPartError
from eval.baselines.systems import BASELINES
from eval.text import holds

QUESTIONS = ROOT / "eval" / "datasets" / "dev.jsonl"
DEPTHS = (1, 5, 10)
Search = Callable[[dict[str, Any]], list[str]]


def systems(console: Console) -> Iterator[tuple[str, Search]]:
    """Name and function from a question's record to the texts found, best first.

    One is made after the other has been used: the recipes share one Chroma collection.
    """
    settings = get_settings()
    retriever = Retriever(open_index(settings), open_encoder(settings))

    def ours(record: dict[str, Any]) -> list[str]:
        query = understand(record["question"], as_of=record.get("as_of"))
        return [hit.measure.text for hit in retriever.search(query, 10)]

    yield "this project", ours
    for name, build in BASELINES.items():
        try:
            baseline, _ = build(settings.sources, "")
        except MissingPartError as error:
            console.print(f"{name}: {error}")
            continue
        yield name, _plain(baseline)


def _plain(baseline: Any) -> Search:
    return lambda record: [d.page_content for d in baseline.invoke(record["question"])[:10]]


def evaluate(search: Search, records: Sequence[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray]:
    """Recall of shape (questions, depths), and milliseconds of shape (questions,)."""
    for record in records:
        search(record)
    spent, recall = [], []
    for record in records:
        began = time.perf_counter()
        texts = search(record)
        spent.append((time.perf_counter() - began) * 1000)
        recall.append([_met(record, texts[:depth]) for depth in DEPTHS])
    return np.array(recall, float), np.array(spent)


def _met(record: dict[str, Any], texts: Sequence[str]) -> bool:
    met = [
        any(holds(text, v["quote"]) for text in texts for v in (piece, *piece.get("alts", [])))
        for piece in record["gold"]
    ]
    return any(met) if record.get("gold_mode") == "any" else all(met)


def report(name: str, recall: np.ndarray, spent: np.ndarray, cold: np.ndarray) -> list[str]:
    """One row of the table."""
    every = "/".join(f"{value:.2f}" for value in recall.mean(axis=0))
    at5 = [f"{recall[mask, 1].mean():.2f}" for mask in (~cold, cold)]
    times = [f"{np.quantile(spent, q):.1f}" for q in (0.5, 0.95)]
    return [name, every, *at5, *times]


def large_index(rows: int, console: Console) -> None:
    """Build, open and query the lexical index at ``rows`` rows made from the project's texts."""
    texts = [m.text for m in open_index(get_settings()).catalogue.measures() if len(m.text) > 60]
    sentences = [s for text in texts for s in text.split("。") if len(s) > 15]
    shuffle = random.Random(7)
    made = (
        Row(
            f"{n}",
            {"body": "。".join(shuffle.choices(sentences, k=4)), "title": texts[n % 50][:30]},
        )
        for n in range(rows)
    )
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        LexicalIndex.build(made, Path(folder))
        built = time.perf_counter() - began
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 2**20
        began = time.perf_counter()
        index = LexicalIndex.open(Path(folder))
        opened = time.perf_counter() - began
        spent = []
        for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
            question = understand(json.loads(line).get("question") or "补贴")
            began = time.perf_counter()
            index.search(question.terms, 50)
            spent.append((time.perf_counter() - began) * 1000)
    console.print(
        f"lexical index, {rows} rows: build {built:.0f} s, {size:.0f} MiB, "
        f"open {opened * 1000:.0f} ms, "
        f"query median {np.median(spent):.1f} ms, p95 {np.quantile(spent, 0.95):.1f} ms"
    )


def main(
    rows: Annotated[int, typer.Option(help="also time the lexical index at this size")] = 0,
    questions: Annotated[Path, typer.Option(help="evaluation dataset")] = QUESTIONS,
) -> None:
    """Print the table."""
    console = Console(width=110)
    lines = questions.read_text(encoding="utf-8").splitlines()
    records = [r for r in map(json.loads, lines) if r["set"] == "A" and r.get("gold")]
    cold = np.array([bool(record.get("cold")) for record in records])
    table = Table(title=f"{len(records)} questions of set A")
    for column in ("system", "recall@1/5/10", "hot @5", "cold @5", "median ms", "p95 ms"):
        table.add_column(column)
    for name, search in systems(console):
        table.add_row(*report(name, *evaluate(search, records), cold))
    console.print(table)
    if rows:
        large_index(rows, console)


if __name__ == "__main__":
    typer.run(main)
