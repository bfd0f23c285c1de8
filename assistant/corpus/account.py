"""Where every character of a source went: measures, own text of documents, dropped furniture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.corpus.text import size


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one source line and the place its characters went to."""

    line: int
    start: int
    end: int
    place: str  # 条款, 章节标题, 导语, 附则, 落款, 附件, or why it was dropped
    dropped: bool = False
    document: int = -1  # index of the document, -1: between documents


@dataclass(frozen=True, slots=True)
class Account:
    """Characters (blanks not counted) of a source by the place they went to."""

    total: int
    kept: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    missing: int = 0  # in no place; always 0 unless the parser is at fault
    doubled: int = 0
    spans: tuple[Span, ...] = ()

    @property
    def complete(self) -> bool:
        return self.missing == 0 and self.doubled == 0


def account(lines: tuple[str, ...], spans: Iterable[Span]) -> Account:
    """Count every character of the source exactly once.

    Args:
        lines: lines of the source.
        spans: the stretches that some place has taken.
    """
    taken = sorted(spans, key=lambda s: (s.line, s.start))
    kept: dict[str, int] = {}
    dropped: dict[str, int] = {}
    missing = doubled = 0
    reached: dict[int, int] = {}
    for span in taken:
        line = lines[span.line - 1]
        at = reached.get(span.line, 0)
        missing += size(line[at : span.start])
        doubled += size(line[span.start : min(at, span.end)])
        reached[span.line] = max(at, span.end)
        target = dropped if span.dropped else kept
        count = size(line[span.start : span.end])
        target[span.place] = target.get(span.place, 0) + count
    missing += sum(size(line[reached.get(n, 0) :]) for n, line in enumerate(lines, 1))
    total = sum(size(line) for line in lines)
    return Account(total, kept, dropped, missing, doubled, tuple(taken))
