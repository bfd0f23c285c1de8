"""Vectors of all chunks, encoding only those that no earlier generation has."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assistant.chunks import Chunk
from assistant.store.generation import CATALOGUE, VECTORS, Manifest
from embeddings.encoder import Encoder

BATCH = 512


def vectors_for(
    chunks: Sequence[Chunk],
    encoder: Encoder,
    known: dict[str, np.ndarray],
    progress: Callable[[int, int], None],
) -> tuple[np.ndarray, int]:
    """Unit vectors, float32 of shape (chunks, dimension), and how many were encoded anew."""
    vectors = np.zeros((len(chunks), encoder.dimension), np.float32)
    missing: dict[str, list[int]] = {}  # content → its rows: equal chunks share a vector
    for row, chunk in enumerate(chunks):
        content = chunk.content
        vector = known.get(content)
        if vector is None:
            missing.setdefault(content, []).append(row)
        else:
            vectors[row] = vector
    groups = list(missing.values())
    for start in range(0, len(groups), BATCH):
        batch = groups[start : start + BATCH]
        encoded = encoder.encode_documents([chunks[rows[0]].encoded for rows in batch])
        for rows, vector in zip(batch, encoded, strict=True):
            vectors[rows] = vector
        progress(start + len(batch), len(groups))
    return vectors, len(groups)


def known_vectors(folder: Path, manifest: Manifest, encoder: Encoder) -> dict[str, np.ndarray]:
    """Content hash → vector of the generation in ``folder``; empty for another encoder."""
    if (manifest.encoder_fingerprint, manifest.dimension) != (
        encoder.fingerprint,
        encoder.dimension,
    ):
        return {}
    vectors = np.load(folder / VECTORS)
    uri = f"{(folder / CATALOGUE).resolve().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True)
    try:
        rows = connection.execute("SELECT content, position FROM chunks").fetchall()
    finally:
        connection.close()
    return {content: vectors[position] for content, position in rows}
