"""Which measures and which of their sentences make the answer.

One measure is the rule.  A second or third comes only when the question has several sides or
parts that the first one leaves open, when the choice between measures is a near tie, or when a
rule that holds today stands beside one that does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answer.asks import Ask, asked, stated
from assistant.answer.select import Candidate, Similarity, analysed, candidates
from assistant.answer.sentences import Sentence
from assistant.question.query import Query
from assistant.records import Hit

ROOM = 170  # characters of one measure's sentences in an answer
ROOM_LIST = 230  # where all items of a list are asked for
ROOM_SECOND = 120
# Scores are log odds: differences to the best sentence's score are what counts.
_KEEP = 5.0  # a further sentence may be this much less likely than the best one
_OPENS = 6.0  # ... when it states something asked that the chosen ones leave open
_OTHER_CASE = 2.5  # ... when it states a second figure of the kind asked for
_NEW_WORDS = 0.06  # ... and then only with this share of the question's words as new ones
_TIE = 2.0  # a second measure may be this much less likely than the first one
_COMPLETES = 5.0  # ... when it states something asked that the first one leaves open
_CONSIDERED = 8
_SAME_RULE = 0.25  # share of common four-character strings of two wordings of one rule
_FIGURES: frozenset[Ask] = frozenset({"amount", "ratio"})
HARD: frozenset[Ask] = frozenset(
    {"amount", "ratio", "date", "duration", "count", "who", "penalty", "phone"}
)


@dataclass(frozen=True, slots=True)
class Pick:
    """A measure that answers, with its sentences in order of the text."""

    hit: Hit
    sentences: tuple[Sentence, ...]
    value: float  # of the measure for this question; comparable within one question
    best: Candidate
    rivals: tuple[Candidate, ...] = ()  # all scored sentences of the measure, best first

    @property
    def text(self) -> str:
        return "".join(s.text for s in self.sentences)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hit with its sentences, best first."""

    hit: Hit
    value: float
    ordered: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate:
        return next((c for c in self.ordered if c.sentence.part != "depts"), self.ordered[0])


def ranked(
    query: Query,
    question: str,
    hits: Sequence[Hit],
    similarity: Similarity | None = None,
) -> list[Ranked]:
    """The first hits re-ordered by their best sentences."""
    rows: list[Ranked] = []
    considered = hits[:_CONSIDERED]
    found = candidates(query, question, considered, similarity)
    for rank, hit in enumerate(considered):
        own = tuple(sorted((c for c in found if c.rank == rank), key=lambda c: -c.score))
        text = [c for c in own if c.sentence.part != "depts"] or list(own)
        if text:
            rows.append(Ranked(hit, text[0].score, own))
    return sorted(rows, key=lambda row: -row.value)


def pick(
    query: Query,
    question: str,
    hits: Sequence[Hit],
    similarity: Similarity | None = None,
    holds: Callable[[Hit], bool] | None = None,
) -> tuple[Pick, ...]:
    """One to three measures with their answering sentences; empty without hits.

    Args:
        holds: whether a measure is in force; then a rule in force on the same subject is put
            beside one that is not.
    """
    rows = ranked(query, question, hits, similarity)
    if not rows:
        return ()
    wanted = asked(question)
    picks = [filled(rows[0], wanted, ROOM_LIST if _is_list(wanted) else ROOM)]
    for row in rows[1:]:
        if len(picks) == 2:
            break
        near = row.value >= rows[0].value - _TIE
        if near or _completes(row, picks, wanted, question):
            picks.append(filled(row, wanted, ROOM_SECOND))
    if holds is not None and not any(holds(p.hit) for p in picks):
        current = _current(rows, picks, holds)
        if current is not None:
            kept = filled(current, wanted, ROOM_SECOND)
            first = "validity" in wanted and not query.districts
            picks = [kept, picks[0]] if first else [picks[0], kept]
    return tuple(picks)


def _current(
    rows: Sequence[Ranked], picks: Sequence[Pick], holds: Callable[[Hit], bool]
) -> Ranked | None:
    """A measure in force that says much the same as the first pick."""
    said = _grams(picks[0].best.sentence.text)
    taken = {p.hit.measure.measure_id for p in picks}
    for row in rows:
        if row.hit.measure.measure_id in taken or not holds(row.hit):
            continue
        for candidate in row.ordered:
            other = _grams(candidate.sentence.text)
            if len(said & other) >= _SAME_RULE * min(len(said), len(other)) and len(other) > 8:
                first = (candidate, *(c for c in row.ordered if c is not candidate))
                return Ranked(row.hit, candidate.score, first)
    return None


def _grams(text: str) -> set[str]:
    text = re.sub(r"\W+", "", text)
    return {text[i : i + 4] for i in range(max(1, len(text) - 3))}


def _is_list(wanted: frozenset[Ask]) -> bool:
    return bool(wanted & {"list", "condition"})


def _completes(row: Ranked, picks: Sequence[Pick], wanted: frozenset[Ask], question: str) -> bool:
    """Whether the measure states something asked that the chosen ones leave open."""
    if len(re.findall(r"[？?]", question)) < 2:
        return False
    open_asks = (wanted & HARD) - stated("".join(p.text for p in picks))
    return bool(open_asks & row.best.kinds) and row.value >= picks[0].value - _COMPLETES


def filled(row: Ranked, wanted: frozenset[Ask], room: int) -> Pick:
    """The best sentence with what belongs to it, then further ones while there is room."""
    every = analysed(row.hit.measure).sentences
    best = row.best
    chosen = set(_unit(best.sentence, every, wanted, room))
    block = len(chosen) > 2 and any(every[i].part == "item" for i in chosen)
    used = sum(len(every[i].text) for i in chosen)
    have = stated("".join(every[i].text for i in chosen))
    words = _covered(row, chosen)
    total = sum({t: w for c in row.ordered for t, w in c.covered.items()}.values()) or 1.0
    for candidate in row.ordered:
        sentence = candidate.sentence
        if sentence.index in chosen or sentence.part == "depts":
            continue
        if block and (sentence.part == "item" or sentence.text[-1:] in "：:"):
            continue  # another list is another case
        unit = [i for i in _unit(sentence, every, wanted, room) if i not in chosen]
        size = sum(len(every[i].text) for i in unit)
        if used + size > room or not _belongs(candidate, best, wanted, have, words, total):
            continue
        chosen.update(unit)
        used += size
        have |= candidate.kinds
        words |= set(candidate.covered)
    if "who" in wanted:
        chosen.update(s.index for s in every if s.part == "depts")
    return Pick(row.hit, tuple(every[i] for i in sorted(chosen)), row.value, best, row.ordered)


def _covered(row: Ranked, chosen: set[int]) -> set[str]:
    return {t for c in row.ordered if c.sentence.index in chosen for t in c.covered}


def _belongs(
    candidate: Candidate,
    best: Candidate,
    wanted: frozenset[Ask],
    have: frozenset[Ask],
    words: set[str],
    total: float,
) -> bool:
    """Whether a further sentence adds to the answer instead of speaking of another case."""
    behind = best.score - candidate.score
    if (wanted & HARD & candidate.kinds) - have:
        return behind <= _OPENS
    if wanted & _FIGURES & candidate.kinds & have:
        new = sum(w for t, w in candidate.covered.items() if t not in words)
        return behind <= _OTHER_CASE and new >= _NEW_WORDS * total
    return behind <= _KEEP


def _unit(
    sentence: Sentence, every: Sequence[Sentence], wanted: frozenset[Ask], room: int
) -> list[int]:
    """The sentence with the lead it hangs on, or the lead with all its items."""
    lead = sentence.lead if sentence.part == "item" else None
    items = [s.index for s in every if s.part == "item" and s.lead == sentence.index]
    if lead is None and not items:
        return _clause(sentence, every, room)
    if items or (lead is not None and _is_list(wanted)):
        head = sentence.index if items else lead
        block = [s.index for s in every if s.index == head or (s.lead == head and s.part == "item")]
        if sum(len(every[i].text) for i in block) <= room * 1.5:
            return block
    if lead is not None and len(every[lead].text) <= 60:
        return [lead, sentence.index]
    return [sentence.index]


def _clause(sentence: Sentence, every: Sequence[Sentence], room: int) -> list[int]:
    """A clause between semicolons takes its short neighbours of the same sentence along."""
    found = [sentence.index]
    size = len(sentence.text)
    for step in (1, -1):
        i = sentence.index
        while True:
            left = i if step == 1 else i - 1
            if not (left >= 0 and left + 1 < len(every) and 0 <= i + step < len(every)):
                break
            if every[left].text[-1:] not in "；;" or every[i + step].part != "text":
                break
            size += len(every[i + step].text)
            if size > room:
                break
            i += step
            found.append(i)
    return sorted(found)
