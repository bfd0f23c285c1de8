"""What answering needs to know of the corpus beyond the hits; the catalogue provides it."""

from __future__ import annotations

import re
import unicodedata
from typing import Protocol

from assistant.records import Document, Measure, Relation

_NOISE = re.compile(r"[\s\[\]〔〕（）()《》“”\"'‘’【】「」·、，,—–\-]+")


class CorpusView(Protocol):
    def documents(self) -> tuple[Document, ...]: ...

    def measures(self, doc_id: str | None = None) -> tuple[Measure, ...]: ...

    def relations(self) -> tuple[tuple[str, Relation], ...]: ...


def squeeze(text: str | None) -> str:
    """NFKC without spaces, brackets, quotes and dashes: the form in which names are compared."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text or "")).lower()


def named_documents(title: str, documents: tuple[Document, ...]) -> list[Document]:
    """The documents that ``title`` can mean: one name contains the other."""
    wanted = squeeze(title)
    if len(wanted) < 4:
        return []
    found = []
    for document in documents:
        name = squeeze(document.title)
        if wanted in name or (name in wanted and len(name) >= 8):
            found.append(document)
    return found


def newest(documents: tuple[Document, ...]) -> str | None:
    """The date of the newest document: as far as the corpus reaches."""
    dates = [d for doc in documents if (d := doc.issued or doc.effective_from)]
    return max(dates, default=None)
