"""JSON is read strictly and written so that every line reader takes it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import BadInputError
from assistant.jsons import dumps, loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(allow_nan=False,
    allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "9" * 5000,
        "NaN",
        "-Infinity",
        "1e999",
        "[" * 100_000,
        '{"茶": 1, "茶": 2}',
        '"\\ud83d"',
        '"\\uD83D x"',
        '"\ud83d"',
        "{",
        "",
    ],
)
def test_what_readers_would_read_differently_is_refused(text: str) -> None:
    with pytest.raises(BadInputError) as refused:
        loads(text)
    assert refused.value.message


def test_a_whole_pair_is_a_character() -> None:
    assert loads('"\\ud83c\\udf75"') == "🍵"


@settings(max_examples=200)
@given(VALUES)
def test_what_is_written_is_one_line_and_read_again(value: object) -> None:
    text = dumps(value)
    assert len(text.splitlines()) == 1
    assert json.loads(text.encode()) == value


def test_half_a_pair_is_written_as_an_escape_and_nan_never() -> None:
    assert dumps("a\udc00").isascii()
    with pytest.raises(ValueError):
        dumps(float("nan"))
