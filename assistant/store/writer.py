"""Writes the catalogue of a new generation."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.chunks import Chunk
from assistant.records import ParsedDocument, Place
from assistant.store.codec import dumps
from assistant.store.sources import TakenSource, packed

_SCHEMA = Path(__file__).with_name("schema.sql")


def write_catalogue(
    path: Path,
    *,
    sources: Sequence[TakenSource],
    documents: Sequence[ParsedDocument],
    twins: Mapping[str, Sequence[Place]],
    questions: Mapping[str, Sequence[str]],
    chunks: Sequence[Chunk],
) -> None:
    """Make ``path``; one file without journal, ready to be opened immutable.

    The folder is private to the build until it is published, so no journal is needed: a build
    that is killed is thrown away as a whole.
    """
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")  # publishing forces the file to disk
        connection.executescript(_SCHEMA.read_text(encoding="utf-8"))
        _write_sources(connection, sources)
        _write_documents(connection, documents)
        connection.executemany(
            "INSERT INTO twins VALUES (?,?,?)",
            (
                (measure_id, order, dumps(place))
                for measure_id, places in twins.items()
                for order, place in enumerate(places)
            ),
        )
        connection.executemany(
            "INSERT INTO questions VALUES (?,?)",
            ((measure_id, text) for measure_id, texts in questions.items() for text in texts),
        )
        connection.executemany(
            "INSERT INTO chunks VALUES (?,?,?,?,?)",
            (
                (chunk.chunk_id, position, chunk.measure_id, chunk.text, chunk.content)
                for position, chunk in enumerate(chunks)
            ),
        )
        connection.execute("ANALYZE")
        connection.commit()
    finally:
        connection.close()


def _write_sources(connection: sqlite3.Connection, sources: Sequence[TakenSource]) -> None:
    connection.executemany(
        "INSERT INTO sources VALUES (?,?,?,?,?,?,?,?,?)",
        (
            (
                source.name,
                source.path,
                source.root,
                source.sha256,
                source.parser,
                source.failure,
                source.failed_sha256,
                json.dumps(source.account, ensure_ascii=False),
                packed(source),
            )
            for source in sources
        ),
    )


def _write_documents(connection: sqlite3.Connection, documents: Sequence[ParsedDocument]) -> None:
    for order, parsed in enumerate(documents):
        document = parsed.document
        connection.execute(
            "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?)",
            (
                document.doc_id,
                order,
                document.title,
                document.doc_number,
                document.district,
                document.kind,
                document.source,
                dumps(document),
            ),
        )
        connection.executemany(
            "INSERT INTO measures VALUES (?,?,?,?,?)",
            (
                (measure.measure_id, document.doc_id, position, measure.label, dumps(measure))
                for position, measure in enumerate(parsed.measures)
            ),
        )
        connection.executemany(
            "INSERT INTO relations VALUES (?,?,?,?,?)",
            (
                (document.doc_id, position, relation.type, relation.target_doc_id, dumps(relation))
                for position, relation in enumerate(document.relations)
            ),
        )
