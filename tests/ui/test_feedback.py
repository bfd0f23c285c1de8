"""Feedback is stored with question, answer and version, kept for its days, deletable."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import BadInputError
from assistant.settings import Settings
from tests.ui.samples import conversation, turn
from ui import feedback
from ui.conversation import to_json
from ui.feedback import FeedbackStore
from ui.handlers import Handlers
from ui.service import Service


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore(tmp_path / "state" / "feedback.sqlite", keep_days=30)


def add(store: FeedbackStore, thumb: str = "down", reason: str | None = "金额错误") -> int:
    return store.add(
        question="奖多少？",
        answer={"answer": "20万元。"},
        thumb=thumb,
        reason=reason,
        comment=" 应为30万元 ",
        version="1.2",
    )


def test_everything_said_is_kept(store: FeedbackStore) -> None:
    add(store)
    (row,) = store.rows()
    assert (row.question, row.thumb, row.reason, row.comment, row.version) == (
        "奖多少？",
        "down",
        "金额错误",
        "应为30万元",
        "1.2",
    )
    assert row.answer == {"answer": "20万元。"}


def test_only_our_reasons_are_taken(store: FeedbackStore) -> None:
    with pytest.raises(BadInputError):
        add(store, reason="' OR 1=1")
    with pytest.raises(BadInputError):
        add(store, thumb="sideways")
    assert store.rows() == []


def test_old_rows_go_and_rows_can_be_deleted(store: FeedbackStore) -> None:
    old, kept, gone = add(store), add(store), add(store)
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE feedback SET created='2020-01-01' WHERE id=?", (old,))
    assert store.delete(gone)
    assert not store.delete(gone)
    assert [row.id for row in store.rows()] == [kept]
    assert store.delete_all() == 1
    assert store.rows() == []


def test_what_is_deleted_is_gone_from_the_file(store: FeedbackStore) -> None:
    add(store)
    store.delete_all()
    assert "应为30万元".encode() not in store.path.read_bytes()


def test_many_may_write_at_once(store: FeedbackStore) -> None:
    threads = [threading.Thread(target=add, args=(store,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.rows()) == 8


def test_one_answer_is_judged_once_and_the_last_word_counts(store: FeedbackStore) -> None:
    for thumb in ("up", "down"):
        store.add(
            question="?", answer={}, thumb=thumb, reason=None, comment="", version="1", turn="t"
        )
    add(store)
    add(store)
    assert [row.thumb for row in store.rows()] == ["down"] * 3


def test_feedback_is_found_by_thumb_reason_and_words(store: FeedbackStore) -> None:
    wrong, late = add(store), add(store, reason="已过期")
    good = store.add(
        question="风筝节补贴多少？", answer={"answer": "每场5万元。"}, thumb="up", reason=None,
        comment="", version="1",
    )  # fmt: skip

    def found(**filters: str) -> list[int]:
        return [row.id for row in store.rows(**filters)]  # type: ignore[arg-type]

    assert found() == [good, late, wrong]
    assert found(thumb="down") == [late, wrong]
    assert found(reason="已过期") == [late]
    assert found(words="风筝") == found(words=" 5万元 ") == [good]
    assert found(words="30万元") == [late, wrong]  # of the comment
    assert found(thumb="up", words="奖多少") == found(words="%") == []


def test_the_store_does_not_grow_without_end(
    store: FeedbackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "MAX_ROWS", 3)
    ids = [add(store) for _ in range(5)]
    assert [row.id for row in store.rows()] == ids[:1:-1]
    with pytest.raises(BadInputError):
        store.add(
            question="?",
            answer={"answer": "长" * feedback.MAX_ANSWER},
            thumb="up",
            reason=None,
            comment="",
            version="1",
        )


def test_a_store_of_an_earlier_version_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite"
    with sqlite3.connect(path) as old:
        old.execute(feedback._SCHEMA)
    path.chmod(0o644)
    store = FeedbackStore(path, keep_days=30)
    add(store)
    assert len(store.rows()) == 1
    assert path.stat().st_mode & 0o077 == 0


def test_only_answers_that_this_server_gave_are_judged(built: Settings) -> None:
    service = Service(built)
    handlers = Handlers(service)
    given = turn()
    assert given.answer is not None
    signed = turn(signed=service.signed(given.id, given.question, given.answer))
    through_browser = json.loads(json.dumps(to_json(conversation(signed))).replace(".0,", ","))

    def rated(talk: object) -> dict[str, Any]:
        return json.loads(handlers.rate({"turn": "t1", "thumb": "up", "talk": talk})[1])

    assert rated(through_browser)["talk"]["turns"][0]["rated"] == "up"
    assert len(service.feedback.rows()) == 1
    invented = (
        given,
        turn(signed="茶"),
        turn(signed=signed.signed, question="别的？"),
        turn(signed=signed.signed, answer=dict(given.answer) | {"answer": "骗你的"}),
    )
    for one in invented:
        assert "只能评价本服务给出的回答" in rated(to_json(conversation(one)))["notice"]
    assert len(service.feedback.rows()) == 1


def test_who_gave_feedback_takes_it_back(built: Settings) -> None:
    service = Service(built)
    handlers = Handlers(service)
    given = turn()
    assert given.answer is not None
    signed = turn(signed=service.signed(given.id, given.question, given.answer))
    other = service.signed("t9", given.question, given.answer)
    kept = add(service.feedback)

    def rate(thumb: str, talk: object) -> tuple[str, dict[str, Any]]:
        shown, said = handlers.rate({"turn": "t1", "thumb": thumb, "talk": talk})
        return shown, json.loads(said)

    shown, said = rate("up", to_json(conversation(signed)))
    assert 'aria-pressed="true"' in shown and 'data-act="take-back"' in shown
    assert len(service.feedback.rows()) == 2
    shown, said = rate("", said["talk"])
    assert [row.id for row in service.feedback.rows()] == [kept]
    assert said["talk"]["turns"][0]["rated"] is None and "take-back" not in shown
    assert "已收回" in said["notice"]
    rate("up", to_json(conversation(signed)))
    _, said = rate("", to_json(conversation(turn(signed=other))))
    assert "只能评价" in said["notice"]
    assert len(service.feedback.rows()) == 2


def test_nobody_else_reads_the_state(built: Settings) -> None:
    service = Service(built)
    add(service.feedback)
    assert service.signed("t", "?", {}) == Service(built).signed("t", "?", {})
    modes = {path.name: path.stat().st_mode & 0o777 for path in built.state.iterdir()}
    assert built.state.stat().st_mode & 0o777 == 0o700
    assert set(modes.values()) == {0o600} and len(modes) == 2
