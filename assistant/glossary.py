"""Terms of the officials, explained in a sentence from a clause that says what they mean.

``data/lexicon/glossary.tsv`` has them; a term is explained only where its document is held.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from assistant.records import Document, Term
from embeddings.segment import LEXICON

GLOSSARY = LEXICON / "glossary.tsv"
SHOWN = 4  # terms explained under one answer


@dataclass(frozen=True, slots=True)
class Entry:
    """One row; ``quote`` stands verbatim in the clause ``label`` of the document ``title``."""

    name: str
    explanation: str
    title: str
    label: str
    quote: str


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """All rows.

    Raises:
        ValueError: a row has not five columns, or a term stands twice.
    """
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    wrong = [row for row in rows if len(row) != 5]
    if wrong or len({row[0] for row in rows}) < len(rows):
        raise ValueError(f"{GLOSSARY.name}: {wrong[:1] or 'a term stands twice'}")
    return tuple(Entry(*row) for row in rows)


def terms_in(text: str, held: Callable[[str], Document | None]) -> tuple[Term, ...]:
    """The first terms of a text that can be explained, each once.

    Args:
        held: the document of a title, if it is held.
    """
    known = {e.name: e for e in entries()}
    longest_first = sorted(known, key=len, reverse=True)
    found = re.findall("|".join(map(re.escape, longest_first)), text)
    explained = []
    for entry in (known[name] for name in dict.fromkeys(found)):
        document = held(entry.title)
        if document is not None:
            explained.append(Term(entry.name, entry.explanation, document, entry.label))
    return tuple(explained[:SHOWN])
