"""Nearest vectors: Chroma, and an exact search over the same vectors for when Chroma fails.

Chroma is a cache that can be rebuilt from ids and vectors at any time.  It fails in ways that its
callers cannot foresee (errors of a dozen unrelated classes, calls that never return, vectors that
are counted but cannot be found), so every call has a time limit, everything it raises becomes
:class:`VectorIndexError`, and opening checks that vectors which are counted can be reached.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np

COLLECTION = "measures"
BATCH = 5000  # Chroma refuses more than 5,461 at a time
# The default ef_search of 100 misses every tenth neighbour at 150,000 vectors; 400 costs 1 ms.
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}
OPEN_SECONDS = 10.0
QUERY_SECONDS = 5.0
BUILD_SECONDS = 600.0
SAMPLES = 3  # vectors looked up when an index is opened

Result = TypeVar("Result")
Neighbours = list[tuple[str, float]]


class VectorIndexError(Exception):
    """The vector index cannot be built, opened or queried.

    Attributes:
        unreachable: the id that the graph does not lead to, ``""`` where it failed otherwise.
    """

    def __init__(self, message: str, unreachable: str = "") -> None:
        super().__init__(message)
        self.unreachable = unreachable


class Searchable(Protocol):
    """What both kinds of index offer."""

    def query(self, vector: np.ndarray, k: int) -> Neighbours:
        """The ``k`` nearest ids with cosine similarity (−1 to 1), best first, ties by id.

        Args:
            vector: float32 of shape (dimension,).
        """


class ExactIndex:
    """Compares with every vector: 0.5 ms for 5,000, and never approximate.

    Args:
        ids: one per row.
        vectors: float32 of shape (rows, dimension), unit rows; may be memory-mapped.
    """

    def __init__(self, ids: Sequence[str], vectors: np.ndarray) -> None:
        if len(ids) != len(vectors):
            raise VectorIndexError(f"{len(ids)} ids for {len(vectors)} vectors")
        self.ids = ids
        self.vectors = vectors

    def __len__(self) -> int:
        return len(self.ids)

    def query(self, vector: np.ndarray, k: int) -> Neighbours:
        _check_vector(vector, self.vectors.shape[1])
        scores = self.vectors @ vector.astype(np.float32)
        rows = np.arange(len(scores))
        if len(scores) > k > 0:
            rows = np.flatnonzero(scores >= np.partition(scores, -k)[-k])
        order = sorted(rows.tolist(), key=lambda row: (-scores[row], self.ids[row]))[:k]
        return [(self.ids[row], float(scores[row])) for row in order]


class VectorIndex:
    """A Chroma collection in a folder; made by :meth:`build`, read through :meth:`open`.

    Equal vectors are one entry, under the first of their ids: a graph whose neighbours are all at
    distance 0 does not lead to the others.
    """

    def __init__(
        self, client: Any, collection: Any, dimension: int, groups: dict[str, list[str]]
    ) -> None:
        self._client = client
        self._collection = collection
        self._dimension = dimension
        self._groups = groups
        self._count = sum(map(len, groups.values()))

    def __len__(self) -> int:
        return self._count

    def close(self) -> None:
        """Let go of the files; Chroma would else keep them open for the life of the process."""
        _bounded(self._client.close, QUERY_SECONDS, "close")

    @classmethod
    def build(
        cls,
        folder: Path,
        ids: Sequence[str],
        vectors: np.ndarray,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> int:
        """Make a collection of ``vectors`` in ``folder``, which must be empty or missing.

        Args:
            progress: told the number of vectors written so far.

        Raises:
            VectorIndexError: Chroma failed, or what it holds is not what was given.
        """
        if len(ids) != len(vectors):
            raise VectorIndexError(f"{len(ids)} ids for {len(vectors)} vectors")
        if not np.isfinite(vectors).all():
            raise VectorIndexError("vectors hold NaN or infinity")

        entries = [rows[0] for rows in _equal(vectors)]
        # The graph is written once, when the last vector is in: otherwise Chroma leaves the rest
        # in its log, and files that change whenever they are opened.
        hnsw = HNSW | {"sync_threshold": max(2, len(entries))}

        def write() -> None:
            client = _client(folder)
            collection = client.create_collection(
                COLLECTION, embedding_function=None, configuration={"hnsw": hnsw}
            )
            for start in range(0, len(entries), BATCH):
                rows = entries[start : start + BATCH]
                collection.add(ids=[ids[row] for row in rows], embeddings=vectors[rows])
                if progress:
                    progress(rows[-1] + 1)
            client.close()

        _bounded(write, BUILD_SECONDS, "build")
        cls.open(folder, ids, vectors).close()
        return len(ids)

    @classmethod
    def open(
        cls, folder: Path, ids: Sequence[str], vectors: np.ndarray, *, samples: int = SAMPLES
    ) -> VectorIndex:
        """Open the collection in ``folder`` and check it against what it was built from.

        Args:
            samples: how many vectors to look up; each takes a millisecond.

        Raises:
            VectorIndexError: missing, damaged, of another size, or vectors cannot be reached.
        """
        if not (folder / "chroma.sqlite3").is_file():  # Chroma would open an empty store instead
            raise VectorIndexError("chroma.sqlite3 is missing")

        def load() -> tuple[Any, Any]:
            client = _client(folder)
            return client, client.get_collection(COLLECTION, embedding_function=None)

        client, collection = _bounded(load, OPEN_SECONDS, "open")
        groups = {ids[rows[0]]: [ids[row] for row in rows] for rows in _equal(vectors)}
        index = cls(client, collection, vectors.shape[1], groups)
        try:
            index._check(ids, vectors, samples)
        except VectorIndexError:
            index.close()
            raise
        return index

    def query(self, vector: np.ndarray, k: int) -> Neighbours:
        _check_vector(vector, self._dimension)
        wanted = min(k, len(self._groups))
        if wanted <= 0:
            return []
        answer = _bounded(
            lambda: self._collection.query(
                query_embeddings=[vector.tolist()], n_results=wanted, include=["distances"]
            ),
            QUERY_SECONDS,
            "query",
        )
        found = zip(answer["ids"][0], answer["distances"][0], strict=True)
        return sorted(
            (
                (id_, 1.0 - float(distance))
                for first, distance in found
                for id_ in self._groups[first]
            ),
            key=lambda pair: (-pair[1], pair[0]),
        )[:k]

    def _check(self, ids: Sequence[str], vectors: np.ndarray, samples: int) -> None:
        """Counted vectors may be unreachable without any error: look some of them up."""
        counted = _bounded(self._collection.count, QUERY_SECONDS, "count")
        if counted != len(self._groups):
            raise VectorIndexError(f"holds {counted} vectors instead of {len(self._groups)}")
        for row in np.linspace(0, len(ids) - 1, min(samples, len(ids))).astype(int).tolist():
            vector = np.asarray(vectors[row])
            if not np.any(vector):
                continue  # an all-zero vector (a text without any known token) has no neighbours
            found = self.query(vector, 1)
            if not found or found[0][1] < 0.999:
                raise VectorIndexError(f"the vector of {ids[row]} cannot be reached", ids[row])


def _equal(vectors: np.ndarray) -> list[list[int]]:
    """The rows that are equal to each other, each group under its first row, in order."""
    groups: dict[bytes, list[int]] = {}
    for row, vector in enumerate(vectors):
        groups.setdefault(vector.tobytes(), []).append(row)
    return list(groups.values())


def _client(folder: Path) -> Any:
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    import chromadb  # 0.7 s: only where vectors are searched

    return chromadb.PersistentClient(
        str(folder), settings=chromadb.config.Settings(anonymized_telemetry=False)
    )


def _bounded(call: Callable[[], Result], seconds: float, what: str) -> Result:
    """Run ``call`` for at most ``seconds``; whatever it raises becomes our error.

    The thread of a call that never returns is left behind; being a daemon it cannot keep the
    process alive.
    """
    outcome: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()

    def work() -> None:
        try:
            outcome.put((True, call()))
        except BaseException as error:  # noqa: BLE001  a panic in Chroma's Rust part is no Exception
            outcome.put((False, error))

    threading.Thread(target=work, name=f"chroma-{what}", daemon=True).start()
    try:
        done, value = outcome.get(timeout=seconds)
    except queue.Empty:
        raise VectorIndexError(f"{what} did not return within {seconds:.0f} s") from None
    if not done:
        raise VectorIndexError(f"{what} failed: {type(value).__name__}: {value}") from value
    return value


def _check_vector(vector: np.ndarray, dimension: int) -> None:
    if vector.shape != (dimension,):
        raise VectorIndexError(f"a vector of shape {vector.shape} for dimension {dimension}")
    if not np.isfinite(vector).all():
        raise VectorIndexError("the vector holds NaN or infinity")
