"""The words by which one statement turns into another, as data: ``data/lexicon/opposites.tsv``."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from embeddings.segment import LEXICON, raw_words

FILE = LEXICON / "opposites.tsv"
PLAIN = "plain"  # rows that only keep a word whole
FILLER = "filler"  # words that an answer may put around what the clause says
NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class Sign:
    """A word of the lexicon at ``text[start:end]``: what it says, as a value of a kind."""

    kind: str
    value: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _lexicon() -> tuple[re.Pattern[str], dict[str, list[tuple[str, str]]]]:
    meanings: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, value, words = line.split("\t")
            for word in words.split("|"):
                meanings[word].append((kind, value))
    longest_first = sorted(meanings, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), dict(meanings)


@lru_cache(maxsize=1)
def filler() -> re.Pattern[str]:
    """The words that tell nothing of the matter."""
    words = [w for w, means in _lexicon()[1].items() if any(kind == FILLER for kind, _ in means)]
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


@lru_cache(maxsize=4096)
def signs(text: str) -> tuple[Sign, ...]:
    """The words of the lexicon in ``text`` (as ``plain`` gives it), the longest at each place."""
    pattern, meanings = _lexicon()
    words: set[tuple[int, int]] = set()
    at = 0
    for word in raw_words(text):
        words.add((at, at + len(word)))
        at += len(word)
    return tuple(
        Sign(kind, value, *match.span())
        for match in pattern.finditer(text)
        for kind, value in meanings[match.group()]
        if kind not in (PLAIN, FILLER)
        and (len(match.group()) > 1 or kind == NEGATION or match.span() in words)
    )
