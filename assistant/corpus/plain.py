"""Text without numbered units → units: its paragraphs, questions with their answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.corpus.clean import Piece
from assistant.corpus.numbering import enumerator
from assistant.corpus.paragraphs import paragraph_spans
from assistant.corpus.text import join
from assistant.corpus.units import Unit

_QUESTION = re.compile(r"^(?:问|Q)\s*+(?:\d{1,3}\s*+)?[：:.、]\s*+(.{4,})$|^[^。；]{6,60}[？?]$")
_HEADING = 30  # characters; a longer line is text
_SHORT = 60  # characters; shorter paragraphs stay with the one before


def plain_units(
    pieces: Sequence[Piece], first: int, end: int, wrapped: float, title: str
) -> list[Unit]:
    """The paragraphs of ``pieces[first:end]``, each with the heading or question above it.

    Args:
        title: heading of the text before the first heading.
    """
    units: list[Unit] = []
    start, name = first, title
    texts: list[str] = []
    for a, b in paragraph_spans(pieces[first:end], wrapped):
        text = join([p.text for p in pieces[first + a : first + b]])
        heads = _is_heading(text)
        if texts and (heads or _stands_alone(text, texts)):
            units.append(Unit(start, first + a, None, name, "正文", (), "\n".join(texts)))
            start, texts = first + a, []
        if heads:
            question = _QUESTION.match(text)
            name = (question.group(1) if question and question.group(1) else text).strip()
        texts.append(text)
    if texts:
        units.append(Unit(start, end, None, name, "正文", (), "\n".join(texts)))
    return units


def _is_heading(text: str) -> bool:
    if _QUESTION.match(text):
        return True
    return len(text) <= _HEADING and not re.search(r"[。；，：:、）)]$", text)


def _stands_alone(text: str, before: list[str]) -> bool:
    """Whether a paragraph is a unit of its own: no list item, no answer, not too short."""
    if enumerator(text) or before[-1].endswith(("：", ":", "；", ";")) or _is_heading(before[-1]):
        return False
    return len(text) >= _SHORT and sum(map(len, before[-_SHORT:])) >= _SHORT  # none is blank
