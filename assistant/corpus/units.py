"""The units that a document is taken apart into, before they become measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.corpus.tree import Node

Range = tuple[int, int]  # piece indices, end exclusive
Part = Literal["正文", "导语", "附则", "落款", "附件"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of pieces that is one measure, or text of the document's own (no label)."""

    first: int
    end: int
    label: str | None
    heading: str
    part: Part
    path: tuple[str, ...] = ()
    text: str | None = None  # None: set as front matter or paragraphs
    more: tuple[Range, ...] = ()  # the unit goes on behind a box
    depts: str | None = None
    deadline: str | None = None

    @property
    def ranges(self) -> tuple[Range, ...]:
        return ((self.first, self.end), *self.more)


def path_label(node: Node) -> str:
    """Enumerators from the outermost section down, joined by ``/``.

    Articles and decimals (3.1.2) stand alone.
    """
    if node.mark.kind in ("article", "decimal"):
        return node.label
    labels: list[str] = []
    at: Node | None = node
    while at:
        labels.append(at.label)
        at = at.parent
    return "/".join(reversed(labels))
