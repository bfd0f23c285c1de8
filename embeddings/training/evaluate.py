"""Figures of a trained table: recall of held-out questions and of the development questions."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.training.bags import Bags
from embeddings.training.corpora import Passage, Question, read_jsonl

Floats = NDArray[np.float32]
_SHINGLE = 6  # characters
_LONGEST_PIECE = 160  # characters
_COVERED = 0.8  # share of a quote's shingles that a passage must hold to be its evidence


@dataclass(frozen=True, slots=True)
class DevelopmentQuestion:
    """A development question; each evidence is the set of passages that hold it."""

    text: str
    cold: bool
    evidence: tuple[frozenset[int], ...]
    any_is_enough: bool

    def found(self, rows: Sequence[int]) -> bool:
        hits = [bool(evidence & set(rows)) for evidence in self.evidence]
        return any(hits) if self.any_is_enough else all(hits)


def read_development(path: Path, passages: Sequence[Passage]) -> list[DevelopmentQuestion]:
    """The content questions (set A) of the development set."""
    texts = [
        _normal(p.text if p.text.startswith(p.heading) else p.heading + p.text) for p in passages
    ]
    questions = []
    for record in read_jsonl(path):
        if record["set"] != "A":
            continue
        evidence = tuple(
            frozenset().union(*(_holders(v["quote"], texts) for v in [g, *g.get("alts", [])]))
            for g in record["gold"]
        )
        any_is_enough = record.get("gold_mode") == "any"
        questions.append(
            DevelopmentQuestion(record["question"], record["cold"], evidence, any_is_enough)
        )
    return questions


def _holders(quote: str, texts: Sequence[str]) -> frozenset[int]:
    plain = _normal(quote)
    parts = {plain[i : i + _SHINGLE] for i in range(max(1, len(plain) - _SHINGLE + 1))}
    allowed = len(parts) - _COVERED * len(parts)
    return frozenset(row for row, text in enumerate(texts) if _covers(text, parts, allowed))


def _covers(text: str, parts: Iterable[str], allowed: float) -> bool:
    """Whether at most ``allowed`` of the parts are missing; most texts are given up early."""
    missing = 0
    for part in parts:
        if part not in text:
            missing += 1
            if missing > allowed:
                return False
    return True


def _normal(text: str) -> str:
    text = re.sub(r"[‐-―－~～]", "-", unicodedata.normalize("NFKC", text))
    return re.sub(r"[\s *_`>“”\"‘’'「」]+", "", text).lower()


def development_recall(
    questions: Sequence[DevelopmentQuestion], similarity: Floats
) -> dict[str, float]:
    """Recall@1/5/10 over all, hot and cold questions; ``similarity`` is (questions, passages)."""
    order = np.argsort(-similarity, axis=1)[:, :10]
    groups = {
        "all": list(range(len(questions))),
        "hot": [i for i, q in enumerate(questions) if not q.cold],
        "cold": [i for i, q in enumerate(questions) if q.cold],
    }
    figures: dict[str, float] = {}
    for name, members in groups.items():
        figures[f"{name}_n"] = len(members)
        for k in (1, 5, 10):
            hits = [questions[i].found(order[i, :k].tolist()) for i in members]
            figures[f"{name}_recall@{k}"] = round(sum(hits) / max(len(hits), 1), 4)
    return figures


def pieces(passages: Sequence[Passage]) -> tuple[list[str], NDArray[np.int64]]:
    """Texts to encode, cut at sentence ends, and the (ascending) passage each belongs to."""
    texts, owner = [], []
    for row, passage in enumerate(passages):
        for piece in _cut(passage.text):
            texts.append(f"{passage.context}\n{piece}")
            owner.append(row)
    return texts, np.array(owner)


def _cut(text: str) -> list[str]:
    found = [""]
    for sentence in re.findall(r"[^。；]*[。；]|[^。；]+", text):
        if found[-1] and len(found[-1]) + len(sentence) > _LONGEST_PIECE:
            found.append("")
        found[-1] += sentence
    return found


def encode(vectors: Floats, words: Bags) -> Floats:
    """Unit rows of texts given as bags of word ids."""
    rows = np.asarray(words.matrix(len(vectors)) @ vectors)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def best_piece(similarity: Floats, owner: NDArray[np.int64]) -> Floats:
    """(questions, passages) from (questions, pieces): the nearest piece speaks for the passage."""
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    return np.maximum.reduceat(similarity, starts, axis=1)


def authored_ranks(
    questions: Sequence[Question], passages: Sequence[Passage], similarity: Floats
) -> NDArray[np.int64]:
    """Rank (0: first) of each question's passage; passages of the same text are the same."""
    first: dict[str, int] = {}
    same = np.array([first.setdefault(p.text, i) for i, p in enumerate(passages)])
    ranks = []
    for question, row in zip(questions, similarity, strict=True):
        best = row[same == same[question.passage]].max()
        ranks.append(int((row > best).sum()))
    return np.array(ranks)


def folds(questions: Sequence[Question], number: int, *, seed: int) -> NDArray[np.int64]:
    """A fold for each question, the same for all questions of one document."""
    titles = sorted({q.title for q in questions})
    order = np.random.default_rng(seed).permutation(len(titles))
    fold = {titles[at]: place % number for place, at in enumerate(order)}
    return np.array([fold[q.title] for q in questions])


def contamination(
    development: Sequence[str], training: Sequence[str], *, least: float = 0.7
) -> list[tuple[str, str]]:
    """Pairs of a development and a training question that share most of their bigrams (Jaccard)."""
    grams = [_bigrams(text) for text in training]
    holders: dict[str, list[int]] = defaultdict(list)
    for row, parts in enumerate(grams):
        for part in parts:
            holders[part].append(row)
    found = []
    for question in development:
        mine = _bigrams(question)
        shared = Counter(row for part in mine for row in holders[part])
        found += [
            (question, training[row])
            for row, both in shared.items()
            if both >= least * (len(mine) + len(grams[row]) - both)
        ]
    return found


def _bigrams(text: str) -> set[str]:
    plain = re.sub(r"\W", "", _normal(text))
    return {plain[i : i + 2] for i in range(len(plain) - 1)} or {plain}
