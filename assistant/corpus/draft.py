"""What the structural parser hands to the readers of meaning (metadata, relations, facts)."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.records import Measure


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """One document cut out of a source, before its metadata is known.

    ``measures`` already carry label, heading, text, path, page, lines, part and order; their
    ``measure_id``/``doc_id`` are still empty and ``depts``, ``deadline``, dates and facts unset.
    ``head`` is the text before the first measure (compendium heading, covering notice, 导语),
    ``tail`` the text after the last one (附则, 落款), both clean and joined, one paragraph a line.
    """

    source: str
    line_start: int
    line_end: int
    title: str  # as the title lines have it, joined
    head: str
    tail: str
    measures: tuple[Measure, ...]
