"""One segment of a source → a document draft: front matter, measures, closing text, annexes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.corpus import boxes, signals, tables
from assistant.corpus.draft import DocumentDraft
from assistant.corpus.front import Front, front
from assistant.corpus.numbering import enumerator
from assistant.corpus.outline import Node, Outline, outline
from assistant.corpus.paragraphs import front_lines, is_wrapped, paragraphs
from assistant.corpus.segment import Segment
from assistant.corpus.tail import tail_start
from assistant.corpus.units import Heading, heading, path_label, title_sentences, unit_text
from assistant.records import Measure

Range = tuple[int, int]  # piece indices, end exclusive
_FEW_UNITS = 5
Part = Literal["正文", "导语", "附则", "落款", "附件"]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft and, for every measure of it, the pieces that its text was made of."""

    draft: DocumentDraft
    spans: tuple[tuple[Range, ...], ...]  # pieces of every measure, parallel to draft.measures
    headings: tuple[int, ...]  # pieces that are headings of sections
    repeated: tuple[int, ...]  # pieces that repeat a table's header on a new page
    warnings: tuple[str, ...] = ()


def draft(source: str, part: Segment) -> Drafted:
    """Read the structure of one document.

    Args:
        source: name of the source file.
        part: its pieces, as :func:`assistant.corpus.segment.segment` found them.
    """
    return _Drafter(source, part).run()


@dataclass(slots=True)
class _Unit:
    first: int
    end: int
    label: str | None
    heading: str
    part: Part
    path: tuple[str, ...] = ()
    text: str | None = None
    more: tuple[Range, ...] = ()  # the unit goes on behind a box
    depts: str | None = None
    deadline: str | None = None

    @property
    def ranges(self) -> tuple[Range, ...]:
        return ((self.first, self.end), *self.more)


def _one_paragraph_each(tree: Outline) -> bool:
    """Whether the units are written as one paragraph each: what follows the last one is not its."""
    last = tree.leaves()[-1].mark.kind
    others = [n for n in tree.leaves()[:-1] if n.mark.kind == last != "article"]
    return len(others) >= _FEW_UNITS and all(n.first == n.last for n in others)


class _Drafter:
    def __init__(self, source: str, part: Segment) -> None:
        self.source, self.pieces = source, part.pieces
        self.compendium = part.compendium
        self.wrapped = is_wrapped(self.pieces)
        self.front: Front = front(self.pieces, part.compendium)
        self.units: list[_Unit] = []
        self.section_lines: list[int] = []
        self.repeated: list[int] = []
        self.warnings: list[str] = []

    def run(self) -> Drafted:
        begin = self.front.notice_end
        annex = self._annex(begin)
        tree = outline(self.pieces, begin, annex, self.wrapped)
        self.warnings.extend(tree.warnings)
        if not tree.roots:
            self._unnumbered(begin, annex)
        else:
            self._numbered(tree, begin, annex)
        self._annexes(annex)
        return self._drafted()

    def _annex(self, begin: int) -> int:
        """First piece of the annexes: an annex line behind the first numbered unit."""
        seen = False
        for i in range(begin, len(self.pieces)):
            text = self.pieces[i].text
            mark = enumerator(text)
            seen = seen or bool(mark and mark.value == 1 and mark.kind != "arabic_bracket")
            if seen and signals.APPENDIX.match(text):
                return i
        return len(self.pieces)

    def _unnumbered(self, begin: int, annex: int) -> None:
        """No numbered units: the notice is front matter, the rest is the text itself."""
        start = begin
        while start < annex and signals.is_head(self.pieces[start].text):
            start += 1
        if start:
            self._own(0, start, "导语", "文首")
        end = annex
        while end > start and signals.is_signature(self.pieces[end - 1].text):
            end -= 1
        if end > start:
            self._own(start, end, "正文", self.front.title)
        if annex > end:
            self._own(end, annex, "落款", "落款")

    def _numbered(self, tree: Outline, begin: int, annex: int) -> None:
        first = tree.roots[0].first
        if begin:
            self._own(0, begin, "导语", "印发通知")
        if first > begin:
            self._own(begin, first, "导语", "导语")
        sentences = title_sentences(
            self.pieces, [n for n in tree.nodes() if n.mark.kind == "article"]
        )
        paths: dict[int, tuple[str, ...]] = {}
        leaves = {id(n) for n in tree.leaves()}
        last_leaf = tree.leaves()[-1]
        for node in tree.nodes():
            head = heading(self.pieces, node, self.wrapped, sentences)
            above = paths[id(node.parent)] if node.parent else ()
            paths[id(node)] = (*above, f"{node.label} {head.text}".strip())
            if id(node) not in leaves:
                self._section(node, head.text, above)
                continue
            end = node.last + 1
            if node is last_leaf:
                end = tail_start(self.pieces, node.first, node.last, head.lines)
                if not self.wrapped and _one_paragraph_each(tree):
                    end = min(end, self._single_end(node))
            self._leaf(node, end, head, above)
            if end <= node.last:
                self._tail(end, node.last + 1)

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
        label = path_label(node)
        found = boxes.boxes(self.pieces, node.first + 1, end)
        own = boxes.outside(found, node.first, end)
        texts = [
            unit_text(self.pieces, a, b - 1, self.wrapped, head.lines if a == node.first else 0)
            for a, b in own
        ]
        self.units.append(
            _Unit(*own[0], label, head.text, "正文", above, "\n".join(texts), own[1:])
        )
        inside = (*above, f"{node.label} {head.text}".strip())
        for box in found:
            text = unit_text(self.pieces, box.first, box.end - 1, self.wrapped, 1)
            self.units.append(
                _Unit(box.first, box.end, f"{label}/{box.label}", box.heading, "正文", inside, text)
            )

    def _section(self, node: Node, name: str, above: tuple[str, ...]) -> None:
        """A section with sub-units: its heading is structure, text before them its own unit."""
        end = node.first + 1
        shown = len("".join(p.text for p in self.pieces[node.first : end])) - node.mark.end
        while end <= node.last and shown < len(name):
            shown += len(self.pieces[end].text)
            end += 1
        if shown > len(name) + 2:  # the text goes on behind the heading in the same line
            end = node.first
        self.section_lines.extend(range(node.first, end))
        if end <= node.last:
            path = (*above, f"{node.label} {name}".strip())
            self.units.append(_Unit(end, node.last + 1, None, name, "正文", path))

    def _tail(self, first: int, end: int) -> None:
        """Closing clause, then signature."""
        signature = end
        while signature > first and (signals.is_signature(self.pieces[signature - 1].text)):
            signature -= 1
        if signature > first:
            self._own(first, signature, "附则", "附则")
        if end > signature:
            self._own(signature, end, "落款", "落款")

    def _annexes(self, annex: int) -> None:
        i = annex
        while i < len(self.pieces):
            j = i + 1
            while j < len(self.pieces) and not signals.APPENDIX.match(self.pieces[j].text):
                j += 1
            self._annex_text(i, j)
            i = j

    def _annex_text(self, first: int, end: int) -> None:
        at = first
        for i in range(first, end):
            if tables.is_row(self.pieces[i].text):
                at = i
                break
        else:
            self._own(first, end, "附件", "附件")
            return
        self._own(first, at, "附件", "附件")
        found, repeated = tables.rows(self.pieces, at, end)
        self.repeated.extend(repeated)
        for row in found:
            self.units.append(
                _Unit(
                    row.first,
                    row.end,
                    row.label,
                    row.heading,
                    "附件",
                    row.path,
                    row.text,
                    depts=row.depts,
                    deadline=row.deadline,
                )
            )

    def _own(self, first: int, end: int, part: Part, name: str) -> None:
        if end > first:
            self.units.append(_Unit(first, end, None, name, part))

    def _text(self, unit: _Unit) -> str:
        if unit.text is not None:
            return unit.text
        pieces = self.pieces[unit.first : unit.end]
        if unit.part == "正文":
            return "\n".join(paragraphs(pieces, self.wrapped))
        titles = [(0, self.compendium)] if unit.first == 0 else []
        if self.front.title_lines:
            first, last = self.front.title_lines[0], self.front.title_lines[-1]
            titles.append((first - unit.first, last + 1 - unit.first))
        lists = unit.part == "附件"
        return "\n".join(front_lines(pieces, self.wrapped, titles, lists))

    def _measures(self) -> tuple[Measure, ...]:
        return tuple(
            Measure(
                measure_id="",
                doc_id="",
                label=u.label,
                heading=u.heading,
                text=self._text(u),
                line_start=self.pieces[u.first].line,
                line_end=self.pieces[u.ranges[-1][1] - 1].line,
                page=self.pieces[u.first].page,
                part=u.part,
                path=u.path,
                order=order,
                depts=u.depts,
                deadline=u.deadline,
            )
            for order, u in enumerate(self.units)
        )

    def _drafted(self) -> Drafted:
        self.units.sort(key=lambda u: u.first)
        measures = self._measures()
        labelled = [k for k, u in enumerate(self.units) if u.label]
        first = labelled[0] if labelled else len(measures)
        last = labelled[-1] if labelled else -1
        made = DocumentDraft(
            source=self.source,
            line_start=self.pieces[0].line,
            line_end=self.pieces[-1].line,
            title=self.front.title,
            head="\n".join(m.text for m in measures[:first] if m.part != "附件"),
            tail="\n".join(m.text for m in measures[last + 1 :]) if labelled else "",
            measures=measures,
        )
        return Drafted(
            made,
            tuple(u.ranges for u in self.units),
            tuple(self.section_lines),
            tuple(self.repeated),
            tuple(self.warnings),
        )
