"""Which measures and which of their sentences make the answer.

One measure is the rule.  A second or third comes only when the question has several sides or
parts that the first one leaves open, or when the choice between measures is a near tie.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.asks import Ask, asked, stated
from assistant.answer.select import Candidate, Similarity, candidates
from assistant.answer.sentences import Sentence, split
from assistant.question.query import Query
from assistant.records import Hit

ROOM = 170  # characters of one measure's sentences in an answer
ROOM_LIST = 230  # where all items of a list are asked for
ROOM_SECOND = 120
# Scores are log odds: differences to the best sentence's score are what counts.
_KEEP = 5.0  # a further sentence may be this much less likely than the best one
_OPENS = 6.0  # ... when it states something asked that the chosen ones leave open
_OTHER_CASE = 2.5  # ... when it states a second figure of the kind asked for
_TIE = 2.0  # a second measure may be this much less likely than the first one
_COMPLETES = 5.0  # ... when it states something asked that the first one leaves open
_CONSIDERED = 8
_FIGURES: frozenset[Ask] = frozenset({"amount", "ratio"})
_HARD: frozenset[Ask] = frozenset(
    {"amount", "ratio", "date", "duration", "count", "who", "penalty", "phone"}
)


@dataclass(frozen=True, slots=True)
class Pick:
    """A measure that answers, with its sentences in order of the text."""

    hit: Hit
    sentences: tuple[Sentence, ...]
    value: float  # of the measure for this question; comparable within one question
    best: Candidate

    @property
    def text(self) -> str:
        return "".join(s.text for s in self.sentences)


@dataclass(frozen=True, slots=True)
class _Ranked:
    hit: Hit
    value: float
    ordered: tuple[Candidate, ...]  # best first


def ranked(
    query: Query,
    question: str,
    hits: Sequence[Hit],
    similarity: Similarity | None = None,
) -> list[_Ranked]:
    """The first hits re-ordered by their best sentences."""
    rows: list[_Ranked] = []
    found = candidates(query, question, hits[:_CONSIDERED], similarity)
    for rank, hit in enumerate(hits[:_CONSIDERED]):
        own = sorted((c for c in found if c.rank == rank), key=lambda c: -c.score)
        text = [c for c in own if c.sentence.part != "depts"] or own
        if text:
            rows.append(_Ranked(hit, text[0].score, tuple(own)))
    return sorted(rows, key=lambda row: -row.value)


def pick(
    query: Query,
    question: str,
    hits: Sequence[Hit],
    similarity: Similarity | None = None,
) -> tuple[Pick, ...]:
    """One to three measures with their answering sentences; empty without hits."""
    rows = ranked(query, question, hits, similarity)
    if not rows:
        return ()
    wanted = asked(question)
    picks = [_filled(rows[0], wanted, ROOM_LIST if _is_list(wanted) else ROOM)]
    for row in rows[1:]:
        if len(picks) == 2:
            break
        if row.value >= rows[0].value - _TIE or _completes(row, picks, wanted, question):
            picks.append(_filled(row, wanted, ROOM_SECOND))
    return tuple(picks)


def _is_list(wanted: frozenset[Ask]) -> bool:
    return bool(wanted & {"list", "condition"})


def _completes(row: _Ranked, picks: Sequence[Pick], wanted: frozenset[Ask], question: str) -> bool:
    """Whether the measure states something asked that the chosen ones leave open."""
    if len(re.findall(r"[？?]", question)) < 2:
        return False
    open_asks = (wanted & _HARD) - stated("".join(p.text for p in picks))
    return bool(open_asks & row.ordered[0].kinds) and row.value >= picks[0].value - _COMPLETES


def _filled(row: _Ranked, wanted: frozenset[Ask], room: int) -> Pick:
    """The best sentence with what belongs to it, then further ones while there is room."""
    every = split(row.hit.measure)
    text = [c for c in row.ordered if c.sentence.part != "depts"] or list(row.ordered)
    best = text[0]
    chosen = set(_unit(best.sentence, every, wanted, room))
    used = sum(len(every[i].text) for i in chosen)
    have = stated("".join(every[i].text for i in chosen))
    for candidate in text[1:]:
        if candidate.sentence.index in chosen:
            continue
        unit = [i for i in _unit(candidate.sentence, every, wanted, room) if i not in chosen]
        size = sum(len(every[i].text) for i in unit)
        opens = (wanted & _HARD & candidate.kinds) - have
        other_case = not opens and bool(wanted & _FIGURES & candidate.kinds & have)
        allowed = _OPENS if opens else _OTHER_CASE if other_case else _KEEP
        if used + size <= room and candidate.score >= best.score - allowed:
            chosen.update(unit)
            used += size
            have |= candidate.kinds
    if "who" in wanted:
        chosen.update(s.index for s in every if s.part == "depts")
    return Pick(row.hit, tuple(every[i] for i in sorted(chosen)), row.value, best)


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
