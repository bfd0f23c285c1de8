"""From rows that apply to the rows shown: the same rule once, and only those about the matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.finder.requirements import Offer
from assistant.finder.vocabulary import plain
from assistant.records import Document, Measure, Place, Validity

FEWEST = 6  # rows listed, if there are any, before the cut by relevance
# Share of the best row's relevance below which a row is no longer about the same matter.
FLOOR = 0.5
# Share of the shorter text that two measures of one document have in common when one repeats
# the other (a plan's annexed table of tasks).
REPEATED = 0.7
_SHINGLE = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A measure with the offer that counts; ``also`` are places that repeat it."""

    measure: Measure
    document: Document
    offer: Offer
    score: float
    validity: Validity
    why_not: str | None
    also: tuple[Place, ...] = ()
    giving: float = 1.0  # how likely the measure gives something to the company
    meant: bool = False  # its sentence names what the company is


def once(rows: Sequence[Row], twins: Mapping[str, tuple[Place, ...]]) -> list[Row]:
    """The same rule in several places is one row: the best placed one stays and names the rest."""
    kept: list[Row] = []
    covered: set[tuple[str, str | None]] = set()
    for row in rows:
        if (row.document.doc_id, row.measure.label) in covered:
            continue
        places = twins.get(row.measure.measure_id, ())
        covered.update((p.doc_id, p.measure) for p in places)
        said = next((n for n, other in enumerate(kept) if _repeats(row, other)), None)
        if said is None:
            also = tuple(p for p in places if p.district in (None, row.document.district))
            kept.append(replace(row, also=also))
        else:
            kept[said] = replace(kept[said], also=(*kept[said].also, _place(row)))
    return kept


def cut(rows: Sequence[Row], *, asked: bool = True) -> list[Row]:
    """Rows about the matter: relevance falls off where the matter ends, not at a fixed number.

    Args:
        asked: there is a question in words; without one the company itself is the matter, and what
            is meant for just such companies belongs to it.
    """
    best = rows[0].score if rows else 0.0
    return [
        row
        for n, row in enumerate(rows)
        if n < FEWEST or row.score >= FLOOR * best or (row.meant and not asked)
    ]


def _repeats(row: Row, other: Row) -> bool:
    if row.document.doc_id != other.document.doc_id:
        return False
    one, two = _shingles(row.measure.text), _shingles(other.measure.text)
    return len(one & two) >= REPEATED * min(len(one), len(two))


@lru_cache(maxsize=4096)
def _shingles(text: str) -> frozenset[str]:
    flat = plain(text)
    return frozenset(flat[i : i + _SHINGLE] for i in range(max(1, len(flat) - _SHINGLE + 1)))


def _place(row: Row) -> Place:
    d = row.document
    return Place(d.doc_id, d.title, d.doc_number, row.measure.label, d.district)
