"""Training examples → groups of passages that are read for one question.

Each time an example is drawn its passages are drawn anew; some questions are changed so that the
right answer changes: the evidence is cut out of its passage, or the figure asked for left open in
it (then nothing answers), or a figure that the rule confirms is exchanged (then the answer is no).
Before some questions stands another one, of the same passage or one that tempts: only the last turn
is asked, and what answers the one before answers nothing.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tokenizers import Tokenizer

from embeddings.reader_input import Pair, pair, question_ids

CUT = 0.25  # of the questions with one right passage
BLANKED = 0.3  # of those that ask for a figure which the evidence states
SWAPPED = 0.5  # of the suppositions whose figure stands in the evidence
FROM = 10  # negatives are drawn from the first so many found
NEAR = 0.35  # how often one negative is another passage of the right measure, if there is one
ANOTHER = 0.15  # how often a question of one turn gets another one before it, of a passage that
BESIDE = 0.1  # … tempts, or of the passage that answers
CUTTABLE = ("answer", "multi", "yes", "no", "followup")
FIGURE_ASKED = ("answer", "followup")
NO, NEITHER = 1, 2
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_HOW_MUCH = re.compile("多少|几|多久|多长|多大|多高|比例|额度|限额|期限|时限")
# figure with its unit → what a clause says that leaves it open; dates (the first) stay
_DATE = r"(?:19|20)\d\d年(?:\d+月(?:\d+日)?)?|(?<!\d)\d+月(?:\d+日)?|(?:19|20)\d\d[-—至]"
_FROM = r"(?:\d[\d.]{0,12}\s{0,3}[-—~至]\s{0,3})?\d[\d.,]{0,12}\s{0,3}"
_OPEN = (
    (r"[万亿]?元", ("一定金额", "一定额度", "相应资金")),
    (r"[%％‰]", ("一定比例", "相应比例")),
    (r"个?(?:工作日|自然日|小时|分钟|日|天)", ("规定时限", "规定时间")),
    (r"(?:周年|年|个月)(?!度)", ("一定期限", "规定期限")),
    (r"(?=[万亿]?[家个项名人次台套辆户件条倍吨米亩批期处座所支组张])万?", ("若干",)),
)
_FIGURES = tuple((re.compile(f"{_DATE}|({_FROM}{unit})"), open_) for unit, open_ in _OPEN)
_GIVEN = re.compile(
    rf"(?:最高|不超过|最低|不低于|总额|达到?|约){{0,4}}{_FROM}(?:[万亿]?元|[%％‰])的?"
)


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
        self._asked: dict[int, list[str]] = {}  # passage → questions of one turn that it answers
        for e in self.training:
            for number, _ in e["right"] if len(e["turns"]) == 1 else ():
                self._asked.setdefault(number, []).append(e["turns"][0])

    def read(
        self, turns: Sequence[str], number: int, without: Sequence[int] = (),
        instead: Mapping[int, str] = MappingProxyType({}),
    ) -> Pair:  # fmt: skip
        """Question and passage, the passage without some of its sentences or with others."""
        passage = self.passages[number]
        texts = enumerate(passage["sentences"])
        kept = [instead.get(i, s) for i, s in texts if i not in without]
        return pair(self._tokens, question_ids(self._tokens, turns), passage["context"], kept)

    def group(self, example: dict[str, Any], dice: random.Random) -> Group:
        """One draw of an example's passages."""
        turns, yes_no = list(example["turns"]), example["yes_no"]
        wrong = example["wrong"][:FROM]
        wanted = dice.choice((1, 2, 2))
        earlier = self._earlier(example, dice)
        turns[:0] = [dice.choice(self._asked[i]) for i in earlier]
        wrong = [i for i in wrong if i not in earlier]
        wanted -= len(earlier)
        if not example["right"]:
            near = example["near"][:1] if example["topic"] else wrong[:1]
            drawn = [*near, *earlier, *dice.sample(wrong[1:], min(wanted, len(wrong[1:])))]
            pairs = [self.read(turns, i) for i in drawn]
            return Group(
                pairs, False, example["topic"], frozenset(), [], NEITHER, example["standing"]
            )
        number, marks = dice.choice(example["right"])
        beside = [q for q in self._asked.get(number, ()) if q != turns[-1]]
        if len(turns) == 1 and beside and not example["held_out"] and dice.random() < BESIDE:
            turns.insert(0, dice.choice(beside))
        cut = self._cut(example, marks, dice)
        if yes_no == 0 and example["quotes"] and not cut and dice.random() < SWAPPED:
            turns[-1], changed = _other_figure(turns[-1], example["quotes"], dice)
            yes_no = NO if changed else yes_no
        left_open = {} if cut else self._left_open(example, number, marks, dice)
        pairs = [self.read(turns, number, cut, left_open)]
        stated = not (cut or left_open)
        aside = []
        if example["near"] and wanted and dice.random() < NEAR:
            aside, wanted = [dice.choice(example["near"])], wanted - 1
        wrong = dice.sample(wrong, min(wanted, len(wrong)))
        pairs += [self.read(turns, i) for i in (*aside, *earlier, *wrong)]
        return Group(
            pairs, stated, True, frozenset((1,) if aside else ()), marks if stated else [],
            yes_no, example["standing"],
        )  # fmt: skip

    def _earlier(self, example: dict[str, Any], dice: random.Random) -> list[int]:
        """A tempting passage whose own question is put before this one; mostly none."""
        if len(example["turns"]) > 1 or example["held_out"] or dice.random() >= ANOTHER:
            return []
        tempting = [i for i in example["wrong"][:FROM] if i in self._asked]
        return [dice.choice(tempting)] if tempting else []

    def _cut(self, example: dict[str, Any], marks: Sequence[int], dice: random.Random) -> list[int]:
        """The sentences to cut out so that nothing answers; mostly none."""
        fits = len(example["right"]) == 1 and example["kind"] in CUTTABLE
        if not fits or all(marks) or dice.random() >= CUT:
            return []
        return [i for i, mark in enumerate(marks) if mark]

    def _left_open(
        self, example: dict[str, Any], number: int, marks: Sequence[int], dice: random.Random
    ) -> dict[int, str]:
        """The evidence without the figures that are asked for; mostly none."""
        question = example["turns"][-1]
        asks = example["kind"] in FIGURE_ASKED and _HOW_MUCH.search(question)
        parts = question.count("？") + question.count("，")  # another part may stay answered
        if not asks or parts > 2 or len(example["right"]) > 1 or dice.random() >= BLANKED:
            return {}
        texts = self.passages[number]["sentences"]
        opened = {i: text for i, text in enumerate(texts) if marks[i]}
        if dice.random() < 0.5:  # 给予最高50万元奖励 → 给予奖励
            opened = {i: _GIVEN.sub("", text) for i, text in opened.items()}
        for figure, words in _FIGURES:
            other = dice.choice(words)
            opened = {
                i: figure.sub(lambda found: other if found[1] else found[0], text)  # noqa: B023
                for i, text in opened.items()
            }
        changed = all(opened[i] != texts[i] for i in opened)
        return opened if changed else {}


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
