"""Colloquial ↔ official terms (``data/lexicon/terms.tsv``): 五险 → 社会保险费, 执照 → 营业执照."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from embeddings.segment import LEXICON, normalise

TERMS = LEXICON / "terms.tsv"


@dataclass(frozen=True, slots=True)
class Expansion:
    """``said`` as the question has it, ``official`` as policies write it."""

    said: str
    official: str


def entries() -> list[tuple[tuple[str, ...], tuple[str, ...], str]]:
    """Rows of the lexicon: (colloquial wordings, official terms, domain).

    Raises:
        ValueError: a line has not three columns.
    """
    rows = []
    for number, line in enumerate(TERMS.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) != 3:
            raise ValueError(f"{TERMS.name}:{number}: {len(columns)} columns")
        rows.append((tuple(columns[0].split("|")), tuple(columns[1].split("|")), columns[2]))
    return rows


@lru_cache(maxsize=1)
def _matcher() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    table: dict[str, dict[str, None]] = {}
    for said, official, _ in entries():
        for wording in said:
            table.setdefault(normalise(wording), {}).update(dict.fromkeys(official))
    longest_first = sorted(table, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return pattern, {wording: tuple(terms) for wording, terms in table.items()}


def expand(text: str) -> list[Expansion]:
    """The official terms for the colloquial wordings in ``text`` (normalised), longest first.

    A term that the question already uses is left out.
    """
    pattern, table = _matcher()
    found: dict[Expansion, None] = {}
    for match in pattern.finditer(text):
        for term in table[match[0]]:
            if normalise(term) not in text:
                found[Expansion(match[0], term)] = None
    return list(found)
