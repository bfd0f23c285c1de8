"""What answering knows of the corpus beyond the hits, looked up once and kept."""

from __future__ import annotations

from functools import cached_property

from assistant.answer.corpus_view import CorpusView, newest
from assistant.corpus.links import Links
from assistant.records import Document, Measure, Relation, Validity
from assistant.validity import validity


class Knowledge:
    """A corpus with its links; itself a :class:`CorpusView`.

    Build one per opened catalogue and hand it to :func:`assistant.answer.compose`.
    """

    def __init__(self, corpus: CorpusView) -> None:
        self._corpus = corpus
        self._measures: dict[str, tuple[Measure, ...]] = {}

    @classmethod
    def of(cls, corpus: CorpusView) -> Knowledge:
        return corpus if isinstance(corpus, Knowledge) else cls(corpus)

    def documents(self) -> tuple[Document, ...]:
        return self._documents

    @cached_property
    def _documents(self) -> tuple[Document, ...]:
        return self._corpus.documents()

    def measures(self, doc_id: str | None = None) -> tuple[Measure, ...]:
        if doc_id is None:
            return self._corpus.measures()
        if doc_id not in self._measures:
            self._measures[doc_id] = self._corpus.measures(doc_id)
        return self._measures[doc_id]

    def relations(self) -> tuple[tuple[str, Relation], ...]:
        return self._relations

    @cached_property
    def _relations(self) -> tuple[tuple[str, Relation], ...]:
        return self._corpus.relations()

    @cached_property
    def links(self) -> Links:
        return Links(self.documents(), self.relations())

    @cached_property
    def newest(self) -> str | None:
        """The date of the newest document."""
        return newest(self.documents())

    @cached_property
    def districts(self) -> frozenset[str]:
        """Districts of which at least one own document is held."""
        return frozenset(d.district for d in self.documents() if d.district)

    def validity(self, measure: Measure, document: Document, as_of: str) -> Validity:
        return validity(measure, document, as_of, self.links)
