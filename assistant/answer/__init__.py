"""Reading → the answer: claims, checked and put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.answer.claims import claims
from assistant.answer.phrase import phrase
from assistant.answer.small_talk import small_talk
from assistant.knowledge import Knowledge
from assistant.question.query import Query
from assistant.reading import Reading
from assistant.records import Answer, Hit

__all__ = ["compose"]


def compose(
    query: Query,
    reading: Reading,
    *,
    as_of: str,
    known: Knowledge,
    thresholds: Mapping[str, float],
    hidden: Hit | None = None,
) -> Answer:
    """The extractive answer: claims from what was read, in words, with citations.

    Args:
        hidden: a rule that would answer but was left out, because it is not in force.
    """
    answer = small_talk(query, known)
    if answer is None:
        said = claims(query, reading, as_of=as_of, known=known, thresholds=thresholds)
        answer = phrase(query, replace(said, hidden=hidden), as_of=as_of, known=known)
    return replace(answer, retrieved=reading.hits)
