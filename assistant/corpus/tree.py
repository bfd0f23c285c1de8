"""The tree of numbered units that an outline is."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.corpus.numbering import Enumerator


@dataclass(slots=True)
class Node:
    """A numbered unit: pieces ``first`` … ``last`` (inclusive, own text before its children)."""

    mark: Enumerator
    first: int
    last: int
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.mark.label


@dataclass(slots=True)
class Outline:
    roots: list[Node]
    warnings: list[str]

    def leaves(self) -> list[Node]:
        found: list[Node] = []
        todo = list(reversed(self.roots))
        while todo:
            node = todo.pop()
            if node.children:
                todo.extend(reversed(node.children))
            else:
                found.append(node)
        return found

    def nodes(self) -> list[Node]:
        found: list[Node] = []
        todo = list(reversed(self.roots))
        while todo:
            node = todo.pop()
            found.append(node)
            todo.extend(reversed(node.children))
        return found
