"""Measure → passages: what the reader reads at a time, as sentences with their spans.

A passage is a run of whole sentences of one measure.  What it needs to be understood alone (the
document's title, the heading, the lead-in of a list that began before it) is its ``context``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.records import Document, Measure
from assistant.sentences import Sentence, split

LONGEST = 240  # characters; with question and context some 200 tokens of the reader
TITLE = 24  # characters of the title that are read, from its end: the beginning repeats the issuer
HEADINGS = 20  # characters of the headings, from their end
LEAD = 30  # characters of a lead-in that is repeated
_EMPTY = re.compile(r"^上海市(?:人民政府(?:办公厅)?)?(?:关于)?|的?通知$|[《》\s]")


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences ``first`` … ``first + len(sentences) - 1`` of a measure."""

    measure_id: str
    context: str
    sentences: tuple[Sentence, ...]


def passages(document: Document, measure: Measure) -> tuple[Passage, ...]:
    """The passages of one measure in order; together they hold every sentence once."""
    context = reading_context(document, measure)
    every = split(measure)
    runs: list[list[Sentence]] = []
    size = 0
    for sentence in every:
        length = len(sentence.text)
        if not runs or size + length > LONGEST:
            runs.append([])
            size = 0
        runs[-1].append(sentence)
        size += length
    return tuple(
        Passage(measure.measure_id, _with_lead(context, run, every), tuple(run)) for run in runs
    )


def reading_context(document: Document, measure: Measure) -> str:
    """The end of the title and of the headings, as far as the text does not begin with them."""
    title = _EMPTY.sub("", document.title)[-TITLE:]
    if document.district and document.district[:2] not in title:
        title = f"{document.district} {title}"
    heads = [h for h in (*measure.path, measure.heading) if h and not measure.text.startswith(h)]
    return f"{title} {' '.join(heads)[-HEADINGS:]}".strip()


def _with_lead(context: str, run: list[Sentence], every: tuple[Sentence, ...]) -> str:
    lead = run[0].lead
    if lead is None or lead == run[0].index:
        return context
    return f"{context} {every[lead].text[-LEAD:]}"
