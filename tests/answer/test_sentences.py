"""Sentences of a measure: spans, headings, lists under a lead, the bracket of departments."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.asks import asked, stated
from assistant.answer.sentences import split
from assistant.records import Measure


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


def test_what_is_asked_and_what_a_sentence_states() -> None:
    assert "amount" in asked("最高能补多少钱？")
    assert "who" in asked("这件事归哪个部门管")
    assert "duration" in asked("几个工作日办完")
    assert "validity" in asked("这份办法现在还有效吗")
    assert asked("跨境贸易") == frozenset()
    assert {"amount", "yes_no"} <= stated("给予最高50万元的奖励。")
    assert "ratio" in stated("按实际投入的30％给予补贴。")
    assert "duration" in stated("自受理之日起5个工作日内办结。")
