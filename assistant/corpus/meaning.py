"""What one measure says: departments, deadline, its own period, facts."""

from __future__ import annotations

from dataclasses import replace

from assistant.corpus.departments import deadline, departments
from assistant.records import Document, Measure


def enrich(measure: Measure, document: Document) -> Measure:
    """The measure with departments, deadline, its own period and facts filled in.

    What the structure already knew (a table's columns) is kept.
    """
    found = departments(measure.text)
    return replace(
        measure,
        depts=measure.depts or found.text,
        deadline=measure.deadline or deadline(measure.text),
    )
