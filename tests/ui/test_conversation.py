"""Conversations as browsers keep them: replaced, edited, forgotten, or spoilt."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.samples import conversation, turn
from ui.conversation import (
    MAX_TALK,
    MAX_TURNS,
    Conversation,
    from_json,
    new_turn,
    to_json,
)
from ui.render.transcript import transcript

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "turns", "question", "answer", "state", "x"]), inner
        )
    ),
    max_leaves=20,
)


def test_a_conversation_comes_back_as_it_was() -> None:
    kept = conversation(turn(), turn(id="t2", rated="up"))
    assert from_json(to_json(kept)) == kept


@settings(max_examples=40)
@given(JSON)
def test_whatever_the_browser_sends_is_read_without_failing(data: object) -> None:
    assert isinstance(from_json(data), Conversation)


def test_what_was_running_when_the_page_closed_is_stopped() -> None:
    running = conversation(turn(state="running", answer=None))
    assert from_json(to_json(running)).turns[0].state == "stopped"


def test_what_is_begun_anew_before_other_turns_is_a_conversation_of_its_own() -> None:
    kept = conversation(turn(), turn(id="t2"), turn(id="t3"))
    branch = kept.before("t2")
    assert [t.id for t in branch.turns] == ["t1"]
    assert branch.id != kept.id
    assert [t.id for t in kept.before("t3").turns] == ["t1", "t2"]
    assert kept.before("t3").id == kept.id
    assert kept.before("unknown") == kept


def test_only_answered_questions_are_context() -> None:
    kept = conversation(turn(), turn(id="t2", state="failed", question="坏的"))
    assert kept.questions() == ["高新企业奖多少？"]


def test_a_turn_grows_in_place() -> None:
    begun = conversation().with_turn(new_turn("新问题", as_of=None, district=None))
    assert len(begun.turns) == 2
    assert len(begun.with_turn(begun.turns[-1]).turns) == 2


def test_of_a_huge_conversation_the_last_turns_are_read() -> None:
    huge = conversation(*(turn(id=f"t{n}", question="茶" * (MAX_TALK // 4)) for n in range(9)))
    assert [t.id for t in from_json(to_json(huge)).turns] == ["t6", "t7", "t8"]
    assert from_json(to_json(conversation(turn(question="茶" * MAX_TALK)))).turns == ()


def test_how_many_turns_are_kept_no_more_is_counted_and_said() -> None:
    kept = conversation(*(turn(id=f"t{n}") for n in range(MAX_TURNS)))
    assert "不再保留" not in transcript(kept)
    for n in range(2):
        kept = from_json(to_json(kept.with_turn(turn(id=f"new{n}"))))
    assert (kept.turns[0].id, len(kept.turns), kept.dropped) == ("t2", MAX_TURNS, 2)
    assert "更早的 2 问已不再保留" in transcript(kept)
    assert kept.before("t9").dropped == 2
    huge = conversation(*(turn(id=f"t{n}", question="茶" * (MAX_TALK // 4)) for n in range(9)))
    assert from_json(to_json(huge)).dropped == 6
