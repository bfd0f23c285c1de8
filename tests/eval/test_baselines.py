from __future__ import annotations

from pathlib import Path

import pytest

from eval.baselines.passages import MissingPartError, question_text, require, split_sources
from eval.baselines.systems import open_baseline

pytest.importorskip("langchain_text_splitters")
pytest.importorskip("rank_bm25")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    filler = "停车场（库）的经营者应当建立管理制度，公示收费标准。" * 30
    reward = "对首次升规的科技服务业企业，给予不超过20万元的财政奖励。"
    (tmp_path / "甲.txt").write_text(filler + "\n\n" + reward, encoding="utf-8")
    (tmp_path / "乙.txt").write_text("房屋征收补偿协议的订立与履行。" * 20, encoding="utf-8")
    return tmp_path


def test_pieces_are_short_and_know_their_file(sources: Path) -> None:
    pieces = split_sources(sources)
    assert max(len(piece.page_content) for piece in pieces) <= 500
    assert {piece.metadata["source"] for piece in pieces} == {"甲.txt", "乙.txt"}
    assert len({piece.metadata["id"] for piece in pieces}) == len(pieces)


def test_bm25_finds_the_piece_and_quotes_it(sources: Path) -> None:
    system = open_baseline("langchain-bm25", sources)
    found = system.answer({"id": "x", "question": "科技服务业企业首次升规奖励多少？"})
    assert "20万元" in found["answer"]
    assert found["citations"][0]["title"] == "甲.txt"
    assert not found["refused"]


def test_a_conversation_is_searched_for_as_a_whole() -> None:
    assert question_text({"turns": ["甲", "乙"]}) == "甲 乙"


def test_a_missing_part_names_the_package() -> None:
    with pytest.raises(MissingPartError, match="pip install nothing-of-the-kind"):
        require("nothing_of_the_kind", "nothing-of-the-kind")
