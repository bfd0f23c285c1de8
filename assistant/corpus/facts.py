"""All facts of a measure: figures, times, clauses and departments, each with its span.

``fact.text == text[fact.start:fact.end]`` holds for every fact.
"""

from __future__ import annotations

import re

from assistant.corpus.departments import Departments, bodies
from assistant.corpus.facts_channel import channels
from assistant.corpus.facts_clauses import clauses
from assistant.corpus.facts_figures import figures
from assistant.corpus.facts_time import times
from assistant.records import Fact

_HEADING = 40  # a grant named in the heading is spelled out below it
_NUMBERED = re.compile(r"[0-9０-９%％]|[一二三四五六七八九十百千万两]|年[内底]")
_ENUMERATOR = re.compile(
    r"^(?:第[一二三四五六七八九十百]+条|[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+、|\d+[.．、])"
)


def facts(text: str, departments: Departments) -> tuple[Fact, ...]:
    """The facts of a measure's text, in order of their spans.

    Args:
        text: the measure's text.
        departments: its responsible bodies as :mod:`assistant.corpus.departments` found them.
    """
    skip = _ENUMERATOR.match(text)
    first = skip.end() if skip else 0
    found = [*clauses(text), *channels(text, first), *_bodies(text, departments)]
    if _NUMBERED.search(text, first):
        found += figures(text)
        found += times(text)
    inside = departments.spans
    stated = {f.benefit for f in found if f.kind == "amount"}
    kept = [
        f
        for f in found
        if f.start >= first
        and (f.kind == "department" or not any(a <= f.start < b for a, b in inside))
        and not (f.kind == "not_stated" and f.benefit in stated and f.start < _HEADING)
    ]
    return tuple(sorted(kept, key=lambda f: (f.start, f.end, f.kind)))


def _bodies(text: str, departments: Departments) -> list[Fact]:
    return [Fact("department", text[a:b], a, b) for a, b in bodies(text, departments)]
