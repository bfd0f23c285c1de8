"""Evidence of the reading questions: where it stands, and which documents only measure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from zlib import crc32

ONE_IN = 10  # documents, of which one is not trained on
GRAM = 6
MARKED = 0.6  # share of the shorter one's grams that makes a sentence part of a quote


def bare(text: str) -> str:
    """NFKC without white space: the form in which titles, labels and quotes are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def held_out(title: str) -> bool:
    """Whether questions about the document only choose and measure."""
    return crc32(bare(title).encode()) % ONE_IN == 0


def grams(text: str) -> set[str]:
    """All stretches of :data:`GRAM` characters; a shorter text is its own."""
    return {text[i : i + GRAM] for i in range(max(1, len(text) - GRAM + 1))}


def marks(sentences: Sequence[str], quotes: Iterable[str]) -> list[int]:
    """1 for each sentence that is part of a quote (in its bare form), or holds one."""
    wanted = [(grams(q), len(q)) for q in quotes]
    found = []
    for sentence in sentences:
        text = bare(sentence)
        own = grams(text)
        found.append(
            int(
                any(
                    min(len(text), size) >= GRAM
                    and len(own & other) >= MARKED * min(len(own), len(other))
                    for other, size in wanted
                )
            )
        )
    return found
