"""A cross-encoder from a folder orders the hits; one that is not there is a setting to correct."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.question import understand
from assistant.retrieval.search import Retriever
from assistant.settings import Settings
from assistant.store.open import open_encoder, open_index, open_reranker


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one layer with random weights, saved as a cross-encoder."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    home = tmp_path_factory.mktemp("cross-encoder")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"一二三四五企业补贴奖励停车场"]
    (home / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(vocab=str(home / "vocab.txt")).save_pretrained(home)
    shape = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=1,
    )
    BertForSequenceClassification(shape).save_pretrained(home)
    return home


def test_the_cross_encoder_decides_the_order(built: Settings, folder: Path) -> None:
    index, encoder = open_index(built), open_encoder(built)
    reranker = open_reranker(str(folder))
    assert reranker is not None
    query = understand("企业补贴")
    hits = Retriever(index, encoder, reranker=reranker).search(query, 4)
    passages = [f"{hit.document.title} {hit.measure.text}" for hit in hits]
    scores = reranker.scores(query.text, passages)
    assert [hit.score for hit in hits] == pytest.approx(scores.tolist(), abs=1e-5)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_without_the_setting_there_is_none(built: Settings) -> None:
    assert open_reranker(built.reranker) is None


def test_a_missing_model_is_a_setting_to_correct(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="重排模型"):
        open_reranker(str(tmp_path / "nowhere"))
