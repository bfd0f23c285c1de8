"""Every wording by which code decides fires where it should and not where it should not."""

from __future__ import annotations

import re

import pytest

from assistant.question.wordings import Wording, rows, smalltalk, wording
from scripts.count_patterns import fires_on

KEPT_BY_USE = ("wording", "beside")


def fires(row: Wording, text: str) -> bool:
    pattern = re.compile(row.pattern, re.I)
    return bool(pattern.fullmatch(text) if row.kind == "talk" else pattern.search(text))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.name}:{row.pattern[:20]}")
def test_each_row_fires_on_its_example_and_not_on_its_counter_example(row: Wording) -> None:
    assert fires(row, row.fires)
    assert not fires(row, row.silent)


def test_each_wording_is_one_that_people_use() -> None:
    """A wording that fires on fewer than three questions about two documents earns nothing."""
    counted = {f"{r.name}:{r.pattern}": fires_on(r) for r in rows() if r.kind in KEPT_BY_USE}
    rare = {name: found for name, found in counted.items() if found[0] < 3 or found[1] < 2}
    assert not rare


def test_the_rows_of_one_name_are_alternatives() -> None:
    ends = [row.fires for row in rows() if row.name == "steering"]
    assert len(ends) > 1
    assert all(wording("steering").search(text) for text in ends)


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        wording("no such name")


def test_small_talk_is_the_whole_text() -> None:
    assert smalltalk(" 谢谢您！ ") == "thanks"
    assert smalltalk("谢谢您，风筝场在哪个区？") is None
