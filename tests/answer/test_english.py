"""An English question: the frame is English, the clauses stay as they are."""

from __future__ import annotations

import pytest
from answer.made import THRESHOLDS, TODAY, judged, knowing, policy, question, reading

from assistant.answer import compose
from assistant.answer.phrasing import ended, name
from assistant.answer.words import day
from assistant.question.query import Query
from assistant.records import Answer

KITES = policy(
    "风筝",
    "本市风筝放飞办法",
    "第一条 放飞风筝每次补贴3元，由广场管理处发放。",
    "第二条 本办法有效期至2025年3月31日。",
    expires="2025-03-31",
    issued="2022-03-01",
)
EAST = policy("东滩", "东滩区灯塔办法", "第一条 灯塔参观每人10元。", district="浦东新区")
KNOWN = knowing(KITES, EAST)


def said(query: Query, *read: object) -> Answer:
    found = reading(*read)  # type: ignore[arg-type]
    return compose(query, found, as_of=TODAY, known=KNOWN, thresholds=THRESHOLDS)


def test_the_clause_is_chinese_and_its_frame_english() -> None:
    answer = said(
        question("放飞风筝补贴多少？", language="en", unknown=("purple",)),
        judged(KITES, 1, 0.9, 0.9),
    )
    assert answer.language == "en"
    assert answer.text == (
        "No rule now in force was found; formerly: 放飞风筝每次补贴3元，由广场管理处发放。"
        " (Expired, until 31 March 2025)[1]"
    )
    assert answer.citations[0].quote in KITES.measures[0].text
    assert answer.notes == (
        "The newest document held is of 1 March 2022; later changes are not covered.",
        "The clauses are quoted in Chinese; the Chinese text is authoritative.",
        "Words not known here and left out: purple.",
    )
    assert answer.suggestions == (f"Is {name(KITES.document)} still valid?",)


@pytest.mark.parametrize(
    ("text", "language", "stopped"),
    [
        ("The document states no end", "en", "The document states no end."),
        ("随申办App", "zh", "随申办App。"),
        ("放飞风筝", "en", "放飞风筝。"),
        ("Done.", "en", "Done."),
    ],
)
def test_a_sentence_stops_as_its_language_does(text: str, language: str, stopped: str) -> None:
    assert ended(text, language) == stopped  # type: ignore[arg-type]


def test_a_district_is_named_in_english() -> None:
    answer = said(question("灯塔多少钱？", language="en"), judged(EAST, 1, 0.9, 0.9))
    assert answer.text.startswith("Pudong: 灯塔参观每人10元。")


def test_what_is_not_stated_and_not_held() -> None:
    asked = question("风筝多重？", language="en")
    near = said(asked, judged(EAST, 1, 0.1, 0.1, topic=0.9))
    assert near.text.startswith("The documents do not state this.")
    none = said(asked, judged(EAST, 1, 0.1, 0.1))
    assert none.refused and none.language == "en"
    assert none.text.startswith("Not held:") and "1 March 2022" in none.text


@pytest.mark.parametrize(
    ("query", "begins"),
    [
        (
            question("x", language="en", understood=False, unknown=("wombat",)),
            "Your English question",
        ),
        (question("怎么骗补", language="en"), "Sorry, there is no help with deception"),
        (
            question("杭州怎么补", language="en", outside=("杭州",)),
            "Not held: only documents of Shanghai",
        ),
        (question("你好", language="en", smalltalk="greeting"), "Hello!"),
        (question("你是谁", language="en", smalltalk="identity"), "This is the assistant"),
    ],
)
def test_refusals_and_small_talk(query: Query, begins: str) -> None:
    answer = said(query)
    assert answer.text.startswith(begins)
    assert "《" not in answer.text
    assert answer.language == "en"


def test_a_suggested_question_is_english_and_names_the_document() -> None:
    from assistant.question.english import hear, is_english

    (next_,) = said(question("补贴", language="en"), judged(KITES, 1, 0.9, 0.9)).suggestions
    assert is_english([next_])
    assert hear(next_).text == f"{name(KITES.document)}现在还有效吗？"


@pytest.mark.parametrize(
    ("iso", "chinese", "english"),
    [
        ("2023-04-01", "2023年4月1日", "1 April 2023"),
        ("2023-12", "2023年12月", "December 2023"),
        ("2023", "2023年", "2023"),
        (None, "", ""),
    ],
)
def test_days(iso: str | None, chinese: str, english: str) -> None:
    assert (day(iso), day(iso, "en")) == (chinese, english)
