"""What the reader is given: token ids of question and passage, and where the sentences are.

``<s> earlier turns </s> question </s></s> context </s> sentences </s>``, the form in which the base
was trained on pairs; without earlier turns their place is left out.  Training and reading use the
same code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from embeddings.characters import simplified

BOS, PAD, EOS = 0, 1, 2
QUESTION = 64  # tokens of the question; longer ones lose their beginning
EARLIER = 40  # tokens of earlier turns, the last ones
CONTEXT = 40
LONGEST = 256  # tokens of everything


@dataclass(frozen=True, slots=True)
class Pair:
    """Token ids and, for every sentence, the first token and the one behind the last."""

    ids: list[int]
    spans: list[tuple[int, int]]


def question_ids(tokens: Tokenizer, turns: Sequence[str]) -> list[int]:
    """The last turn, after the end of what was said before it."""
    asked = _ids(tokens, turns[-1])[-QUESTION:]
    if len(turns) == 1:
        return asked
    return [*_ids(tokens, " ".join(turns[:-1]))[-EARLIER:], EOS, *asked]


def pair(
    tokens: Tokenizer, question: Sequence[int], context: str, sentences: Sequence[str]
) -> Pair:
    """A question (from :func:`question_ids`) and a passage; what is too long loses its end."""
    ids = [BOS, *question, EOS, EOS, *_ids(tokens, context)[:CONTEXT], EOS]
    spans = []
    for sentence in sentences:
        start = len(ids)
        ids += _ids(tokens, sentence)
        spans.append((start, len(ids)))
    last = LONGEST - 1
    return Pair([*ids[:last], EOS], [(min(a, last), min(b, last)) for a, b in spans])


def batch(
    pairs: Sequence[Pair],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Arrays for one pass of the model.

    Returns:
        ids and mask of shape (pairs, tokens); weights of shape (pairs, sentences, tokens) that
        take the mean over each sentence's tokens (all zero where there is no such sentence).
    """
    longest = max(len(p.ids) for p in pairs)
    sentences = max(1, *(len(p.spans) for p in pairs))
    ids = np.full((len(pairs), longest), PAD, np.int64)
    mask = np.zeros((len(pairs), longest), np.int64)
    pool = np.zeros((len(pairs), sentences, longest), np.float32)
    for row, p in enumerate(pairs):
        ids[row, : len(p.ids)] = p.ids
        mask[row, : len(p.ids)] = 1
        for place, (start, end) in enumerate(p.spans):
            if end > start:
                pool[row, place, start:end] = 1.0 / (end - start)
    return ids, mask, pool


def _ids(tokens: Tokenizer, text: str) -> list[int]:
    return tokens.encode(simplified(text), add_special_tokens=False).ids
