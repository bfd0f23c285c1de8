"""What each part of retrieval adds: recall by subset for a ladder of systems.

    python scripts/ablate_retrieval.py

The last rows use the shipped ranker; its out-of-fold figures are those of scripts/train_ranker.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from assistant.question import Query, understand
from assistant.question.understand import weigh
from assistant.retrieval.candidates import CandidateSearch
from assistant.retrieval.search import Retriever
from assistant.settings import ROOT, get_settings
from assistant.store.open import open_encoder, open_index
from embeddings.fusion import reciprocal_ranks
from eval.text import holds

QUESTIONS = ROOT / "eval" / "datasets" / "dev.jsonl"
DEPTHS = (1, 5, 10)
TEXT = {"title": 0.5, "path": 0.3, "heading": 0.7, "body": 1.0}
Texts = Callable[[Query], Sequence[str]]


class Ladder:
    """Simple systems over the same index as the real one."""

    def __init__(self) -> None:
        settings = get_settings()
        self._index, self._encoder = open_index(settings), open_encoder(settings)
        self._search = CandidateSearch(self._index, self._encoder)
        self._lexical = self._index.lexical
        self.retriever = Retriever(self._index, self._encoder)

    def _read(self, scores: NDArray[np.float32]) -> list[str]:
        rows = np.argsort(-scores, kind="stable")[:10].tolist()
        self._search.rows.read(rows)
        return [self._search.rows.measure(row).text for row in rows]

    def _bm25(self, query: Query, weights: Mapping[str, float], known: bool) -> NDArray[np.float32]:
        terms = query.terms if known else weigh(query.normalised, [], [])
        match = self._lexical.match(terms)
        return sum(
            (match.scores(f) * np.float32(w) for f, w in weights.items()),
            np.zeros(len(self._lexical), np.float32),
        )

    def _dense(self, query: Query) -> NDArray[np.float32]:
        vector = self._encoder.encode_queries([query.normalised])[0]
        position = self._lexical.position
        scores = np.zeros(len(self._lexical), np.float32)
        for measure_id, cosine in self._index.dense.measures(vector, 300):
            scores[position[measure_id]] = cosine
        return scores

    def systems(self) -> dict[str, Texts]:
        """Name → function from a question to texts, from the simplest up."""
        with_questions = TEXT | {"questions": 0.6}
        return {
            "BM25, four text fields": lambda q: self._read(self._bm25(q, TEXT, known=False)),
            "+ lexicon and spelling": lambda q: self._read(self._bm25(q, TEXT, known=True)),
            "+ authored questions as a field": lambda q: self._read(
                self._bm25(q, with_questions, known=True)
            ),
            "encoder alone": lambda q: self._read(self._dense(q)),
            "reciprocal ranks of BM25 (texts) and encoder": lambda q: self._read(
                reciprocal_ranks(self._bm25(q, TEXT, known=True)) + reciprocal_ranks(self._dense(q))
            ),
            "scope, names and ranker": lambda q: [
                hit.measure.text for hit in self.retriever.ranked(replace(q, sides=()), 10)
            ],
            "+ sides, parts, closing clauses": lambda q: [
                hit.measure.text for hit in self.retriever.search(q, 10)
            ],
        }


def met(record: dict[str, Any], texts: Sequence[str]) -> bool:
    """Whether the texts hold the evidence that the question needs."""
    found = [
        any(holds(text, v["quote"]) for text in texts for v in (piece, *piece.get("alts", [])))
        for piece in record["gold"]
    ]
    return any(found) if record.get("gold_mode") == "any" else all(found)


def main() -> None:
    """Print the table."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    records = [r for r in map(json.loads, lines) if r["set"] == "A" and r.get("gold")]
    queries = [understand(r["question"], as_of=r.get("as_of")) for r in records]
    subsets = {
        "all": lambda r: True,
        "hot": lambda r: not r.get("cold"),
        "cold": lambda r: r.get("cold"),
        "plain": lambda r: r["style"] == "plain",
        "typo": lambda r: r["style"] == "typo",
    }
    table = Table(title=f"recall@1/5/10, {len(records)} questions of set A")
    table.add_column("system")
    for name in subsets:
        table.add_column(name)
    for name, texts_for in Ladder().systems().items():
        texts = [list(texts_for(query)) for query in queries]
        hits = np.array(
            [[met(r, t[:k]) for k in DEPTHS] for r, t in zip(records, texts, strict=True)]
        )
        cells = [
            hits[[bool(chosen(r)) for r in records]].mean(axis=0) for chosen in subsets.values()
        ]
        table.add_row(name, *("/".join(f"{v:.2f}" for v in cell) for cell in cells))
    Console(width=120).print(table)


if __name__ == "__main__":
    typer.run(main)
