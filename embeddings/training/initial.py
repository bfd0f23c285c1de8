"""Where training starts: feature vectors from a singular value decomposition of unlabelled text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from embeddings.training.bags import Bags

Floats = NDArray[np.float32]


def latent_vectors(texts: Bags, features: int, dimension: int, *, seed: int) -> Floats:
    """(features, dimension): directions from co-occurrence in texts, lengths from rarity.

    The rows are the right singular vectors of the tf-idf matrix of ``texts``, scaled by the root
    of the singular values, brought to one length and multiplied by the root of the feature's idf:
    what a feature is about comes from its company, how much it says from how rare it is. The
    mean square of the entries is one.
    """
    counts = texts.matrix(features)
    idf = inverse_document_frequency(counts)
    counts.data = np.log1p(counts.data)
    weighted = _unit_rows(counts @ sparse.diags(idf))
    _, values, rows = randomized_svd(weighted, dimension, n_iter=3, random_state=seed)
    directions = rows.T * np.sqrt(values)
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    directions = directions / np.maximum(lengths, 1e-6) * np.sqrt(idf)[:, None]
    return np.asarray(directions / np.sqrt(np.mean(directions**2)), dtype=np.float32)


def inverse_document_frequency(counts: sparse.csr_matrix) -> Floats:
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.log((counts.shape[0] + 1) / (seen + 1)).astype(np.float32)


def _unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (sparse.diags(1 / np.maximum(lengths, 1e-6)) @ matrix).tocsr().astype(np.float32)
