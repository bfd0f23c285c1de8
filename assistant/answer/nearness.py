"""Cosine of a question with sentences; sentences of the corpus are encoded once and kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder

KEPT = 20_000  # sentence vectors; 256 float32 each are 20 MB


class Nearness:
    """The ``similarity`` that :func:`assistant.answer.compose` takes; safe between threads."""

    def __init__(self, encoder: Encoder, kept: int = KEPT) -> None:
        self._encoder = encoder
        self._kept = kept
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, question: str, texts: Sequence[str]) -> list[float]:
        if not texts:
            return []
        vector = self._encoder.encode_queries([question])[0]
        return [float(x) for x in np.stack(self._of(texts)) @ vector]

    def _of(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        with self._lock:
            found = {t: self._vectors[t] for t in texts if t in self._vectors}
        new = [t for t in dict.fromkeys(texts) if t not in found]
        if new:
            found.update(zip(new, self._encoder.encode_documents(new), strict=True))
            with self._lock:
                self._vectors.update((t, found[t]) for t in new)
                while len(self._vectors) > self._kept:
                    self._vectors.popitem(last=False)
        return [found[t] for t in texts]
