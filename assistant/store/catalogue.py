"""The catalogue of one generation, read only: documents, measures, relations, twins.

The file is complete and never written again once it is read, so it is read whole: no lock, no
journal, any number of readers, and what is done to the file later does not reach them.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.errors import IndexDamagedError, UnknownDocumentError
from assistant.records import Document, Measure, Place, Relation
from assistant.store.codec import document_from, measure_from, place_from, relation_from

_REPAIR = "请运行 assistant doctor 检查，或 assistant ingest --rebuild 重新建立索引"


@dataclass(frozen=True, slots=True)
class ChunkRow:
    chunk_id: str
    measure_id: str
    text: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source file as it was taken in."""

    name: str
    path: str
    root: str
    sha256: str
    failure: str
    account: dict[str, Any]


class Catalogue:
    """Reads a ``catalogue.sqlite``; safe to share between threads.

    Args:
        content: of the file, compared with its checksum.

    Raises:
        IndexDamagedError: it is no catalogue.
    """

    def __init__(self, content: bytes) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.deserialize(content)
        self._documents: dict[str, Document] | None = None
        self._rows("SELECT count(*) FROM sqlite_master")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def documents(self) -> tuple[Document, ...]:
        """All documents in the order of sources and lines."""
        return tuple(self._by_id().values())

    def document(self, doc_id: str) -> Document:
        """Raises :class:`UnknownDocumentError` when there is none."""
        try:
            return self._by_id()[doc_id]
        except KeyError:
            raise UnknownDocumentError(
                f"没有编号为 {doc_id} 的文件", "请用 assistant docs 查看已入库的文件"
            ) from None

    def measures(self, doc_id: str | None = None) -> tuple[Measure, ...]:
        """The measures of one document, or of all, in order of the text."""
        if doc_id is None:
            rows = self._rows(
                "SELECT m.record FROM measures m JOIN documents d USING (doc_id)"
                " ORDER BY d.ord, m.ord"
            )
        else:
            self.document(doc_id)
            rows = self._rows("SELECT record FROM measures WHERE doc_id = ? ORDER BY ord", doc_id)
        return tuple(measure_from(record) for (record,) in rows)

    def measure(self, measure_id: str) -> Measure:
        """Raises :class:`UnknownDocumentError` when there is none."""
        rows = self._rows("SELECT record FROM measures WHERE measure_id = ?", measure_id)
        if not rows:
            raise UnknownDocumentError(
                f"没有编号为 {measure_id} 的条款", "请用 assistant show 查看该文件的条款"
            )
        return measure_from(rows[0][0])

    def measures_by_id(self, measure_ids: Iterable[str]) -> dict[str, Measure]:
        """Those of the measures that exist."""
        wanted = list(dict.fromkeys(measure_ids))
        marks = ",".join("?" * len(wanted))
        rows = self._rows(f"SELECT record FROM measures WHERE measure_id IN ({marks})", *wanted)
        found = (measure_from(record) for (record,) in rows)
        return {measure.measure_id: measure for measure in found}

    def twins(self, measure_id: str) -> tuple[Place, ...]:
        """Where else nearly the same clause stands."""
        rows = self._rows("SELECT record FROM twins WHERE measure_id = ? ORDER BY ord", measure_id)
        return tuple(place_from(record) for (record,) in rows)

    def all_twins(self) -> dict[str, tuple[Place, ...]]:
        """``measure_id`` → places, for the measures that have any."""
        found: dict[str, list[Place]] = {}
        for measure_id, record in self._rows(
            "SELECT measure_id, record FROM twins ORDER BY measure_id, ord"
        ):
            found.setdefault(measure_id, []).append(place_from(record))
        return {measure_id: tuple(places) for measure_id, places in found.items()}

    def relations(self) -> tuple[tuple[str, Relation], ...]:
        """``(doc_id, relation)`` for every relation: the document does it to the target."""
        rows = self._rows(
            "SELECT r.doc_id, r.record FROM relations r JOIN documents d USING (doc_id)"
            " ORDER BY d.ord, r.ord"
        )
        return tuple((doc_id, relation_from(record)) for doc_id, record in rows)

    def questions(self) -> dict[str, tuple[str, ...]]:
        """``measure_id`` → the questions that staff wrote for it."""
        found: dict[str, list[str]] = {}
        for measure_id, text in self._rows("SELECT measure_id, text FROM questions ORDER BY rowid"):
            found.setdefault(measure_id, []).append(text)
        return {measure_id: tuple(texts) for measure_id, texts in found.items()}

    def chunks(self) -> tuple[ChunkRow, ...]:
        """All chunks; the vector of chunk ``i`` is row ``i`` of ``vectors.npy``."""
        rows = self._rows("SELECT chunk_id, measure_id, text FROM chunks ORDER BY position")
        return tuple(ChunkRow(*row) for row in rows)

    def chunk_ids(self) -> tuple[str, ...]:
        """The ids of :meth:`chunks`, without reading their texts."""
        rows = self._rows("SELECT chunk_id FROM chunks ORDER BY position")
        return tuple(chunk_id for (chunk_id,) in rows)

    def sources(self) -> tuple[SourceRow, ...]:
        rows = self._rows(
            "SELECT name, path, root, sha256, failure, account FROM sources ORDER BY name"
        )
        return tuple(
            SourceRow(name, path, root, sha256, failure, json.loads(account))
            for name, path, root, sha256, failure, account in rows
        )

    def _by_id(self) -> dict[str, Document]:
        with self._lock:
            if self._documents is None:
                records = (
                    document_from(record)
                    for (record,) in self._rows("SELECT record FROM documents ORDER BY ord")
                )
                self._documents = {document.doc_id: document for document in records}
            return self._documents

    def _rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._connection.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise IndexDamagedError(
                f"索引的 catalogue.sqlite 无法读取：{error}", _REPAIR
            ) from error

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents())
