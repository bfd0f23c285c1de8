"""Hits → answer: extractive, refused, or written by an LLM and verified."""

from assistant.answer.compose import compose
from assistant.answer.knowledge import Knowledge
from assistant.answer.nearness import Nearness
from assistant.answer.small_talk import small_talk

__all__ = ["Knowledge", "Nearness", "compose", "small_talk"]
