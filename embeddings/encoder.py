"""Text to unit vectors: the bundled static encoder without torch, or a sentence-transformers model.

The bundled model (``embeddings/model``) is a table of word vectors in the format that
``sentence_transformers`` reads as a ``StaticEmbedding``. Here it is read with ``tokenizers`` and
numpy alone, because importing sentence-transformers takes seconds and a question should not wait
for it. Both ways give the same vectors (``tests/embeddings/test_encoder.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.characters import simplified

Vectors = NDArray[np.float32]

BUNDLED = "bundled"
MODEL_FOLDER = Path(__file__).resolve().parent / "model"
WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"


class EncoderError(Exception):
    """An encoder cannot be loaded.

    Args:
        message: what happened, in Chinese.
        next_step: what the user can do now, in Chinese.
    """

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(f"{message}（{next_step}）")
        self.message = message
        self.next_step = next_step


class Encoder(Protocol):
    """What the indexes need to know of an encoder.

    ``fingerprint`` changes whenever the same text would get another vector. The vectors are
    float32 rows of length one; a text without any known word gets a row of zeros.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def fingerprint(self) -> str: ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) vectors of questions."""
        ...

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) vectors of passages."""
        ...


def load_encoder(name: str = BUNDLED, *, query_prompt: str | None = None) -> Encoder:
    """The encoder called ``name``.

    Args:
        name: ``bundled``, a folder with a sentence-transformers model, or a hub name.
        query_prompt: put before questions, for models that want an instruction but do not state
            it in their configuration; ignored by the bundled model.

    Raises:
        EncoderError: the model is not there, damaged, or cannot be fetched.
    """
    if name == BUNDLED:
        return StaticEncoder(MODEL_FOLDER, name=BUNDLED)
    return TransformersEncoder(name, query_prompt=query_prompt)


class StaticEncoder:
    """A static sentence-transformers model read with numpy: mean of word vectors, normalised.

    Word vectors are stored as int8 rows (``embeddings``) with one float32 factor each
    (``weights``).
    """

    def __init__(self, folder: Path, *, name: str | None = None) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        weights, tokenizer = folder / WEIGHTS_FILE, folder / TOKENIZER_FILE
        try:
            table = load_file(weights)
            self._rows = table["embeddings"]
            self._factors = table["weights"]
        except (OSError, SafetensorError, KeyError) as error:
            raise _damaged(folder) from error
        try:
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # tokenizers has no exception type of its own
            raise _damaged(folder) from error
        self.name = name or str(folder)
        self.dimension = int(self._rows.shape[1])
        self._files = (weights, tokenizer)
        self._fingerprint = ""

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits over weights and tokenizer."""
        if not self._fingerprint:
            digest = hashlib.sha256()
            for path in self._files:
                digest.update(path.read_bytes())
            self._fingerprint = digest.hexdigest()[:16]
        return self._fingerprint

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, encoding in zip(vectors, self._encodings(texts), strict=True):
            if ids := encoding.ids:
                row[:] = self._factors[ids] @ self._rows[ids].astype(np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, norms, out=vectors, where=norms > 0)

    def _encodings(self, texts: Sequence[str]) -> list:  # type: ignore[type-arg]
        texts = [simplified(text) for text in texts]
        if len(texts) == 1:  # a batch starts a thread pool, which one question does not need
            return [self._tokenizer.encode(texts[0], add_special_tokens=False)]
        return self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)


def _damaged(folder: Path) -> EncoderError:
    return EncoderError(
        f"内置向量模型无法读取：{folder}", "请重新取得完整的代码仓库，或用 make train 重新训练"
    )


class TransformersEncoder:
    """Any sentence-transformers model, from a folder or the hub; needs torch."""

    def __init__(self, name: str, *, query_prompt: str | None = None) -> None:
        self.name = name
        self._prompt = query_prompt
        self._model = _load_sentence_transformer(name)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self._fingerprint = ""

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits over the prompt and all parameters of the model."""
        if not self._fingerprint:
            digest = hashlib.sha256((self._prompt or "").encode())
            for key, tensor in sorted(self._model.state_dict().items()):
                digest.update(key.encode())
                digest.update(tensor.float().cpu().numpy().tobytes())
            self._fingerprint = digest.hexdigest()[:16]
        return self._fingerprint

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._model.encode_query(
            list(texts), prompt=self._prompt, normalize_embeddings=True, show_progress_bar=False
        )

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        return self._model.encode_document(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        )


def _load_sentence_transformer(name: str):  # type: ignore[no-untyped-def]
    """The model called ``name``: from a folder or the local cache, else from the hub."""
    from sentence_transformers import SentenceTransformer

    failures = (OSError, ValueError, RuntimeError, ImportError)
    try:
        return SentenceTransformer(name, device="cpu", local_files_only=True)
    except failures as error:
        if Path(name).is_dir():
            raise _unusable(name, "文件夹中没有可用的模型") from error
    try:
        return SentenceTransformer(name, device="cpu")
    except failures as error:
        raise _unusable(name, "本机没有缓存，也无法从模型库下载") from error


def _unusable(name: str, reason: str) -> EncoderError:
    return EncoderError(
        f"向量模型 {name} 无法加载：{reason}",
        "请检查 ASSISTANT_ENCODER 和网络，或设为 bundled 使用内置模型",
    )
