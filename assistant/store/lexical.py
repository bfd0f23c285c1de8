"""Measures → rows of the lexical index, one row a measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assistant.records import ParsedDocument
from embeddings.lexical_index import Row


def rows(
    documents: Sequence[ParsedDocument], questions: Mapping[str, Sequence[str]]
) -> Iterator[Row]:
    """Title, headings above, own heading, text and authored questions as separate fields."""
    for parsed in documents:
        for measure in parsed.measures:
            fields = {
                "title": parsed.document.title,
                "path": " ".join(measure.path),
                "heading": measure.heading,
                "body": measure.text,
                "questions": "\n".join(questions.get(measure.measure_id, ())),
            }
            yield Row(measure.measure_id, fields)
