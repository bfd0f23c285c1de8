"""Feedback is stored with question, answer and version, kept for its days, deletable."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from assistant.errors import BadInputError
from ui.feedback import FeedbackStore


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
