"""The numbered part of a document (or annex) → units: measures, section leads, closing text."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.corpus import boxes, signals
from assistant.corpus.clean import Piece
from assistant.corpus.headings import Heading, heading, title_sentences
from assistant.corpus.numbering import enumerator
from assistant.corpus.paragraphs import paragraphs
from assistant.corpus.tail import tail_start
from assistant.corpus.tree import Node, Outline
from assistant.corpus.units import Part, Unit, path_label

_FEW_UNITS = 5


def body_units(
    pieces: Sequence[Piece], tree: Outline, wrapped: float, part: Part = "正文", prefix: str = ""
) -> tuple[list[Unit], list[int]]:
    """The units of an outline, and the pieces that are nothing but headings of its sections.

    Args:
        pieces: all pieces of the document.
        tree: the outline of the numbered part, not empty.
        wrapped: the page width at which lines are broken, or 0.
        part: what the measures belong to.
        prefix: goes before every label (附件).
    """
    return _Body(pieces, tree, wrapped, part, prefix).read()


class _Body:
    def __init__(
        self, pieces: Sequence[Piece], tree: Outline, wrapped: float, part: Part, prefix: str
    ) -> None:
        self.pieces, self.tree, self.wrapped = pieces, tree, wrapped
        self.part, self.prefix = part, prefix
        self.units: list[Unit] = []
        self.section_lines: list[int] = []

    def read(self) -> tuple[list[Unit], list[int]]:
        articles = [n for n in self.tree.nodes() if n.mark.kind == "article"]
        sentences = title_sentences(self.pieces, articles)
        leaves = self.tree.leaves()
        inner = {id(n) for n in leaves}
        paths: dict[int, tuple[str, ...]] = {}
        for node in self.tree.nodes():
            head = heading(self.pieces, node, self.wrapped, sentences)
            above = paths[id(node.parent)] if node.parent else ()
            paths[id(node)] = (*above, f"{node.label} {head.text}".strip())
            if id(node) not in inner:
                self._section(node, head.text, paths[id(node)])
                continue
            end = self._end(node, head) if node is leaves[-1] else node.last + 1
            self._leaf(node, end, head, above)
            if end <= node.last:
                self._tail(end, node.last + 1)
        return self.units, self.section_lines

    def _end(self, node: Node, head: Heading) -> int:
        """Piece behind the last measure: closing clause, signature and the like follow it."""
        end = tail_start(self.pieces, node.first, node.last, head.lines)
        if not self.wrapped and self._one_paragraph_each():
            end = min(end, self._single_end(node))
        return end

    def _one_paragraph_each(self) -> bool:
        """Whether units are written as one paragraph each: what follows the last is not its."""
        leaves = self.tree.leaves()
        last = leaves[-1].mark.kind
        others = [n for n in leaves[:-1] if n.mark.kind == last != "article"]
        return len(others) >= _FEW_UNITS and all(n.first == n.last for n in others)

    def _single_end(self, node: Node) -> int:
        """Piece behind the paragraph of a unit and the list that it announces."""
        at = node.first + 1
        while at <= node.last and (
            self.pieces[at - 1].text.endswith(("：", ":", "；", ";"))
            or enumerator(self.pieces[at].text)
        ):
            at += 1
        return at

    def _leaf(self, node: Node, end: int, head: Heading, above: tuple[str, ...]) -> None:
        """A measure, with the boxes (专栏) inside it as measures of their own."""
        label = self.prefix + path_label(node)
        found = boxes.boxes(self.pieces, node.first + 1, end)
        own = boxes.outside(found, node.first, end)
        texts = [self._text(a, b, head.lines if a == node.first else 0) for a, b in own]
        text = "\n".join(texts)
        self.units.append(Unit(*own[0], label, head.text, self.part, above, text, own[1:]))
        inside = (*above, f"{node.label} {head.text}".strip())
        for box in found:
            text = self._text(box.first, box.end, 1)
            name = f"{label}/{box.label}"
            self.units.append(Unit(box.first, box.end, name, box.heading, self.part, inside, text))

    def _text(self, first: int, end: int, heading_lines: int = 0) -> str:
        return "\n".join(paragraphs(self.pieces[first:end], self.wrapped, heading_lines))

    def _section(self, node: Node, name: str, path: tuple[str, ...]) -> None:
        """A section with sub-units: its heading is structure, text before them its own unit."""
        end = node.first + 1
        shown = len(self.pieces[node.first].text) - node.mark.end
        while end <= node.last and shown < len(name):
            shown += len(self.pieces[end].text)
            end += 1
        if shown > len(name) + 2:  # the text goes on behind the heading in the same line
            end = node.first
        self.section_lines.extend(range(node.first, end))
        if end <= node.last:
            text = self._text(end, node.last + 1)
            self.units.append(Unit(end, node.last + 1, None, name, self.part, path, text))

    def _tail(self, first: int, end: int) -> None:
        """Closing clause, then signature."""
        signature = end
        while signature > first and signals.is_signature(self.pieces[signature - 1].text):
            signature -= 1
        if signature > first:
            self.units.append(Unit(first, signature, None, "附则", "附则"))
        if end > signature:
            self.units.append(Unit(signature, end, None, "落款", "落款"))
