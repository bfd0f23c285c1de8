"""Conditions are whole: what could be put to a company as it stands."""

from __future__ import annotations

import pytest

from assistant.ask import Assistant
from assistant.finder.checks import checklist
from assistant.finder.conditions import conditions
from assistant.finder.profile import held
from assistant.finder.requirements import offers
from assistant.records import Document, Measure, Profile


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("对当年首次升规的软件企业，给予最高50万元的奖励。", ["当年首次升规的软件企业"]),
        ("在试验区注册满三年的，可申请风筝补贴。", ["在试验区注册满三年"]),
        ("经试验区评审认定，给予不低于10万元的奖励。", ["经试验区评审认定"]),
        ("（二）申请人须具备放飞场地；", ["申请人须具备放飞场地"]),
        ("对放飞（含夜间，节假日）满百次的工坊给予奖励。", ["放飞（含夜间，节假日）满百次的工坊"]),
    ],
)  # fmt: skip
def test_a_condition_is_a_whole_phrase(text: str, expected: list[str]) -> None:
    assert [c.text for c in conditions(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "按照规定给予承租人以下补偿、补助：",
        "给予不低于10万元的奖励。",
        "对软件企业给予奖励。",
        "加大对入驻试验区项目的支持力度。",
        "到2035年，风筝放飞率达到90%以上。",
        "擅自放飞风筝的，处以50元以上200元以下的罚款。",
        "强化风筝经营的监督。",
    ],
)
def test_no_condition_is_made_of_what_is_none(text: str) -> None:
    assert conditions(text) == ()


def test_items_below_a_lead_are_conditions_of_its_offer() -> None:
    text = "风筝工坊申请奖励，应当符合下列条件：\n（一）有放飞场地；\n（二）没有坠落记录。"
    (offer,) = offers(Measure("d#1", "d", "一", "", text, 1, 4), Document("d", "办法", "s", 1, 9))
    rows = {c.text: c.verdict for c in checklist(offer, Profile(), held(Profile()))}
    assert rows == {"有放飞场地": "待确认", "没有坠落记录": "待确认"}


def test_whom_an_offer_is_for_is_asked_otherwise_than_what_must_hold() -> None:
    (who,) = conditions("对首次升规的软件企业给予奖励。")
    (what,) = conditions("在试验区注册满三年的，可申请补贴。")
    assert who.question == "是否属于“首次升规的软件企业”？"
    assert what.question == "是否满足“在试验区注册满三年”？"


def test_no_question_of_the_corpus_points_on_or_ends_open(assistant: Assistant) -> None:
    documents = {d.doc_id: d for d in assistant.catalogue.documents()}
    for measure in assistant.catalogue.measures():
        for offer in offers(measure, documents[measure.doc_id]):
            for condition in conditions(offer.text):
                assert condition.text in offer.text
                assert condition.text[-1] not in "：:，、；" and "下列" not in condition.text
                assert condition.text.count("（") == condition.text.count("）")
