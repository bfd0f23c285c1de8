"""Training examples → groups of passages that are read for one question.

Each time an example is drawn its passages are drawn anew; some questions are changed so that the
right answer changes: the evidence is cut out of its passage (then nothing answers), or a figure
that the rule confirms is exchanged (then the answer is no).
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from embeddings.reader_input import Pair, pair, question_ids

CUT = 0.25  # of the questions with one right passage
SWAPPED = 0.5  # of the suppositions whose figure stands in the evidence
FROM = 10  # negatives are drawn from the first so many found
NEAR = 0.35  # how often one negative is another passage of the right measure, if there is one
CUTTABLE = ("answer", "multi", "yes", "no")
NO, NEITHER = 1, 2
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Group:
    """The passages read for one question; the first is the one that matters.

    Attributes:
        answers: the first passage states what is asked.
        topic: the first passage is where it would be stated.
        aside: passages of the same measure as the right one: of the topic, but no answer.
        marks: per sentence of the first passage, whether it belongs to the answer.
        yes_no: 0 yes, 1 no, 2 neither.
        standing: 1 when the question asks from when or until when a rule holds.
    """

    pairs: list[Pair]
    answers: bool
    topic: bool
    aside: frozenset[int]
    marks: list[int]
    yes_no: int
    standing: int


class Examples:
    """Reads the folder that ``scripts/reader_examples.py`` writes."""

    def __init__(self, folder: Path, tokens: Tokenizer) -> None:
        def rows(name: str) -> list[dict[str, Any]]:
            lines = (folder / name).read_text(encoding="utf8").splitlines()
            return [json.loads(line) for line in lines]

        self.passages = rows("passages.jsonl")
        every = [e for e in rows("examples.jsonl") if e["wrong"]]
        self.training = [e for e in every if not e["held_out"]]
        self.held_out = [e for e in every if e["held_out"]]
        self._tokens = tokens

    def read(self, turns: Sequence[str], number: int, without: Sequence[int] = ()) -> Pair:
        """Question and passage, the passage without some of its sentences."""
        passage = self.passages[number]
        kept = [s for i, s in enumerate(passage["sentences"]) if i not in without]
        return pair(self._tokens, question_ids(self._tokens, turns), passage["context"], kept)

    def group(self, example: dict[str, Any], dice: random.Random) -> Group:
        """One draw of an example's passages."""
        turns, yes_no = list(example["turns"]), example["yes_no"]
        wrong = example["wrong"][:FROM]
        wanted = dice.choice((1, 2, 2))
        if not example["right"]:
            near = example["near"][:1] if example["topic"] else wrong[:1]
            drawn = [*near, *dice.sample(wrong[1:], min(wanted, len(wrong[1:])))]
            pairs = [self.read(turns, i) for i in drawn]
            return Group(
                pairs, False, example["topic"], frozenset(), [], NEITHER, example["standing"]
            )
        number, marks = dice.choice(example["right"])
        cut = self._cut(example, marks, dice)
        if yes_no == 0 and example["quotes"] and not cut and dice.random() < SWAPPED:
            turns[-1], changed = _other_figure(turns[-1], example["quotes"], dice)
            yes_no = NO if changed else yes_no
        pairs = [self.read(turns, number, cut)]
        aside = []
        if example["near"] and dice.random() < NEAR:
            aside, wanted = [dice.choice(example["near"])], wanted - 1
        wrong = dice.sample(wrong, min(wanted, len(wrong)))
        pairs += [self.read(turns, i) for i in (*aside, *wrong)]
        return Group(
            pairs, not cut, True, frozenset((1,) if aside else ()), [] if cut else marks,
            yes_no, example["standing"],
        )  # fmt: skip

    def _cut(self, example: dict[str, Any], marks: Sequence[int], dice: random.Random) -> list[int]:
        """The sentences to cut out so that nothing answers; mostly none."""
        fits = len(example["right"]) == 1 and example["kind"] in CUTTABLE
        if not fits or all(marks) or dice.random() >= CUT:
            return []
        return [i for i, mark in enumerate(marks) if mark]


def _other_figure(question: str, quotes: Sequence[str], dice: random.Random) -> tuple[str, bool]:
    """A supposed figure exchanged for another one, if the evidence confirms it."""
    stated = {f for quote in quotes for f in _FIGURE.findall(quote)}
    for match in _FIGURE.finditer(question):
        if match[0] in stated and not ("." in match[0] or 2000 <= int(match[0]) <= 2035):
            value = int(match[0])
            other = dice.choice(
                [v for v in (value * 2, value + 5, value * 10, value // 2) if v != value and v > 0]
            )
            if str(other) not in stated:
                return f"{question[: match.start()]}{other}{question[match.end() :]}", True
    return question, False
