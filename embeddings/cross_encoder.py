"""A cross-encoder that reads question and passage together; a setting, nothing is bundled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncoderError

LONGEST = 1024  # characters of a passage that are read


class Reranker(Protocol):
    """What the retriever needs to know of a cross-encoder."""

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Relevance of each passage, higher is better; float32 of shape (len(passages),)."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder; importing torch takes seconds, so it is opt-in.

    Args:
        name: hub name or folder, e.g. ``BAAI/bge-reranker-v2-m3``.

    Raises:
        EncoderError: the model is not there, damaged, or cannot be fetched.
    """

    def __init__(self, name: str) -> None:
        import torch
        from sentence_transformers import CrossEncoder

        torch.set_num_threads(1)  # two threads on a busy machine are many times slower than one
        try:
            self._model = CrossEncoder(name)
        except (OSError, ValueError) as error:
            raise EncoderError(
                f"重排模型 {name} 无法加载", "请检查 ASSISTANT_RERANKER，或留空以使用自带排序"
            ) from error

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        pairs = [(question, passage[:LONGEST]) for passage in passages]
        return np.asarray(self._model.predict(pairs), np.float32).reshape(len(pairs), -1)[:, -1]


def load_reranker(name: str) -> Reranker:
    """The cross-encoder called ``name``.

    Raises:
        EncoderError: it cannot be loaded.
    """
    return CrossEncoderReranker(name)
