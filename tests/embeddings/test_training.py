"""The training pipeline on a small corpus of its own: parts, and the whole from files to model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from embeddings.encoder import StaticEncoder
from embeddings.training import cloze, contrastive, corpora, evaluate, vocabulary
from embeddings.training.bags import Bags, feature_bags, join, word_bags
from embeddings.training.contrastive import Pairs, Schedule
from embeddings.training.corpora import Passage, Question
from embeddings.training.export import dequantise, quantise
from embeddings.training.pipeline import Inputs, Recipe, cross_validate, train_model

ROOT = Path(__file__).resolve().parents[2]
LAW = """# 上海市某某条例

2020年1月1日 通过

<!-- INFO END -->

## 第一章 总 则

第一条 为了规范管理，根据有关法律，制定本条例。本市鼓励创新；保护权益。

第二条 本条例自公布之日起施行。

前款规定不适用于小型企业。
## 第二章 罚 则
第三条 见表。
"""


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads cost more than they give on a small table, the more so on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def words() -> vocabulary.Vocabulary:
    known = ["营业执照", "营业", "执照", "报废", "补贴", "社会保险", "保险"]
    scored = [(w, -5.0) for w in known] + [(c, -12.0) for c in sorted(set("".join(known)))]
    return vocabulary.build(scored)


def test_articles_of_a_law(tmp_path: Path) -> None:
    (tmp_path / "law.md").write_text(LAW, encoding="utf-8")
    first, second = corpora.read_laws(tmp_path)  # the third is too short to mean anything
    assert (first.title, first.heading) == ("上海市某某条例", "总则")
    assert first.text.startswith("为了规范管理")
    assert second.text == "本条例自公布之日起施行。前款规定不适用于小型企业。"


def test_tokenizer_finds_the_likeliest_words(words: vocabulary.Vocabulary) -> None:
    encoding = words.tokenizer.encode("ＡＢ，营业执照报废！3")
    assert [t for t in encoding.tokens if t in {"营业执照", "报废"}] == ["营业执照", "报废"]


def test_a_word_is_made_of_its_grams(words: vocabulary.Vocabulary) -> None:
    row = words.tokenizer.token_to_id("营业执照")
    parts = {words.features[i] for i in words.parts[row].indices}
    assert {"营业执照", "营业", "执照", "营", "照"} <= parts
    assert "业执" not in parts  # in no second word


def test_bags_take_and_join(words: vocabulary.Vocabulary) -> None:
    bags = word_bags(words.tokenizer, ["营业执照", "", "报废补贴", "报废报废"])
    assert np.diff(bags.starts).tolist() == [1, 0, 2, 2]
    ids, offsets = bags.take(np.array([3, 1, 0]))
    assert offsets.tolist() == [0, 2, 2]
    assert len(ids) == 3
    assert join(bags, bags).take(np.array([7]))[0].tolist() == bags.take(np.array([3]))[0].tolist()
    before = bags.ids.copy()
    assert bags.matrix(50).sum() == 5
    assert np.array_equal(bags.ids, before)


def test_features_of_words_sum_to_the_words_vector(words: vocabulary.Vocabulary) -> None:
    """The shipped table of word vectors is the trained table of features, summed."""
    table = np.random.default_rng(0).normal(size=(len(words.features), 8)).astype(np.float32)
    bags = word_bags(words.tokenizer, ["营业执照报废", "社会保险补贴"])
    by_feature = feature_bags(bags, words.parts).matrix(len(table)) @ table
    by_word = bags.matrix(words.parts.shape[0]) @ (words.parts @ table)
    assert by_feature == pytest.approx(by_word, abs=1e-4)


def test_cloze_takes_a_sentence_out() -> None:
    passage = Passage("题", "题 标题", "标题", "标题甲乙丙丁戊己庚辛。子丑寅卯辰巳午未申。")
    found = cloze.every_sentence([passage])
    assert [c.piece for c in found] == ["标题", "标题甲乙丙丁戊己庚辛。", "子丑寅卯辰巳午未申。"]
    assert all(c.piece not in c.rest for c in found)
    assert cloze.one_sentence([passage], seed=1) == cloze.one_sentence([passage], seed=1)


def test_training_brings_pairs_together() -> None:
    rng = np.random.default_rng(0)
    left = Bags(np.arange(64, dtype=np.int32), np.arange(65))
    right = Bags(np.arange(64, 128, dtype=np.int32), np.arange(65))
    rows = np.arange(64)
    start = rng.normal(size=(128, 16)).astype(np.float32)
    pairs = Pairs(left, right, rows, rows, rows)
    schedule = Schedule(epochs=60, batch=32, drop=0.0, rate=5e-2, warmup=2)
    table, _ = contrastive.train(start, [pairs], schedule, seed=0)
    again, _ = contrastive.train(start, [pairs], schedule, seed=0)
    assert np.array_equal(table, again)
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    nearest = (unit[:64] @ unit[64:].T).argmax(axis=1)
    assert (nearest == rows).mean() > 0.9


def test_int8_rows_keep_the_direction() -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 64)).astype(np.float32)
    vectors[3] = 0
    back = dequantise(*quantise(vectors))
    assert not back[3].any()
    kept = np.delete(np.arange(50), 3)
    cosine = (back * vectors).sum(1)[kept] / (
        np.linalg.norm(back, axis=1) * np.linalg.norm(vectors, axis=1)
    )[kept]
    assert cosine.min() > 0.999


def test_folds_keep_documents_whole() -> None:
    questions = [Question(str(i), 0, f"文件{i % 7}") for i in range(70)]
    fold = evaluate.folds(questions, 3, seed=0)
    assert all(len({fold[i] for i in range(j, 70, 7)}) == 1 for j in range(7))
    assert set(fold) == {0, 1, 2}


def test_near_copies_are_found() -> None:
    training = ["出口退税一般几天能到账呢？", "企业怎样变更住所"]
    assert evaluate.contamination(["出口退税一般几天能到账"], training) == [
        ("出口退税一般几天能到账", "出口退税一般几天能到账呢？")
    ]
    assert not evaluate.contamination(["换办公室要改执照吗"], training)


def test_no_development_question_is_trained_on() -> None:
    asked = [
        r["question"]
        for r in corpora.read_jsonl(ROOT / "eval/datasets/dev.jsonl")
        if r.get("question")
    ]
    training = [
        q
        for r in corpora.read_jsonl(ROOT / "data/questions/policies.jsonl")
        for q in r["questions"]
    ]
    assert evaluate.contamination(asked, training) == []


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """A corpus of eight documents with questions, from the project's own sample of measures."""
    folder = tmp_path_factory.mktemp("training")
    documents, measures, questions = [], [], []
    for d in range(8):
        name = f"第{d}份办法"
        documents.append({"doc_id": name, "title": name, "doc_number": f"沪府规〔202{d}〕1号"})
        for m, subject in enumerate(("执照变更", "购车补贴", "社保缓缴", "出口退税")):
            text = f"{subject}由第{d}类部门办理。申请人提交{subject}材料的，{m + 1}个工作日内办结。"
            row = {"doc_id": name, "label": f"一/{m}", "heading": subject, "path": ["总则"]}
            measures.append({**row, "text": text})
            asked = [f"第{d}类部门怎么办{subject}", f"{subject}几天办完，第{d}类"]
            questions.append(
                {"title": name, "doc_number": None, "label": f"{m}", "questions": asked}
            )
    quote = "购车补贴由第3类部门办理。"
    gold = [{"quote": quote, "title": "第3份办法"}]
    development = [{"set": "A", "question": "买车补贴哪里领", "cold": False, "gold": gold}]
    files = {
        "documents": documents,
        "measures": measures,
        "questions": questions,
        "development": development,
    }
    for stem, rows in files.items():
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (folder / f"{stem}.jsonl").write_text("".join(lines), encoding="utf-8")
    return Inputs(*(folder / f"{stem}.jsonl" for stem in files))


RECIPE = Recipe(
    dimension=16, least_count=1, training=Schedule(epochs=20, batch=16, rate=2e-2, warmup=2)
)


def test_from_files_to_a_model_that_loads(inputs: Inputs, tmp_path: Path) -> None:
    figures = train_model(inputs, RECIPE, tmp_path)
    encoder = StaticEncoder(tmp_path)
    assert encoder.dimension == 16
    assert Tokenizer.from_file(str(tmp_path / "tokenizer.json")).get_vocab_size() > 20
    record = json.loads((tmp_path / "training.json").read_text(encoding="utf-8"))
    assert record["figures"] == figures
    assert record["data"]["questions.jsonl"] == corpora.sha256(inputs.questions)
    first = (tmp_path / "model.safetensors").read_bytes()
    train_model(inputs, RECIPE, tmp_path)
    assert (tmp_path / "model.safetensors").read_bytes() == first


def test_cross_validation_leaves_documents_out(inputs: Inputs) -> None:
    figures = cross_validate(inputs, RECIPE, folds=2)
    assert figures["left_out_n"] == 32
    assert 0 <= figures["left_out_recall@1"] <= figures["left_out_recall@5"] <= 1


def test_a_leaked_development_question_stops_the_training(inputs: Inputs, tmp_path: Path) -> None:
    leaked = {"set": "A", "question": "第1类部门怎么办购车补贴", "cold": False, "gold": []}
    path = tmp_path / "leaked.jsonl"
    path.write_text(json.dumps(leaked) + "\n", encoding="utf-8")
    bad = Inputs(inputs.documents, inputs.measures, inputs.questions, path)
    with pytest.raises(ValueError, match="stand in the training data"):
        train_model(bad, RECIPE, tmp_path)
