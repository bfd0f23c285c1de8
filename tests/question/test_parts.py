"""Several things asked in one question are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question import understand_turns
from assistant.question.parts import MOST, split_parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("风筝场补多少？", ()),
        ("我家风筝场刚开，补多少", ()),
        ("风筝场补多少？谁来发？", ("风筝场补多少？", "谁来发？")),
        ("风筝场能补吗，最多几年", ("风筝场能补吗，", "最多几年")),
        ("风筝场能补吗？我开在镇上，谁来发", ("风筝场能补吗？", "我开在镇上，谁来发")),
        ("风筝场能补吗，谁来发，谢谢。", ("风筝场能补吗，", "谁来发，谢谢。")),
        ("补吗？几年？谁发？在哪办？", ("补吗？", "几年？", "谁发？在哪办？")),
    ],
)
def test_parts(text: str, parts: tuple[str, ...]) -> None:
    assert split_parts(text) == parts


@given(st.lists(st.sampled_from(["补吗", "谁发", "风筝场", "几年", "，", "？", "。", " "])))
def test_nothing_is_lost_between_the_parts(pieces: list[str]) -> None:
    text = "".join(pieces)
    parts = split_parts(text)
    assert len(parts) != 1
    assert len(parts) <= MOST
    assert not parts or "".join(parts) == text.lstrip("，？。")


def test_a_part_is_asked_after_those_before_it() -> None:
    asked = understand_turns(["我开风筝场", "补多少？谁来发？"])
    assert [part.turns for part in asked.parts] == [
        ("我开风筝场", "补多少？"),
        ("我开风筝场", "补多少？", "谁来发？"),
    ]
    assert understand_turns(["补多少"]).parts == ()
