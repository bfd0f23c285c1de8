"""Opening the current generation for questions."""

from __future__ import annotations

import logging
import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.errors import AssistantError, IndexDamagedError, IndexMismatchError, SettingsError
from assistant.settings import Settings
from assistant.store import generation
from assistant.store.catalogue import Catalogue
from assistant.store.generation import CATALOGUE, CHROMA, LEXICAL, VECTORS, Manifest
from embeddings.arrays import array

if TYPE_CHECKING:
    from embeddings.cross_encoder import Reranker
    from embeddings.encoder import Encoder
    from embeddings.lexical_index import LexicalIndex
    from embeddings.reader import ReadsPassages

log = logging.getLogger(__name__)

_REBUILD = "请运行 assistant ingest 重新建立索引"
_ROUNDING = 1e-3  # Chroma's cosines are float32, summed in another order


class Index:
    """One generation, opened; its parts are made when they are first used.

    The files are compared with the manifest once, here, and held: what they become afterwards
    does not matter.

    Attributes:
        catalogue: documents, measures, relations, twins.
        notes: Chinese sentences on what is not as it should be, for the answer's notes.

    Raises:
        IndexDamagedError: a file other than Chroma's is not as the manifest says.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self._held = generation.contents(folder, manifest)
        self.catalogue = Catalogue(self._held.pop(CATALOGUE))
        self.notes: list[str] = []

    def close(self) -> None:
        self.catalogue.close()
        dense = self.__dict__.get("dense")
        if dense is not None:
            dense.close()

    @cached_property
    def vectors(self) -> np.ndarray:
        """Unit vectors, float32 of shape (chunks, dimension)."""
        return array(self._held[VECTORS])

    @cached_property
    def lexical(self) -> LexicalIndex:
        """BM25 over the measures (row ids are measure ids)."""
        from embeddings.lexical_index import LexicalIndex

        try:
            return LexicalIndex.read(lambda name: self._held[f"{LEXICAL}/{name}"])
        except KeyError as error:
            raise IndexDamagedError(f"索引清单缺少 {error.args[0]}", _REBUILD) from error

    @cached_property
    def dense(self) -> Dense:
        """Nearest chunks, by Chroma, or by exact comparison when Chroma cannot be used."""
        return Dense(self)

    def check_segmenter(self) -> None:
        """Raises :class:`IndexMismatchError` when questions would be segmented otherwise."""
        from embeddings.segment import fingerprint

        if self.manifest.segmenter != fingerprint():
            raise IndexMismatchError("索引是用另一版词典建立的，词语对不上", _REBUILD)

    def check_encoder(self, encoder: Encoder) -> None:
        """Raises :class:`IndexMismatchError` when vectors of questions would not fit."""
        if self.manifest.encoder_fingerprint != encoder.fingerprint:
            built, now = self.manifest.encoder_fingerprint, encoder.fingerprint
            raise IndexMismatchError(
                f"索引是用编码器 {self.manifest.encoder}（{built}）建立的，"
                f"现在的编码器是 {encoder.name}（{now}）",
                _REBUILD,
            )


class Dense:
    """Chroma in front, exact comparison behind; both give the same neighbours."""

    def __init__(self, index: Index) -> None:
        from embeddings.vector_index import ExactIndex, Searchable, VectorIndex, VectorIndexError

        self._index = index
        self._error = VectorIndexError
        ids = index.catalogue.chunk_ids()
        self._rows = {chunk_id: row for row, chunk_id in enumerate(ids)}
        self._exact = ExactIndex(ids, index.vectors)
        self._searchable: Searchable = self._exact
        # The HNSW files are compared first: damaged ones can end the process inside Chroma.
        if generation.damaged_files(index.folder, index.manifest, below=f"{CHROMA}/"):
            self._fall_back("文件损坏")
            return
        try:
            self._searchable = VectorIndex.open(index.folder / CHROMA, ids, index.vectors)
        except VectorIndexError as error:
            self._fall_back(str(error))

    @property
    def engine(self) -> str:
        return "exact" if self._searchable is self._exact else "chroma"

    def query(self, vector: np.ndarray, k: int) -> list[tuple[str, float]]:
        """The ``k`` nearest chunks as ``(chunk_id, cosine)``, best first."""
        if self._searchable is not self._exact:
            try:
                found = self._searchable.query(vector, k)
            except self._error as error:
                self._fall_back(str(error))
            else:
                if self._true(vector, found):
                    return found
                self._fall_back("结果与向量不符")
        return self._exact.query(vector, k)

    def _true(self, vector: np.ndarray, found: list[tuple[str, float]]) -> bool:
        """Whether these are our chunks with their cosines: Chroma's SQLite has no checksum."""
        rows = [self._rows[chunk_id] for chunk_id, _ in found if chunk_id in self._rows]
        if len(rows) < len(found):
            return False
        cosines = self._index.vectors[rows] @ vector
        return bool(np.allclose(cosines, [score for _, score in found], atol=_ROUNDING))

    def measures(self, vector: np.ndarray, k: int) -> list[tuple[str, float]]:
        """The ``k`` nearest measures: each with the cosine of its nearest chunk, best first."""
        wanted, found = k * 2, dict[str, float]()
        total = len(self._exact)
        while True:
            neighbours = self.query(vector, min(wanted, total))
            for chunk_id, score in neighbours:
                found.setdefault(chunk_id.rpartition("@")[0], score)
            if len(found) >= k or wanted >= total:
                return list(found.items())[:k]
            wanted *= 2

    def close(self) -> None:
        from embeddings.vector_index import VectorIndex

        if isinstance(self._searchable, VectorIndex):
            self._searchable.close()

    def _fall_back(self, why: str) -> None:
        self._searchable = self._exact
        self._index.notes.append(
            f"向量库暂不可用（{why[:80]}），已改用逐一比对，结果不受影响；"
            "可运行 assistant doctor --repair 修复"
        )


def open_index(settings: Settings) -> Index:
    """Open the current generation.

    Raises:
        NoIndexError, IndexDamagedError: see :mod:`assistant.store.generation`.
        IndexMismatchError: it was built with another encoder than the settings name.
    """
    for attempt in range(2):
        folder = generation.current(settings.index)
        try:
            manifest = generation.read_manifest(folder)
            index = Index(folder, manifest)
            break
        except IndexDamagedError:
            # an ingest may have replaced and removed it between the two reads
            if attempt or folder == generation.current(settings.index):
                raise
    if manifest.encoder != settings.encoder:
        index.close()
        raise IndexMismatchError(
            f"索引是用编码器 {manifest.encoder} 建立的，现在的设置是 {settings.encoder}",
            f"{_REBUILD}，或改回 ASSISTANT_ENCODER={manifest.encoder}",
        )
    return index


def open_encoder(settings: Settings) -> Encoder:
    """The encoder of the settings.

    Raises:
        SettingsError: it cannot be loaded.
    """
    from embeddings.encoder import EncoderError, load_encoder

    try:
        return load_encoder(settings.encoder)
    except EncoderError as error:
        raise SettingsError(error.message, error.next_step) from error


def open_reranker(name: str) -> Reranker | None:
    """The cross-encoder of the settings; ``None`` when none is set.

    Raises:
        SettingsError: it cannot be loaded.
    """
    if not name:
        return None
    from embeddings.cross_encoder import load_reranker
    from embeddings.encoder import EncoderError

    try:
        return load_reranker(name)
    except EncoderError as error:
        raise SettingsError(error.message, error.next_step) from error


def open_reader(setting: str) -> ReadsPassages:
    """The bundled reader; for ``off`` what goes by shared words.

    Raises:
        SettingsError: the model's files are missing or damaged.
    """
    if setting == "off":
        from embeddings.overlap_reader import OverlapReader

        return OverlapReader()
    from embeddings.reader import Reader, ReaderError

    try:
        return Reader()
    except ReaderError as error:
        raise SettingsError(error.message, error.next_step) from error


class Followed:
    """Opens the current generation and follows the pointer when another becomes current.

    Safe to share between threads.  The generation before is kept open for the requests that
    still use it, the one before that is closed.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._index = open_index(settings)
        self._before: Index | None = None
        self._refused: Path | None = None  # a generation that this process cannot use

    @property
    def index(self) -> Index:
        """The generation that is current now; the one before, while that cannot be opened."""
        try:
            folder = generation.current(self._settings.index)
        except AssistantError:
            return self._index  # the pointer is gone: what is open still answers
        if folder in (self._index.folder, self._refused):
            return self._index
        with self._lock:
            if folder not in (self._index.folder, self._refused):
                self._advance(folder)
            return self._index

    def _advance(self, folder: Path) -> None:
        try:
            index = open_index(self._settings)
            if _made_with(index) != _made_with(self._index):
                index.close()
                raise IndexMismatchError("新索引的编码器或词典与本进程不同", "请重新启动服务")
        except AssistantError as error:
            log.warning("generation %s is not used: %s", folder.name, error)
            self._refused = folder
            return
        if self._before is not None:
            self._before.close()
        self._before, self._index = self._index, index


def _made_with(index: Index) -> tuple[str, str]:
    return index.manifest.encoder_fingerprint, index.manifest.segmenter
