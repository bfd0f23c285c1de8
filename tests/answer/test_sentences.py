"""Sentences of a measure: spans, headings, lists under a lead, the bracket of departments."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assistant.records import Measure
from assistant.sentences import split


def measure(text: str, **more: Any) -> Measure:
    return Measure("d#1", "d", more.pop("label", "一"), more.pop("heading", ""), text, 1, 2, **more)


def test_heading_sentences_and_departments() -> None:
    text = (
        "（三）鼓励首发。对新品首发给予支持，最高20万元；对首店给予补贴。"
        "鼓励各区配套。（责任单位：市商务委）"
    )
    found = split(measure(text, heading="鼓励首发", label="二/（三）"))
    assert [s.part for s in found] == ["heading", "text", "text", "text", "depts"]
    assert found[1].text == "对新品首发给予支持，最高20万元；"
    assert found[-1].text == "（责任单位：市商务委）"


def test_items_hang_on_their_lead() -> None:
    text = (
        "第五条 申请应当符合下列条件：（一）在本市登记；（二）投入不低于200万元。其他事项另行规定。"
    )
    found = split(measure(text, label="第五条"))
    assert [s.part for s in found] == ["heading", "text", "item", "item", "text"]
    assert found[1].text.endswith("条件：")
    assert [s.lead for s in found] == [None, None, 1, 1, None]


@given(st.text(alphabet="政策。；：（一）（二）\n 1.、补贴，", max_size=80))
def test_spans_are_verbatim_and_in_order(text: str) -> None:
    end = 0
    for sentence in split(measure(text)):
        assert sentence.text == text[sentence.start : sentence.end]
        assert sentence.start >= end
        end = sentence.end
