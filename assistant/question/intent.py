"""What a question asks for, by its wording (``data/lexicon/intents.tsv``)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast, get_args

from assistant.question.query import Intent
from embeddings.segment import LEXICON


def intents(text: str) -> tuple[Intent, ...]:
    """What is asked for, the most telling first; empty when the wording does not say."""
    return tuple(
        cast(Intent, name) for name, pattern in _patterns("intents") if pattern.search(text)
    )


def smalltalk(text: str) -> str | None:
    """The kind of small talk that the *whole* text is, None when it asks something."""
    plain = text.strip()
    talk = _patterns("smalltalk")
    return next((kind for kind, pattern in talk if pattern.fullmatch(plain)), None)


@lru_cache
def _patterns(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns of one file by their name, in the order of first mention.

    Raises:
        ValueError: the file of intents names one that the record does not know.
    """
    alternatives: dict[str, list[str]] = {}
    for line in (LEXICON / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, pattern = line.split("\t")
            alternatives.setdefault(kind, []).append(pattern)
    if name == "intents" and (unknown := set(alternatives) - set(get_args(Intent))):
        raise ValueError(f"unknown intents in {name}.tsv: {sorted(unknown)}")
    return tuple((k, re.compile("|".join(p), re.I)) for k, p in alternatives.items())
