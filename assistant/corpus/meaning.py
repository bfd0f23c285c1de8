"""What one measure says: departments, deadline, its own period, facts."""

from __future__ import annotations

from dataclasses import replace

from assistant.corpus.departments import deadline, departments, located
from assistant.corpus.facts import facts
from assistant.corpus.own_period import bounds, own_periods
from assistant.records import Document, Measure


def enrich(measure: Measure, document: Document) -> Measure:
    """The measure with departments, deadline, its own period and facts filled in.

    What the structure already knew (a table's columns) is kept.
    """
    found = departments(measure.text)
    if measure.depts and not found.spans:
        found = located(measure.text, measure.depts)
    first, last = (None, None)
    if measure.label is not None:
        first, last = bounds(own_periods(measure.text))
    return replace(
        measure,
        depts=measure.depts or found.text,
        deadline=measure.deadline or deadline(measure.text),
        effective_from=measure.effective_from or first,
        expires=measure.expires or last,
        facts=facts(measure.text, found),
    )
