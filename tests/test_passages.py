"""Passages: every sentence once, in order, short enough, and understood alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.passages import HEADINGS, LEAD, LONGEST, TITLE, passages, reading_context
from assistant.records import Document, Measure
from assistant.sentences import split


def document(title: str, district: str | None = None) -> Document:
    return Document("d", title, "甲.txt", 1, 9, district=district)


def measure(text: str, **more: Any) -> Measure:
    return Measure("d#1", "d", "第一条", more.pop("heading", ""), text, 1, 2, **more)


OURS = document("冷库扶持办法")


@given(st.lists(st.text("冷库补贴：；（一）、\n12", max_size=140), max_size=12))
def test_every_sentence_stands_in_one_passage_in_order(parts: list[str]) -> None:
    own = measure("。".join(parts))
    found = passages(OURS, own)
    assert tuple(s for p in found for s in p.sentences) == split(own)
    for p in found:
        assert p.sentences and p.measure_id == "d#1"
        assert len(p.sentences) == 1 or sum(len(s.text) for s in p.sentences) <= LONGEST


def test_sentences_are_joined_as_long_as_they_fit() -> None:
    lengths = [100, 140, 2, 239, 240, 300, 5]
    text = "".join("冷" * (n - 1) + "。" for n in lengths)
    found = passages(OURS, measure(text))
    assert [[len(s.text) for s in p.sentences] for p in found] == [
        [100, 140],
        [2],
        [239],
        [240],
        [300],
        [5],
    ]


def test_a_short_measure_is_one_passage() -> None:
    own = measure("冷库给予补贴。停车另行规定。")
    (found,) = passages(OURS, own)
    assert [s.text for s in found.sentences] == ["冷库给予补贴。", "停车另行规定。"]
    assert found.context == "冷库扶持办法"


def test_a_measure_without_text_has_none() -> None:
    assert passages(OURS, measure(" \n")) == ()


def test_the_lead_in_of_a_list_that_began_before_is_repeated() -> None:
    lead = "申请冷库补贴的单位，应当在每年九月底之前向所在区提出，并同时符合下列全部条件："
    assert len(lead) > LEAD
    items = "".join(f"（{n}）{'甲' * 90}；" for n in "一二三四五") + "（六）其他条件。"
    first, second, third = passages(OURS, measure(lead + items))
    assert first.sentences[0].text == lead
    assert [len(p.sentences) for p in (first, second, third)] == [3, 2, 2]
    assert first.context == "冷库扶持办法"  # the lead-in stands in it
    assert second.context == third.context == f"冷库扶持办法 {lead[-LEAD:]}"
    assert second.sentences[0].text.startswith("（三）")


def test_sentences_after_the_list_have_no_lead_in() -> None:
    text = "应当符合下列条件：（一）在本市登记；（二）无欠税。" + "冷" * LONGEST + "。"
    _, rest = passages(OURS, measure(text))
    assert rest.context == "冷库扶持办法"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("上海市冷库扶持办法", "冷库扶持办法"),
        ("上海市人民政府关于加快冷库建设的意见", "加快冷库建设的意见"),
        ("上海市人民政府办公厅关于转发《冷库扶持办法》的通知", "转发冷库扶持办法"),
        ("冷库 扶持办法", "冷库扶持办法"),
        ("青浦区人民政府关于冷库的意见", "青浦区人民政府关于冷库的意见"),
        ("甲" * TITLE + "乙", "甲" * (TITLE - 1) + "乙"),
    ],
)
def test_the_context_is_the_end_of_the_title(title: str, expected: str) -> None:
    assert reading_context(document(title), measure("给予补贴。")) == expected


def test_the_district_stands_before_a_title_that_does_not_name_it() -> None:
    own = measure("给予补贴。")
    assert reading_context(document("冷库扶持办法", "青浦区"), own) == "青浦区 冷库扶持办法"
    assert reading_context(document("青浦冷库办法", "青浦区"), own) == "青浦冷库办法"
    long = document("青浦区关于" + "乙" * TITLE, "青浦区")  # named, but not in what is read
    assert reading_context(long, own) == "青浦区 " + "乙" * TITLE


def test_headings_stand_behind_the_title_unless_the_text_begins_with_them() -> None:
    path = ("扶持措施", "", "建设")
    own = measure("冷库奖励：给予补贴。", heading="冷库奖励", path=path)
    assert reading_context(OURS, own) == "冷库扶持办法 扶持措施 建设"
    own = measure("给予补贴。", heading="冷库奖励", path=path)
    assert reading_context(OURS, own) == "冷库扶持办法 扶持措施 建设 冷库奖励"


def test_long_headings_lose_their_beginning() -> None:
    own = measure("给予补贴。", heading="丙" * 8, path=("甲" * 30, "乙" * 9))
    assert HEADINGS == 20
    assert reading_context(OURS, own) == f"冷库扶持办法 甲 {'乙' * 9} {'丙' * 8}"


def test_context_of_every_passage_has_district_and_headings() -> None:
    own = measure(("冷" * 199 + "。") * 3, path=("扶持措施",))
    found = passages(document("冷库扶持办法", "青浦区"), own)
    assert [p.context for p in found] == ["青浦区 冷库扶持办法 扶持措施"] * 3
