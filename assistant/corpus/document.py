"""One segment of a source → a document draft: front matter, measures, closing text, annexes."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.corpus import signals
from assistant.corpus.annexes import annex_start, annex_units
from assistant.corpus.body import body_units
from assistant.corpus.draft import DocumentDraft
from assistant.corpus.front import Front, front
from assistant.corpus.outline import outline
from assistant.corpus.paragraphs import front_lines, page_width, paragraphs
from assistant.corpus.plain import plain_units
from assistant.corpus.segment import Segment
from assistant.corpus.tree import Outline
from assistant.corpus.units import Part, Range, Unit
from assistant.records import Measure


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


class _Drafter:
    def __init__(self, source: str, part: Segment) -> None:
        self.source, self.pieces = source, part.pieces
        self.compendium = part.compendium
        self.wrapped = page_width(self.pieces)
        self.front: Front = front(self.pieces, part.compendium)
        self.units: list[Unit] = []
        self.section_lines: list[int] = []
        self.warnings: list[str] = []

    def run(self) -> Drafted:
        begin = self.front.notice_end
        annex = annex_start(self.pieces, begin)
        tree = outline(self.pieces, begin, annex, self.wrapped)
        self.warnings.extend(tree.warnings)
        if tree.roots:
            self._numbered(tree, begin)
        else:
            self._unnumbered(begin, annex)
        units, lines, repeated = annex_units(self.pieces, annex, self.wrapped)
        self.units += units
        self.section_lines += lines
        return self._drafted(repeated)

    def _unnumbered(self, begin: int, annex: int) -> None:
        """No numbered units: the notice is front matter, the rest is the text itself."""
        start = begin
        while start < annex and signals.is_head(self.pieces[start].text):
            start += 1
        self._own(0, start, "导语", "文首")
        end = annex
        while end > start and signals.is_signature(self.pieces[end - 1].text):
            end -= 1
        self.units += plain_units(self.pieces, start, end, self.wrapped, self.front.title)
        self._own(end, annex, "落款", "落款")

    def _numbered(self, tree: Outline, begin: int) -> None:
        first = tree.roots[0].first
        self._own(0, begin, "导语", "印发通知")
        self._own(begin, first, "导语", "导语")
        units, lines = body_units(self.pieces, tree, self.wrapped)
        self.units += units
        self.section_lines += lines

    def _own(self, first: int, end: int, part: Part, name: str) -> None:
        if end > first:
            self.units.append(Unit(first, end, None, name, part))

    def _text(self, unit: Unit) -> str:
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

    def _drafted(self, repeated: list[int]) -> Drafted:
        self.units.sort(key=lambda u: u.first)
        measures = self._measures()
        labelled = [k for k, u in enumerate(self.units) if u.label]
        first = labelled[0] if labelled else len(measures)
        last = max((k for k in labelled if self.units[k].part == "正文"), default=-1)
        made = DocumentDraft(
            source=self.source,
            line_start=self.pieces[0].line,
            line_end=self.pieces[-1].line,
            title=self.front.title,
            head="\n".join(m.text for m in measures[:first] if m.part != "附件"),
            tail="\n".join(m.text for m in measures[last + 1 :] if labelled and not m.label),
            measures=measures,
        )
        return Drafted(
            made,
            tuple(u.ranges for u in self.units),
            tuple(self.section_lines),
            tuple(repeated),
            tuple(self.warnings),
        )
