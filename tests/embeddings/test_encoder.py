"""The bundled encoder: same vectors as sentence-transformers, no torch, sensible neighbours."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import MODEL_FOLDER, Encoder, EncoderError, StaticEncoder, load_encoder

TEXTS = [
    "老油车报废换电车给补多少",
    "个人用户报废或转出名下老旧燃油车并购买纯电动汽车的，给予一次性购车补贴。",
    "《上海市促进外商投资条例》第十二条　外商投资企业，依法平等适用ＡＢＣ政策。",
    "",
    "!!! ???",
    "ok 2023年 50%",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def test_rows_are_unit_vectors_or_zero(encoder: Encoder) -> None:
    vectors = encoder.encode_documents(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    norms = np.linalg.norm(vectors, axis=1)
    assert norms == pytest.approx([1, 1, 1, 0, 0, 1], abs=1e-5)


def test_one_by_one_equals_batch(encoder: Encoder) -> None:
    singles = np.vstack([encoder.encode_queries([text]) for text in TEXTS])
    assert np.array_equal(singles, encoder.encode_documents(TEXTS))


def test_no_texts(encoder: Encoder) -> None:
    assert encoder.encode_queries([]).shape == (0, encoder.dimension)


def test_meaning_is_nearer_than_noise(encoder: Encoder) -> None:
    question = encoder.encode_queries(["公司想换个地方注册，执照要怎么改"])
    passages = encoder.encode_documents(
        [
            "企业申请变更住所登记的，应当向迁入地登记机关提出申请，换发营业执照。",
            "餐饮服务提供者应当定期清洗消毒餐具，保持食品加工场所的清洁。",
            "对符合条件的集成电路企业，给予研发投入资金支持。",
        ]
    )
    assert int(np.argmax(question @ passages.T)) == 0


def test_same_vectors_as_sentence_transformers(encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(MODEL_FOLDER), device="cpu", local_files_only=True)
    theirs = model.encode(TEXTS, show_progress_bar=False)
    assert np.abs(theirs - encoder.encode_documents(TEXTS)).max() < 1e-6


def test_a_folder_goes_through_sentence_transformers(encoder: Encoder) -> None:
    other = load_encoder(str(MODEL_FOLDER))
    assert other.dimension == encoder.dimension
    difference = other.encode_queries(TEXTS[:2]) - encoder.encode_queries(TEXTS[:2])
    assert np.abs(difference).max() < 1e-6
    assert other.fingerprint != encoder.fingerprint


def test_an_instruction_goes_before_questions_alone(encoder: Encoder) -> None:
    plain, told = (
        load_encoder(str(MODEL_FOLDER)),
        load_encoder(str(MODEL_FOLDER), query_prompt="请检索政策："),
    )
    asked = told.encode_queries(["出口退税"])
    expected = encoder.encode_queries(["请检索政策：出口退税"])
    assert np.abs(asked - expected).max() < 1e-6
    stored = told.encode_documents(["出口退税"]) - plain.encode_documents(["出口退税"])
    assert np.abs(stored).max() < 1e-6
    assert told.fingerprint != plain.fingerprint


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from embeddings.encoder import load_encoder; "
        "load_encoder().encode_queries(['营业执照']); "
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'scipy', 'sklearn'}; "
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_fast_enough(encoder: Encoder) -> None:
    started = time.perf_counter()
    for _ in range(100):
        encoder.encode_queries([TEXTS[0]])
    assert (time.perf_counter() - started) / 100 < 0.005  # far above the usual 0.03 ms


def test_fingerprint_follows_the_files(encoder: Encoder, tmp_path: Path) -> None:
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_bytes((MODEL_FOLDER / name).read_bytes())
    copy = StaticEncoder(tmp_path)
    assert copy.fingerprint == encoder.fingerprint
    (tmp_path / "tokenizer.json").write_text(
        (MODEL_FOLDER / "tokenizer.json").read_text(encoding="utf-8") + "\n", encoding="utf-8"
    )
    assert StaticEncoder(tmp_path).fingerprint != encoder.fingerprint


@pytest.mark.parametrize("damage", ["missing", "weights", "tokenizer"])
def test_a_damaged_model_is_named(damage: str, tmp_path: Path) -> None:
    if damage != "missing":
        for name in ("model.safetensors", "tokenizer.json"):
            (tmp_path / name).write_bytes((MODEL_FOLDER / name).read_bytes())
    if damage == "weights":
        (tmp_path / "model.safetensors").write_bytes(b"\x00" * 100)
    if damage == "tokenizer":
        (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EncoderError, match="内置向量模型无法读取"):
        StaticEncoder(tmp_path)


def test_a_hub_model_that_cannot_be_had_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)  # read at import: no variable helps
    with pytest.raises(EncoderError, match="无法加载") as caught:
        load_encoder("nobody/no-such-model")
    assert "bundled" in caught.value.next_step


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="没有可用的模型"):
        load_encoder(str(tmp_path))
