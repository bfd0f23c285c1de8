"""What stands in for the reader where speed counts more than quality: shared words.

It cannot tell what is not stated, supposes nothing and folds no turns; docs/reader.md says what
that costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from embeddings.reader import Judgement
from embeddings.segment import tokens

_ENOUGH = 0.5  # share of the question's words from which a passage surely speaks of it


class OverlapReader:
    """The interface of :class:`embeddings.reader.Reader`, by share of the question's words."""

    thresholds: Mapping[str, float] = {
        "answers": 0.2, "topic": 0.2, "sentences": 0.2, "standing": 2.0, "standing_first": 2.0,
        "maybe_standing": 2.0,
        "supposed": 2.0, "yes": 2.0, "no": 2.0,
    }  # fmt: skip
    order: tuple[float, float] = (1.0, 0.0)

    def read(
        self, turns: Sequence[str], passages: Sequence[tuple[str, Sequence[str]]]
    ) -> list[Judgement]:
        asked = set(tokens(turns[-1]))
        found = []
        for context, sentences in passages:
            bags = [asked & set(tokens(text)) for text in sentences]
            share = len(set().union(*bags, asked & set(tokens(context)))) / max(1, len(asked))
            best = max((len(bag) for bag in bags), default=0) or 1
            answers = min(1.0, share / _ENOUGH)
            each = tuple(len(bag) / best for bag in bags)
            found.append(Judgement(answers, answers, 0.0, 0.0, 0.0, each))
        return found
