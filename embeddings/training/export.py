"""Write a trained table as a sentence-transformers model of int8 word vectors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

MODULES = (
    ("", "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"),
    ("1_Normalize", "sentence_transformers.base.modules.normalize.Normalize"),
)


def quantise(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows as int8 and the factor of each row; a row of zeros keeps the factor zero."""
    factors = np.abs(vectors).max(axis=1) / 127.0
    safe = np.where(factors > 0, factors, 1.0)
    return np.rint(vectors / safe[:, None]).astype(np.int8), factors.astype(np.float32)


def dequantise(rows: NDArray[np.int8], factors: NDArray[np.float32]) -> NDArray[np.float32]:
    return rows.astype(np.float32) * factors[:, None]


def save_model(folder: Path, tokenizer: Tokenizer, vectors: NDArray[np.float32]) -> None:
    """Write tokenizer, weights and the module list that ``SentenceTransformer`` reads.

    Args:
        vectors: (words, dimension), one row a word id of the tokenizer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    rows, factors = quantise(vectors)
    weights = folder / "model.safetensors"
    save_file({"embeddings": rows, "weights": factors}, weights)
    weights.chmod(0o644)  # safetensors writes for the owner alone
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": kind}
        for i, (path, kind) in enumerate(MODULES)
    ]
    config: dict[str, object] = {
        "model_type": "SentenceTransformer",
        "prompts": {},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    }
    for name, content in (
        ("modules.json", modules),
        ("config_sentence_transformers.json", config),
    ):
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    normalise = folder / "1_Normalize"
    normalise.mkdir(exist_ok=True)
    (normalise / "config.json").write_text("{}\n", encoding="utf-8")
