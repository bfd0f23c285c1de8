"""Texts as bags of features in flat arrays, so that a batch is one gather."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from tokenizers import Tokenizer

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bags:
    """``n`` bags: bag ``i`` is ``ids[starts[i]:starts[i + 1]]``."""

    ids: NDArray[np.int32]
    starts: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1

    def take(self, rows: Ints) -> tuple[Ints, Ints]:
        """Flat ids of the bags ``rows`` and the offset at which each begins."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        flat = np.arange(offsets[-1]) + np.repeat(self.starts[rows] - offsets[:-1], lengths)
        return self.ids[flat].astype(np.int64), offsets[:-1]

    def matrix(self, columns: int) -> sparse.csr_matrix:
        """Counts, (n, columns)."""
        ones = np.ones(len(self.ids), dtype=np.float32)
        counts = sparse.csr_matrix(
            (ones, self.ids.copy(), self.starts.copy()), shape=(len(self), columns)
        )  # copies: summing duplicates sorts in place
        counts.sum_duplicates()
        return counts


def join(first: Bags, second: Bags) -> Bags:
    """The bags of ``first``, then those of ``second``."""
    return Bags(
        np.concatenate((first.ids, second.ids)),
        np.concatenate((first.starts, second.starts[1:] + first.starts[-1])),
    )


def word_bags(tokenizer: Tokenizer, texts: Sequence[str]) -> Bags:
    """The known words of each text."""
    rows: list[NDArray[np.int32]] = []
    for start in range(0, len(texts), 2000):
        for encoding in tokenizer.encode_batch_fast(texts[start : start + 2000]):
            ids = np.asarray(encoding.ids, dtype=np.int32)
            rows.append(ids[ids > 0])
    starts = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    flat = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)
    return Bags(flat, starts)


def feature_bags(words: Bags, parts: sparse.csr_matrix) -> Bags:
    """The features of the words of each bag (``parts``: words by features)."""
    sizes = np.diff(parts.indptr)[words.ids]
    begins = parts.indptr[words.ids].astype(np.int64)
    ends = np.concatenate(([0], np.cumsum(sizes)))
    flat = np.arange(ends[-1]) + np.repeat(begins - ends[:-1], sizes)
    return Bags(parts.indices[flat].astype(np.int32), ends[words.starts].astype(np.int64))
