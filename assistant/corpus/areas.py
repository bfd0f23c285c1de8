"""Areas with rules of their own inside or across districts (临港新片区, 张江科学城): their names,
where they lie, and which of them are parts of others (``data/lexicon/areas.tsv``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from embeddings.segment import LEXICON

# 临港集团 is a company, 金桥镇 a town of another extent, 张江路 a road.
_NO_AREA = re.compile(r"集团|公司|镇|街道|路|港|机场|论坛|码头|松江|奉贤|嘉定|青浦|大厦")


@dataclass(frozen=True, slots=True)
class Area:
    name: str
    districts: frozenset[str]  # that it lies in; none: it has parks all over the city
    within: tuple[str, ...]  # areas that it is part of
    partly: tuple[str, ...]  # areas that it shares ground with
    words: tuple[str, ...]  # how documents name it
    said: tuple[str, ...]  # further names that people use
    english: str


@lru_cache(maxsize=1)
def areas() -> dict[str, Area]:
    """All areas by name, in the order of the table."""
    lines = (LEXICON / "areas.tsv").read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        if line and not line.startswith("#"):
            name, *cells, english = line.split("\t")
            districts, within, partly, words, said = (
                tuple(filter(None, cell.split("|"))) for cell in cells
            )
            found[name] = Area(name, frozenset(districts), within, partly, words, said, english)
    return found


@lru_cache(maxsize=2)
def _words(spoken: bool) -> tuple[re.Pattern[str], dict[str, str]]:
    names = {w: a.name for a in areas().values() for w in (a.name, *a.words)}
    if spoken:
        names = {w: a.name for a in areas().values() for w in a.said} | names
    longest = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))), names


def found_in(text: str, *, spoken: bool = False) -> Iterator[tuple[str, re.Match[str]]]:
    """The areas that a text names, each with its place, in order.

    Args:
        spoken: the text is what somebody says, where 临港 is the area; in documents it may be a
            town or a company.
    """
    pattern, names = _words(spoken)
    for match in pattern.finditer(text):
        if not _NO_AREA.match(text, match.end()):
            yield names[match[0]], match


def full_name(text: str) -> str | None:
    """``临港`` or ``临港新片区`` → ``临港新片区``; None: no area of the table."""
    return _words(True)[1].get(text.strip())


def of_title(title: str) -> str | None:
    """The one area whose own rules a title announces; none where it names several."""
    named = {name for name, _ in found_in(title)}
    one = named.pop() if len(named) == 1 else None
    return one if one and areas()[one].districts else None


def wider(name: str) -> frozenset[str]:
    """The area and those that it is part of."""
    known = areas()
    found = {name}
    for part in known[name].within if name in known else ():
        found |= wider(part)
    return frozenset(found)


def touch(one: str, other: str) -> bool:
    """Whether who is in one of the areas may be in the other."""
    known = areas()
    return (
        one in wider(other)
        or other in wider(one)
        or (one in known and other in known[one].partly)
        or (other in known and one in known[other].partly)
    )
