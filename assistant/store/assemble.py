"""Writes a whole generation from documents that are parsed and related to each other."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from assistant.chunks import Chunk, chunks
from assistant.errors import IndexDamagedError, SettingsError
from assistant.records import ParsedDocument, Place
from assistant.settings import Settings
from assistant.store import fingerprint, generation
from assistant.store.generation import CATALOGUE, CHROMA, LEXICAL, VECTORS, Manifest
from assistant.store.lexical import rows
from assistant.store.sources import TakenSource, roots_of
from assistant.store.vectors import vectors_for
from assistant.store.writer import write_catalogue
from embeddings.encoder import Encoder

log = logging.getLogger(__name__)

# told (stage in Chinese, steps done, steps in all)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that an index is made of."""

    sources: Sequence[TakenSource]
    documents: Sequence[ParsedDocument]  # related to each other
    twins: Mapping[str, Sequence[Place]]
    questions: Mapping[str, Sequence[str]]
    notes: tuple[str, ...] = ()  # what of the tables beside them fits no document, Chinese

    def counts(self) -> dict[str, int]:
        measures = [m for parsed in self.documents for m in parsed.measures]
        return {
            "sources": sum(bool(source.documents) for source in self.sources),
            "documents": len(self.documents),
            "measures": sum(m.label is not None for m in measures),
            "own_text": sum(m.label is None for m in measures),
            "facts": sum(len(m.facts) for m in measures),
            "relations": sum(len(p.document.relations) for p in self.documents),
            "questions": sum(map(len, self.questions.values())),
        }


@dataclass(frozen=True, slots=True)
class Assembled:
    folder: Path
    counts: dict[str, int]
    encoded: int  # chunks encoded anew
    notes: tuple[str, ...] = ()  # what is not as it should be, Chinese


def assemble(
    settings: Settings,
    material: Material,
    encoder: Encoder,
    known: dict[str, np.ndarray],
    progress: Progress,
) -> Assembled:
    """Write and publish a generation; the write lock must be held.

    Args:
        known: vectors by content hash, taken over instead of encoding again.

    Raises:
        SettingsError: the disk is full or cannot be written.
        IndexDamagedError: Chroma cannot be written.
    """
    pieces = [
        chunk
        for parsed in material.documents
        for measure in parsed.measures
        for chunk in chunks(parsed.document, measure)
    ]
    try:
        return _write(settings, material, pieces, encoder, known, progress)
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(
            f"索引写入失败：{error}", "请检查磁盘空间和权限后重试；原有索引仍可使用"
        ) from error
    finally:
        generation.clean(settings.index)  # what is unfinished; nothing after a build that succeeded


def _write(
    settings: Settings,
    material: Material,
    pieces: Sequence[Chunk],
    encoder: Encoder,
    known: dict[str, np.ndarray],
    progress: Progress,
) -> Assembled:
    from embeddings.lexical_index import LexicalIndex

    vectors, encoded = vectors_for(
        pieces, encoder, known, lambda done, total: progress("计算向量", done, total)
    )
    folder = generation.begin(settings.index)
    write_catalogue(
        folder / CATALOGUE,
        sources=material.sources,
        documents=material.documents,
        twins=material.twins,
        questions=material.questions,
        chunks=pieces,
    )
    np.save(folder / VECTORS, vectors)
    progress("建立词语索引", 0, 1)
    LexicalIndex.build(rows(material.documents, material.questions), folder / LEXICAL)
    progress("建立词语索引", 1, 1)
    notes = _write_chroma(folder, material, pieces, vectors, progress)
    counts = material.counts() | {"chunks": len(pieces)}
    manifest = _manifest(settings, material.sources, encoder, counts)
    progress("写入磁盘", 0, 1)
    published = generation.publish(settings.index, folder, manifest)
    progress("写入磁盘", 1, 1)
    return Assembled(published, counts, encoded, (*material.notes, *notes))


def _write_chroma(
    folder: Path,
    material: Material,
    pieces: Sequence[Chunk],
    vectors: np.ndarray,
    progress: Progress,
) -> tuple[str, ...]:
    """Chroma; a note instead when it does not lead to all vectors: exact search answers then.

    Raises:
        IndexDamagedError: Chroma failed otherwise.
    """
    from embeddings.vector_index import VectorIndex, VectorIndexError

    ids = [piece.chunk_id for piece in pieces]
    progress("建立向量库", 0, len(ids))
    try:
        VectorIndex.build(
            folder / CHROMA, ids, vectors, progress=lambda n: progress("建立向量库", n, len(ids))
        )
    except VectorIndexError as error:
        if not error.unreachable:
            raise IndexDamagedError(
                f"向量库建立失败：{error}", "请检查磁盘空间后重新运行；原有索引仍可使用"
            ) from error
        log.warning("no vector index: %s", error)
        shutil.rmtree(folder / CHROMA)
        measure_id = error.unreachable.rpartition("@")[0]
        source = next(
            p.document.source
            for p in material.documents
            if any(m.measure_id == measure_id for m in p.measures)
        )
        return (
            f"“{source}”中有内容向量库检索不到，问答改用逐一比对，结果不受影响；请核对该文件后重新入库",
        )
    return ()


def _manifest(
    settings: Settings,
    sources: Sequence[TakenSource],
    encoder: Encoder,
    counts: dict[str, int],
) -> Manifest:
    from embeddings.segment import fingerprint as segmenter

    return Manifest(
        format=generation.FORMAT,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        encoder=settings.encoder,
        encoder_fingerprint=encoder.fingerprint,
        dimension=encoder.dimension,
        segmenter=segmenter(),
        parser=fingerprint.parser(),
        builder=fingerprint.builder(),
        questions=fingerprint.questions(),
        sources={source.name: source.sha256 for source in sources},
        counts=counts,
        roots=roots_of(sources),
        links=fingerprint.links(),
    )
