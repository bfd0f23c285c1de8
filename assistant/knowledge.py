"""The corpus as answering sees it: documents, measures, links and validity, looked up once."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

from assistant.corpus.links import Links, key
from assistant.records import Document, Measure, Relation, Validity
from assistant.validity import validity

_SHORTEST_NAME = 4  # characters from which a name can mean a document
_WHOLE_NAME = 8  # characters of a title from which it may stand inside what was said


class Source(Protocol):
    """What provides the records: the catalogue."""

    def documents(self) -> tuple[Document, ...]: ...

    def measures(self, doc_id: str | None = None) -> tuple[Measure, ...]: ...

    def relations(self) -> tuple[tuple[str, Relation], ...]: ...


class Knowledge:
    """One per opened catalogue; keeps what it has looked up."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._measures: dict[str, tuple[Measure, ...]] = {}

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        return self._source.documents()

    @cached_property
    def relations(self) -> tuple[tuple[str, Relation], ...]:
        """``(doc_id of the document that states it, relation)``."""
        return self._source.relations()

    @cached_property
    def links(self) -> Links:
        return Links(self.documents, self.relations)

    @cached_property
    def newest(self) -> str | None:
        """ISO date of the newest document: as far as the corpus reaches."""
        dates = [d for doc in self.documents if (d := doc.issued or doc.effective_from)]
        return max(dates, default=None)

    @cached_property
    def districts(self) -> frozenset[str]:
        """Districts of which at least one own document is held."""
        return frozenset(d.district for d in self.documents if d.district)

    @cached_property
    def areas(self) -> frozenset[str]:
        """Areas (临港新片区) of which at least one own document is held."""
        return frozenset(d.area for d in self.documents if d.area)

    @cached_property
    def elsewhere(self) -> frozenset[str]:
        """Cities and provinces other than Shanghai of which a document is held."""
        return frozenset(d.elsewhere for d in self.documents if d.elsewhere)

    def kin(self, doc_id: str) -> frozenset[str]:
        """The document, those that amend it and those that it amends."""
        pairs = [(i, r.target_doc_id) for i, r in self.relations if r.type == "amends"]
        return frozenset({doc_id}.union(*({a, b} for a, b in pairs if b and doc_id in (a, b))))

    def document(self, doc_id: str) -> Document:
        return self.links.documents[doc_id]

    def measures(self, doc_id: str) -> tuple[Measure, ...]:
        if doc_id not in self._measures:
            self._measures[doc_id] = self._source.measures(doc_id)
        return self._measures[doc_id]

    def validity(self, measure: Measure | None, document: Document, as_of: str) -> Validity:
        return validity(measure, document, as_of, self.links)

    def titled(self, title: str) -> Document | None:
        """The document of exactly this title; of several the first."""
        return next((d for d in self.documents if d.title == title), None)

    def called(self, title: str) -> list[Document]:
        """The documents that a name can mean: one name contains the other."""
        wanted = key(title)
        if len(wanted) < _SHORTEST_NAME:
            return []
        return [
            document
            for document in self.documents
            if wanted in (name := key(document.title))
            or (name in wanted and len(name) >= _WHOLE_NAME)
        ]
