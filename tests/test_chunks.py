"""Chunks: nothing lost, nothing too long, nothing across two measures."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.chunks import LONGEST, SHORTEST, chunks, encoding_context, split
from assistant.records import Document, Measure

DOCUMENT = Document("d", "关于印发《徐汇区扶持办法》的通知", "a.txt", 1, 9)


def measure(text: str, heading: str = "") -> Measure:
    return Measure("d#一", "d", "一", heading, text, 1, 2, path=("总则",))


@given(st.lists(st.text("政策补贴，。；、：\n万元10", max_size=50), max_size=20), st.integers(1, 9))
def test_split_loses_nothing(parts: list[str], times: int) -> None:
    text = "".join(parts) * times
    pieces = split(text)
    assert "".join(pieces) == text.strip()
    assert all(len(piece) <= LONGEST for piece in pieces)


def test_split_cuts_at_sentences() -> None:
    sentence = "对符合条件的企业给予一次性奖励五十万元。"
    in_one = LONGEST // len(sentence)
    pieces = split(sentence * in_one * 3)
    assert len(pieces) == 3
    assert all(piece.endswith("。") for piece in pieces)


def test_short_rest_is_balanced() -> None:
    half = LONGEST // 2 - 1
    pieces = split("甲" * half + "。" + "乙" * half + "。" + "丙" * 9 + "。")
    assert min(map(len, pieces)) >= SHORTEST


def test_context_names_the_rule_once() -> None:
    assert encoding_context(DOCUMENT, measure("奖励。", "奖励")) == "徐汇区扶持办法 总则"
    assert encoding_context(DOCUMENT, measure("给予。", "奖励")) == "徐汇区扶持办法 总则 奖励"


def test_ids_and_content() -> None:
    made = list(chunks(DOCUMENT, measure("甲" * (LONGEST * 2 + LONGEST // 3))))
    assert [c.chunk_id for c in made] == ["d#一@0", "d#一@1", "d#一@2"]
    assert len({c.content for c in made}) == 2  # two full pieces read the same
    assert [c.text for c in chunks(DOCUMENT, measure(""))] == [""]
