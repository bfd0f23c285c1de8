"""A question, understood: places, names, dates and words that its wording gives."""

from assistant.question.query import LabelRef, Query, Side
from assistant.question.turns import Asked, understand_turns
from assistant.question.understand import understand

__all__ = ["Asked", "LabelRef", "Query", "Side", "understand", "understand_turns"]
