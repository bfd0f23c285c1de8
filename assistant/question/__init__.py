"""Wording → understood question."""

from assistant.question.query import Intent, LabelRef, Query, Side
from assistant.question.understand import understand

__all__ = ["Intent", "LabelRef", "Query", "Side", "understand"]
