"""What speaks for a measure as the answer to a question, as numbers between 0 and 1."""

from __future__ import annotations

import re

from assistant.question.query import Query
from assistant.records import Document

_DOC_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SPAN = re.compile(r"((?:19|20)\d\d)\s{0,3}(?:年)?[-—－~至]{1,3}\s{0,3}((?:19|20)\d\d)")


def years_of(document: Document) -> set[int]:
    """Years by which people name a document: of its title, its number and its issue."""
    said = f"{document.title} {document.doc_number or ''} {(document.issued or '')[:4]}"
    years = {int(year) for year in _DOC_YEAR.findall(said)}
    for first, last in _SPAN.findall(document.title):
        years.update(range(int(first), int(last) + 1))
    return years


def year_fit(query: Query, years: set[int]) -> float:
    """1 when a year of the question is one of the document's, −1 when none is, 0: none named."""
    if not query.years or not years:
        return 0.0
    return 1.0 if years & set(query.years) else -1.0


def expired(document: Document, as_of: str | None) -> float:
    """1 when the document's own period was over on ``as_of``."""
    return float(bool(as_of and document.expires and document.expires < as_of))
