"""Fit what answering learns: which sentence answers, and when to decline.

    python scripts/fit_answers.py sentences          prints figures, writes weights.json
    python scripts/fit_answers.py refusal [FILE …]   prints figures, writes refusal.json
    python scripts/fit_answers.py rarity             counts words, writes rarity.json

Sentences: a linear model, cross-entropy between the softmax over a question's candidate sentences
and those that overlap a gold quote.  Refusal: logistic regression; what must be declined are the
development questions marked so, questions whose documents were taken out of the hits, and the
questions of further FILEs (JSON Lines with ``questions``) on matters that the corpus does not
hold.  All figures are out of fold; folds keep the questions on one document together.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from scipy.optimize import minimize

from assistant.answer import relevance, select
from assistant.answer.compose import content_picks
from assistant.ask import Assistant
from assistant.conversation import standalone
from assistant.question import understand
from assistant.question.clean import asked_part
from embeddings.segment import words
from eval.dataset import Evidence, Question, load
from eval.text import fold, same_document, share_held

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "assistant" / "answer"
AUTHORED = ROOT / "data" / "questions" / "policies.jsonl"
TODAY = "2026-11-21"  # of the development questions
FOLDS = 5
CONSIDERED = 8
SMOOTHING = 0.001  # L2 of the sentence model
_SHARE = 0.5  # of a sentence's strings that must stand in the quote
_CLOSING = re.compile(r"起施行|有效期至")
Matrix = NDArray[np.float64]
console = Console()
app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One question: features of its candidates (n, features), which are right (n,), its group."""

    table: Matrix
    right: Matrix
    group: str


def _asked(question: Question) -> tuple[str, str]:
    turns = list(question.turns) or [question.question]
    return standalone(turns), question.as_of or TODAY


def _evidence(question: Question) -> list[Evidence]:
    found = [v for piece in question.gold for v in piece.variants()]
    if question.set == "T":  # the closing clause is looked up, not chosen
        found = [v for v in found if not _CLOSING.search(v.quote or "")]
    return found


def _is_right(sentence: str, evidence: Sequence[Evidence]) -> bool:
    quotes = [v.quote or "" for v in evidence]
    return len(fold(sentence)) >= 6 and any(
        share_held(sentence, quote) >= _SHARE or share_held(quote, sentence) >= 0.8
        for quote in quotes
    )


def _rows(system: Assistant, questions: Sequence[Question]) -> list[Row]:
    rows = []
    for question in questions:
        evidence = _evidence(question)
        if not evidence:
            continue
        text, day = _asked(question)
        query = understand(text, as_of=day)
        hits = system.search(query)[:CONSIDERED]
        found = select.candidates(query, asked_part(text), hits, system.similarity)
        found = [c for c in found if c.sentence.part != "depts"]
        right = [float(_is_right(c.sentence.text, evidence)) for c in found]
        table = np.array([c.features for c in found])
        rows.append(Row(table, np.array(right), str(evidence[0].title or evidence[0].doc_number)))
    return rows


def _fit_sentences(rows: Sequence[Row]) -> Matrix:
    useful = [row for row in rows if row.right.any()]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = 0.0, np.zeros_like(weights)
        for row in useful:
            scores = row.table @ weights
            p = np.exp(scores - scores.max())
            p /= p.sum()
            mass = float(p @ row.right)
            total -= np.log(mass + 1e-12)
            slope += row.table.T @ (p - p * row.right / (mass + 1e-12))
        n = len(useful)
        return (
            total / n + SMOOTHING / 2 * float(weights @ weights),
            slope / n + SMOOTHING * weights,
        )

    start = np.zeros(len(select.FEATURES))
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def _folds(groups: Sequence[str]) -> list[NDArray[np.int_]]:
    """Index arrays; questions of one group share a fold."""
    names = sorted(set(groups))
    random.Random(0).shuffle(names)
    number = {name: i % FOLDS for i, name in enumerate(names)}
    of_row = np.array([number[g] for g in groups])
    return [np.flatnonzero(of_row == f) for f in range(FOLDS)]


@app.command()
def sentences(dry: bool = False) -> None:
    """Fit the sentence model."""
    rows = _rows(Assistant.open(), _development("AMUT"))
    hits = np.zeros(len(rows))
    for held in _folds([row.group for row in rows]):
        weights = _fit_sentences([row for i, row in enumerate(rows) if i not in set(held)])
        for i in held:
            hits[i] = rows[i].right[np.argmax(rows[i].table @ weights)]
    console.print(f"best sentence right, out of fold: {hits.mean():.3f} of {len(rows)} questions")
    weights = _fit_sentences(rows)
    if not dry:
        named = {n: round(float(w), 3) for n, w in zip(select.FEATURES, weights, strict=True)}
        _write("weights.json", {"bias": 0.0, "weights": named})


def _development(sets: str) -> list[Question]:
    return [q for q in load().questions if q.set in sets]


def _signals(system: Assistant, text: str, day: str, without: set[str] | None) -> Sequence[float]:
    """Features of :mod:`assistant.answer.relevance`; ``without``: documents to leave out."""
    query = understand(text, as_of=day)
    hits = system.search(query, 30 if without else 10)
    if without:
        hits = [
            h
            for h in hits
            if h.document.doc_id not in without
            and not any(place.doc_id in without for place in h.also_in)
        ][:10]
    known = system.knowledge
    picks = content_picks(query, asked_part(text), hits, day, known, system.similarity)
    return relevance.features(query, picks, hits)


def _documents(system: Assistant, question: Question) -> set[str]:
    return {
        document.doc_id
        for document in system.knowledge.documents()
        for v in _evidence(question)
        if same_document(document.doc_number, document.title, v.doc_number, v.title)
    }


def _examples(system: Assistant, others: Sequence[Path]) -> list[tuple[str, float, str, Any]]:
    """(kind, weight, group, features): answerable ones and what must be declined."""
    found: list[tuple[str, float, str, Any]] = []
    for question in _development("AMUT"):
        text, day = _asked(question)
        group = (
            str(question.gold[0].title or question.gold[0].doc_number) if question.gold else text
        )
        kind, weight = ("declined", 3.0) if question.must_refuse else ("answerable", 1.0)
        found.append((kind, weight, group, _signals(system, text, day, None)))
        if question.set == "A":
            signals = _signals(system, text, day, _documents(system, question))
            found.append(("left out", 0.3, group, signals))
    for kind, weight, path in [("authored", 1.0, AUTHORED), *(("other", 0.5, p) for p in others)]:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for line in random.Random(1).sample(
            lines, min(len(lines), 350 if kind == "other" else 200)
        ):
            text = random.Random(text_seed(line)).choice(line["questions"])
            found.append((kind, weight, text, _signals(system, text, TODAY, None)))
    return found


def text_seed(line: dict[str, Any]) -> str:
    return json.dumps(line, sort_keys=True, ensure_ascii=False)


def _fit_refusal(table: Matrix, right: Matrix, weight: Matrix) -> tuple[Matrix, float]:
    middle, spread = table.mean(0), table.std(0) + 1e-9
    scaled = np.c_[(table - middle) / spread, np.ones(len(table))]

    def loss(b: Matrix) -> tuple[float, Matrix]:
        z = scaled @ b
        p = 1 / (1 + np.exp(-z))
        cost = float(weight @ (np.logaddexp(0, z) - right * z)) + float(b[:-1] @ b[:-1])
        return cost, scaled.T @ (weight * (p - right)) + 2 * np.r_[b[:-1], 0]

    # More evidence never lowers the estimate: a signal that helps only beside another, in these
    # examples, would decline the next kind of question (short ones, say).
    against = ("strange", "open")
    bounds = [(None, 0.0) if n in against else (0.0, None) for n in relevance.FEATURES]
    start = np.zeros(scaled.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    b = np.asarray(found.x)
    weights = b[:-1] / spread
    return weights, float(b[-1] - weights @ middle)


@app.command()
def refusal(
    others: Annotated[list[Path] | None, typer.Argument()] = None,
    threshold: float = 0.12,
    dry: bool = False,
) -> None:
    """Fit when to decline."""
    examples = _examples(Assistant.open(), others or [])
    kinds = np.array([e[0] for e in examples])
    table = np.array([e[3] for e in examples])
    right = np.isin(kinds, ["answerable", "authored"]).astype(float)
    weight = np.array([e[1] for e in examples])
    estimate = np.zeros(len(examples))
    for held in _folds([e[2] for e in examples]):
        rest = np.setdiff1d(np.arange(len(examples)), held)
        w, bias = _fit_refusal(table[rest], right[rest], weight[rest])
        estimate[held] = 1 / (1 + np.exp(-(table[held] @ w + bias)))
    for kind in dict.fromkeys(kinds):
        declined = estimate[kinds == kind] < threshold
        console.print(f"{kind}: {declined.mean():.3f} of {len(declined)} declined, out of fold")
    w, bias = _fit_refusal(table, right, weight)
    if not dry:
        named = {n: round(float(x), 3) for n, x in zip(relevance.FEATURES, w, strict=True)}
        _write("refusal.json", {"bias": round(bias, 3), "threshold": threshold, "weights": named})


@app.command()
def rarity() -> None:
    """Count in how many measures and authored questions each word stands."""
    measures = Assistant.open().knowledge.measures()
    counts: Counter[str] = Counter()
    for measure in measures:
        counts.update(set(words(f"{measure.heading} {measure.text}")))
    asked: Counter[str] = Counter()
    total = 0
    for line in AUTHORED.read_text(encoding="utf-8").splitlines():
        for question in json.loads(line)["questions"]:
            asked.update(set(words(question)))
            total += 1
    pooled = {
        word: int(counts[word] + asked[word] / 2)
        for word in sorted(counts.keys() | asked.keys())
        if len(word) >= 2 and not word[0].isdigit() and counts[word] + asked[word] / 2 >= 2
    }
    _write("rarity.json", {"rows": len(measures) + total // 2, "counts": pooled})


def _write(name: str, data: dict[str, Any]) -> None:
    compact = name == "rarity.json"
    text = json.dumps(
        data,
        ensure_ascii=False,
        indent=None if compact else 1,
        separators=(",", ":") if compact else None,
    )
    (OUT / name).write_text(text + "\n", encoding="utf-8")
    console.print(f"wrote {OUT / name}")


if __name__ == "__main__":
    app()
