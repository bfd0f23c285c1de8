"""The retriever as a LangChain component: measures as documents with their metadata."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.question import understand
from assistant.records import Hit
from assistant.retrieval.search import Retriever
from assistant.settings import Settings, get_settings
from assistant.store.open import open_encoder, open_index


class PolicyRetriever(BaseRetriever):
    """Finds measures for a question; usable wherever LangChain takes a retriever.

    Example:
        >>> retriever = PolicyRetriever.open(k=5)  # doctest: +SKIP
        >>> retriever.invoke("沪府办规〔2025〕3号第十四条")[0].metadata["measure"]  # doctest: +SKIP
        '四/（十四）'
    """

    retriever: Retriever
    k: int = 10
    district: str | None = None
    as_of: str | None = None

    model_config = ConfigDict(arbitrary_types_allowed=True)

    @classmethod
    def open(cls, settings: Settings | None = None, **options: Any) -> PolicyRetriever:
        """Over the current index.

        Args:
            options: ``k``, ``district``, ``as_of``.

        Raises:
            NoIndexError, IndexMismatchError, SettingsError: see :mod:`assistant.store.open`.
        """
        settings = settings or get_settings()
        index, encoder = open_index(settings), open_encoder(settings)
        index.check_encoder(encoder)
        index.check_segmenter()
        return cls(retriever=Retriever(index, encoder), **options)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        understood = understand(query, district=self.district, as_of=self.as_of)
        return [as_document(hit) for hit in self.retriever.search(understood, self.k)]


def as_document(hit: Hit) -> Document:
    """A hit with what a citation needs in its metadata; ``id`` is the measure id."""
    measure, document = hit.measure, hit.document
    return Document(
        id=measure.measure_id,
        page_content=measure.text,
        metadata={
            "doc_id": document.doc_id,
            "title": document.title,
            "doc_number": document.doc_number,
            "district": document.district,
            "measure": measure.label,
            "heading": measure.heading,
            "page": measure.page,
            "source": document.source,
            "line_start": measure.line_start,
            "line_end": measure.line_end,
            "score": hit.score,
        },
    )
