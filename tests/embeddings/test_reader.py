"""The reader: one judgement a passage, calibrated probabilities, and files that are damaged."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from math import exp
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from embeddings.overlap_reader import OverlapReader
from embeddings.reader import BUNDLED, CONFIG, TOKENS, WEIGHTS, Judgement, Reader, ReaderError
from embeddings.segment import tokens

Passages = list[tuple[str, Sequence[str]]]
LETTERS = "甲乙丙丁戊己庚辛壬癸"
PASSAGES: Passages = [
    ("嘉定停车 备案", ["停车场应当在启用前十五日内备案。", "收费须明码标价。", "电话须公示。"]),
    ("首店", ["首店给予补贴。"]),
    ("夜间施工", []),
    ("冷库 建设", ["新建冷库按投资额给予补贴，单个项目不超过五十万元。", "市区各担一半。"]),
]


def flat(judgement: Judgement) -> list[float]:
    """All probabilities of a judgement."""
    *whole, sentences = astuple(judgement)
    return [*whole, *sentences]


# -- the bundled model -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bundled() -> Reader:
    return Reader(threads=1)


def test_judgements_are_probabilities_one_a_passage_in_order(bundled: Reader) -> None:
    found = bundled.read(["停车场要备案吗？"], PASSAGES)
    assert [len(j.sentences) for j in found] == [3, 1, 0, 2]
    assert all(0.0 <= p <= 1.0 for j in found for p in flat(j))
    assert all(j.yes + j.no <= 1.0 + 1e-6 for j in found)


def test_no_passages_no_judgements(bundled: Reader) -> None:
    assert bundled.read(["停车场要备案吗？"], []) == []


def test_earlier_turns_are_read(bundled: Reader) -> None:
    alone = bundled.read(["要备案吗？"], PASSAGES[:1])[0]
    after = bundled.read(["我在嘉定管一座停车场。", "要备案吗？"], PASSAGES[:1])[0]
    assert flat(alone) != flat(after)


def test_reading_again_gives_the_same(bundled: Reader) -> None:
    first, second = (bundled.read(["首店补多少？"], PASSAGES) for _ in range(2))
    assert first == second


def test_one_by_one_or_together_is_the_same(bundled: Reader) -> None:
    turns = ["停车场要备案吗？"]
    mixed: Passages = [*PASSAGES, ("", ["丙" * 200, "丁" * 100])]
    together = bundled.read(turns, mixed)
    for passage, judged in zip(mixed, together, strict=True):
        assert flat(bundled.read(turns, [passage])[0]) == pytest.approx(flat(judged), abs=0.02)


def test_bundled_thresholds_are_those_that_the_overlap_reader_has(bundled: Reader) -> None:
    assert set(bundled.thresholds) == set(OverlapReader.thresholds)
    assert len(bundled.order) == 2


# -- a made-up model whose logits can be told ------------------------------------------------------


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model without weights, and one token a character (甲 is 4, 乙 is 5 …).

    answers is a hundredth of the token count, topic of the largest token, standing the same
    negative; yes, no, neither are those three; a sentence has the mean of its tokens less 8.
    """
    onnx = pytest.importorskip("onnx")
    node, value = onnx.helper.make_node, onnx.helper.make_tensor_value_info
    floats, ints = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
    constants = {"hundredth": 0.01, "minus": -1.0, "eight": 8.0}
    axes = {"last": [1], "third": [2]}
    graph = onnx.helper.make_graph(
        [
            node("Cast", ["ids"], ["tokens"], to=floats),
            node("Cast", ["mask"], ["real"], to=floats),
            node("ReduceSum", ["real", "last"], ["count"], keepdims=0),
            node("Mul", ["count", "hundredth"], ["answers"]),
            node("ReduceMax", ["tokens"], ["largest"], axes=[1], keepdims=0),
            node("Mul", ["largest", "hundredth"], ["topic"]),
            node("Mul", ["topic", "minus"], ["standing"]),
            node("Unsqueeze", ["answers", "last"], ["a"]),
            node("Unsqueeze", ["topic", "last"], ["t"]),
            node("Unsqueeze", ["standing", "last"], ["s"]),
            node("Concat", ["a", "t", "s"], ["yes_no"], axis=1),
            node("Unsqueeze", ["tokens", "third"], ["column"]),
            node("MatMul", ["pool", "column"], ["means"]),
            node("Squeeze", ["means", "third"], ["mean"]),
            node("Sub", ["mean", "eight"], ["sentences"]),
        ],
        "plain",
        [
            value("ids", ints, ["n", "t"]),
            value("mask", ints, ["n", "t"]),
            value("pool", floats, ["n", "s", "t"]),
        ],
        [
            value("answers", floats, ["n"]),
            value("topic", floats, ["n"]),
            value("yes_no", floats, ["n", 3]),
            value("standing", floats, ["n"]),
            value("sentences", floats, ["n", "s"]),
        ],
        [
            *(onnx.helper.make_tensor(k, floats, [], [v]) for k, v in constants.items()),
            *(onnx.helper.make_tensor(k, ints, [1], v) for k, v in axes.items()),
        ],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 8
    folder = tmp_path_factory.mktemp("plain")
    onnx.save(model, str(folder / WEIGHTS))
    pieces = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
    pieces |= {letter: 4 + i for i, letter in enumerate(LETTERS)}
    made = Tokenizer(models.WordLevel(pieces, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    made.save(str(folder / TOKENS))
    config = {
        "calibration": {"answers": [2.0, -0.1], "sentences": [1.0, 0.5]},
        "thresholds": {"answers": 0.7, "topic": 0.3},
        "order": [0.25, 1.5],
        "sha256": hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest(),
    }
    (folder / CONFIG).write_text(json.dumps(config), encoding="utf-8")
    return folder


def logistic(logit: float) -> float:
    return 1 / (1 + exp(-logit))


def test_logits_become_calibrated_probabilities(plain: Path) -> None:
    reader = Reader(plain, threads=1)
    # <s> 甲 </s> </s> 乙 </s> 丙丁 癸 </s>: ten tokens, the largest is 13
    (found,) = reader.read(["甲"], [("乙", ["丙丁", "癸"])])
    assert found.answers == pytest.approx(logistic(2.0 * 0.10 - 0.1))
    assert found.topic == pytest.approx(logistic(0.13))  # no calibration of its own
    assert found.standing == pytest.approx(logistic(-0.13))
    whole = exp(0.10) + exp(0.13) + exp(-0.13)
    assert found.yes == pytest.approx(exp(0.10) / whole)
    assert found.no == pytest.approx(exp(0.13) / whole)
    assert found.sentences == pytest.approx((logistic(6.5 - 8 + 0.5), logistic(13 - 8 + 0.5)))


def test_the_topic_counts_beside_where_it_is_calibrated(plain: Path, tmp_path: Path) -> None:
    reader = Reader(changed(plain, tmp_path, calibration={"answers": [2.0, -0.1, -0.5]}), threads=1)
    (found,) = reader.read(["甲"], [("乙", ["丙丁", "癸"])])
    assert found.answers == pytest.approx(logistic(2.0 * 0.10 - 0.1 - 0.5 * 0.13))


@pytest.mark.parametrize("weights", [[], [1.0], [1.0, 0.0, 0.0, 0.0]])
def test_a_calibration_of_another_length_is_told(
    plain: Path, tmp_path: Path, weights: list[float]
) -> None:
    folder = changed(plain, tmp_path, calibration={"answers": weights})
    assert refusal(folder).message == "阅读模型的文件缺失或损坏"


def test_thresholds_and_order_are_those_of_the_config(plain: Path) -> None:
    reader = Reader(plain, threads=1)
    assert reader.thresholds == {"answers": 0.7, "topic": 0.3}
    assert reader.order == (0.25, 1.5)


MANY = 19


def many() -> Passages:
    """More passages than threads, of every length, not in that order."""
    lengths = [(7 * i) % (MANY) for i in range(MANY)]
    return [("", ["乙" * n, LETTERS[n % 10]][: 1 + n % 2]) for n in lengths]


def test_judgements_keep_the_order_of_the_passages(plain: Path) -> None:
    reader, passages = Reader(plain, threads=1), many()
    found = reader.read(["甲"], passages)
    assert len({j.answers for j in found}) > MANY // 2
    for passage, judged in zip(passages, found, strict=True):
        assert flat(reader.read(["甲"], [passage])[0]) == pytest.approx(flat(judged), abs=1e-6)


def test_threads_may_share_a_reader(plain: Path) -> None:
    reader, passages = Reader(plain, threads=1), many()
    expected = reader.read(["甲"], passages)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: reader.read(["甲"], passages), range(12)))
    assert found == [expected] * 12


def test_extreme_logits_stay_probabilities(plain: Path, tmp_path: Path) -> None:
    folder = changed(plain, tmp_path, calibration={"answers": [1e6, 0.0], "topic": [-1e6, 0.0]})
    (found,) = Reader(folder, threads=1).read(["甲"], [("乙", ["丙"])])
    assert found.answers == pytest.approx(logistic(30.0))
    assert found.topic == pytest.approx(logistic(-30.0))


# -- damaged files ---------------------------------------------------------------------------------


def changed(folder: Path, to: Path, **config: Any) -> Path:
    """A copy of the folder with other entries in its config; None takes one away."""
    copy = Path(shutil.copytree(folder, to / "reader"))
    known = json.loads((copy / CONFIG).read_text(encoding="utf-8")) | config
    kept = {key: value for key, value in known.items() if value is not None}
    (copy / CONFIG).write_text(json.dumps(kept), encoding="utf-8")
    return copy


def refusal(folder: Path) -> ReaderError:
    with pytest.raises(ReaderError) as caught:
        Reader(folder)
    return caught.value


def is_chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]{4}", text) is not None


@pytest.mark.parametrize("name", [WEIGHTS, CONFIG, TOKENS])
def test_a_missing_file_is_told_with_the_next_step(plain: Path, tmp_path: Path, name: str) -> None:
    folder = changed(plain, tmp_path)
    (folder / name).unlink()
    error = refusal(folder)
    assert is_chinese(error.message) and is_chinese(error.next_step)
    assert str(error) == f"{error.message}；{error.next_step}"
    assert error.next_step == "请重新安装本程序"


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere").message == "阅读模型的文件缺失或损坏"


@pytest.mark.parametrize("damaged", [b"", b"{", b'{"order": [1', b"\xff\xfe\x00"])
def test_a_damaged_config_is_told(plain: Path, tmp_path: Path, damaged: bytes) -> None:
    folder = changed(plain, tmp_path)
    (folder / CONFIG).write_bytes(damaged)
    assert refusal(folder).message == "阅读模型的文件缺失或损坏"


@pytest.mark.parametrize("name", ["sha256", "calibration", "thresholds", "order"])
def test_a_config_without_an_entry_is_told(plain: Path, tmp_path: Path, name: str) -> None:
    assert is_chinese(refusal(changed(plain, tmp_path, **{name: None})).message)


@pytest.mark.parametrize("damaged", [b"", b"{}", b"not a tokenizer"])
def test_a_damaged_vocabulary_is_told(plain: Path, tmp_path: Path, damaged: bytes) -> None:
    folder = changed(plain, tmp_path)
    (folder / TOKENS).write_bytes(damaged)
    assert refusal(folder).message == "阅读模型的词表或权重无法读取"


def test_weights_with_one_other_byte_are_told(plain: Path, tmp_path: Path) -> None:
    folder = changed(plain, tmp_path)
    data = bytearray((folder / WEIGHTS).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / WEIGHTS).write_bytes(data)
    assert refusal(folder).message == "阅读模型的权重与说明不符"


def test_bundled_weights_cut_short_are_told(tmp_path: Path) -> None:
    for name in (CONFIG, TOKENS):
        shutil.copy(BUNDLED / name, tmp_path / name)
    with (BUNDLED / WEIGHTS).open("rb") as file:
        (tmp_path / WEIGHTS).write_bytes(file.read(100_000))
    assert refusal(tmp_path).message == "阅读模型的权重与说明不符"


# -- shared words in place of a model --------------------------------------------------------------


def test_shared_words_stand_in_for_the_model() -> None:
    asked = "首店补贴多少"
    words = set(tokens(asked))
    assert {"首店", "补贴"} <= words
    both, one, none = OverlapReader().read(
        [asked],
        [
            ("首店", ["给予补贴。", "首店由专班认定。", "电话另行公布。"]),
            ("冷库", ["给予补贴。"]),
            ("冷库", []),
        ],
    )
    assert both.answers == 1.0 and both.topic == 1.0
    shared = [len(words & set(tokens(s))) for s in ("给予补贴。", "首店由专班认定。")]
    assert both.sentences == (shared[0] / max(shared), shared[1] / max(shared), 0.0)
    assert one.answers == pytest.approx(1 / len(words) / 0.5)  # 补贴 alone
    assert one.sentences == (1.0,)
    assert none == Judgement(0.0, 0.0, 0.0, 0.0, 0.0, ())


def test_shared_words_of_the_last_turn_count_and_nothing_is_supposed() -> None:
    reader = OverlapReader()
    passages: Passages = [("", ["停车场应当备案。"])]
    (found,) = reader.read(["停车场要备案吗？", "冷库呢？"], passages)
    assert found == Judgement(0.0, 0.0, 0.0, 0.0, 0.0, (0.0,))
    (found,) = reader.read(["停车场要备案吗？"], passages)
    assert found.answers > 0
    for name in ("standing", "yes", "no"):
        assert getattr(found, name) == 0.0
        assert reader.thresholds[name] > 1.0  # never reached
    assert reader.order == (1.0, 0.0)
    assert reader.read(["？"], passages)[0].answers == 0.0
