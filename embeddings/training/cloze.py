"""Pairs without authors: a sentence and the rest of its passage; a heading and its body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.training.corpora import Passage

_SENTENCE = re.compile(r"[^。；]+[。；]?")
_SHORTEST = 9  # characters; shorter pieces are enumerators and cross-references


@dataclass(frozen=True, slots=True)
class Cloze:
    """A piece taken out, what it was taken from, and the row of the passage."""

    piece: str
    rest: str
    passage: int


def every_sentence(passages: Sequence[Passage]) -> list[Cloze]:
    """Each heading and each sentence of each passage once."""
    found: list[Cloze] = []
    for row, passage in enumerate(passages):
        if passage.heading:
            found.append(_without_heading(passage, row))
        found.extend(_sentence(passage, row, at) for at in range(len(_sentences(passage))))
    return [cloze for cloze in found if cloze.rest.strip()]


def one_sentence(passages: Sequence[Passage], *, seed: int) -> list[Cloze]:
    """One sentence, drawn at random, of each passage that has several."""
    return list(_drawn(passages, np.random.default_rng(seed)))


def _drawn(passages: Sequence[Passage], rng: np.random.Generator) -> Iterator[Cloze]:
    for row, passage in enumerate(passages):
        if number := len(_sentences(passage)):
            yield _sentence(passage, row, int(rng.integers(number)))


def _sentences(passage: Passage) -> list[str]:
    """The sentences of a passage that has several, else none."""
    pieces = [s for s in _SENTENCE.findall(passage.text) if len(s) >= _SHORTEST]
    return pieces if len(pieces) > 1 else []


def _sentence(passage: Passage, row: int, at: int) -> Cloze:
    pieces = _sentences(passage)
    rest = "".join(pieces[:at] + pieces[at + 1 :])
    return Cloze(pieces[at], f"{passage.context}\n{rest}", row)


def _without_heading(passage: Passage, row: int) -> Cloze:
    return Cloze(passage.heading, passage.encoded.replace(passage.heading, ""), row)
