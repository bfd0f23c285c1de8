"""What code decides by wording, as data: ``data/lexicon/wordings.tsv``.

Each row has a text on which it fires and one on which it does not; the tests try them, and
``scripts/count_patterns.py`` counts on how many authored questions a row fires.  Notation (文号,
labels, titles, dates, markup) is no wording: its grammar stands in the module that reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from embeddings.segment import LEXICON

FILE = LEXICON / "wordings.tsv"
Kind = Literal["wording", "beside", "guard", "talk", "company", "clause"]


@dataclass(frozen=True, slots=True)
class Wording:
    """One alternative of the pattern ``name``.

    ``kind``: in a question; beside the name of a place or a day; against misuse; whole small talk;
    in what a company tells of itself; in a sentence of a measure.
    """

    name: str
    kind: Kind
    pattern: str
    fires: str
    silent: str


@lru_cache(maxsize=1)
def rows() -> tuple[Wording, ...]:
    """The rows of the file in its order."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    cells = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(Wording(*row) for row in cells)  # type: ignore[arg-type]


@cache
def wording(name: str) -> re.Pattern[str]:
    """All alternatives of one name, in either case."""
    found = [row.pattern for row in rows() if row.name == name]
    if not found:
        raise KeyError(name)
    return re.compile("|".join(found), re.I)


def smalltalk(text: str) -> str | None:
    """The kind of small talk that the *whole* text is, None when it asks something."""
    plain = text.strip()
    kinds = dict.fromkeys(row.name for row in rows() if row.kind == "talk")
    return next((kind for kind in kinds if wording(kind).fullmatch(plain)), None)
