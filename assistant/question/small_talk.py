"""Greetings, thanks and the like (``data/lexicon/smalltalk.tsv``)."""

from __future__ import annotations

import re
from functools import lru_cache

from embeddings.segment import LEXICON


def smalltalk(text: str) -> str | None:
    """The kind of small talk that the *whole* text is, None when it asks something."""
    plain = text.strip()
    return next((kind for kind, pattern in _patterns() if pattern.fullmatch(plain)), None)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """One pattern a kind, in the order of first mention."""
    alternatives: dict[str, list[str]] = {}
    for line in (LEXICON / "smalltalk.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, pattern = line.split("\t")
            alternatives.setdefault(kind, []).append(pattern)
    return tuple((k, re.compile("|".join(p), re.I)) for k, p in alternatives.items())
