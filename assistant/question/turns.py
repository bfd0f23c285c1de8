"""Turns of a conversation → what is searched for, and what is answered.

Nothing is rewritten: the last turn is searched alone and joined with what was said before, and
the reader, which sees the turns, decides what answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.question.english import UNDERSTOOD, Heard, hear, is_english
from assistant.question.parts import split_parts
from assistant.question.places import Places, find_places
from assistant.question.query import Query
from assistant.question.understand import understand

EARLIER = 160  # characters of earlier turns that are joined, the last ones


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what came before it.

    Attributes:
        turns: the user's turns, oldest first; the last one is asked.
        query: the last turn; places and names that it lacks come from the turns before.
        searched: the queries to search for, the fullest first.
        parts: where the last turn asks several things, each of them asked after those before it.
    """

    turns: tuple[str, ...]
    query: Query
    searched: tuple[Query, ...]
    parts: tuple[Asked, ...] = ()

    @property
    def joined(self) -> str:
        """The turns as one text."""
        return self.searched[0].text


def understand_turns(
    turns: Sequence[str],
    *,
    district: str | None = None,
    area: str | None = None,
    as_of: str | None = None,
) -> Asked:
    """Read the last of the turns, and all of them together; English ones by what they say."""
    english = [is_english(turns[: n + 1]) for n in range(len(turns))]
    heard = [hear(t) if own else Heard(t) for t, own in zip(turns, english, strict=True)]
    said = [h.text or turn for h, turn in zip(heard, turns, strict=True)]
    whole = _understood(said, district, area, as_of)
    if english[-1]:
        last = heard[-1]
        known = last.share >= UNDERSTOOD
        query = replace(whole.query, language="en", unknown=last.unknown, understood=known)
        whole = replace(whole, query=query)
    texts = split_parts(said[-1]) if len(whole.query.sides) < 2 else ()
    parts = [
        _understood((*said[:-1], *texts[: n + 1]), whole.query.district, area, as_of)
        for n in range(len(texts))
    ]
    return replace(whole, parts=tuple(parts))


def _understood(
    turns: Sequence[str], district: str | None, area: str | None, as_of: str | None
) -> Asked:
    alone = understand(turns[-1], district=district, area=area, as_of=as_of)
    if len(turns) == 1:
        return Asked(tuple(turns), alone, (alone,))
    earlier = "，".join(turns[:-1])[-EARLIER:]
    joined = understand(f"{earlier}，{turns[-1]}", district=district, area=area, as_of=as_of)
    named = bool(alone.doc_numbers or alone.titles)
    before = _last_named(turns[:-1])
    districts = alone.districts or before.districts
    areas = alone.areas or (() if alone.districts else before.areas)
    query = replace(
        alone,
        district=districts[0] if districts else joined.district,
        districts=districts,
        area=areas[0] if areas else None if districts else area,
        areas=areas,
        doc_numbers=alone.doc_numbers if named else joined.doc_numbers,
        titles=alone.titles if named else joined.titles,
        as_of=alone.as_of if alone.as_of_named else joined.as_of,
        as_of_named=alone.as_of_named or joined.as_of_named,
    )
    joined = replace(
        joined,
        district=query.district,
        districts=query.districts,
        area=query.area,
        areas=query.areas,
        labels=alone.labels,
        sides=(),
    )
    return Asked(tuple(turns), query, (joined, query))


def _last_named(turns: Sequence[str]) -> Places:
    """The places of the latest turn that names a district or an area."""
    found = (find_places(turn) for turn in reversed(turns))
    return next((places for places in found if places.districts or places.areas), Places())
