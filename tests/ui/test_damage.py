"""Readiness, uploads and feedback when files are damaged, disks full and databases locked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.errors import StateError
from assistant.settings import Settings
from assistant.store import generation
from assistant.store.build import ingest
from assistant.store.health import repair
from assistant.store.lock import writing
from assistant.store.open import open_index
from tests.ui.test_feedback import add
from tests.ui.test_http import NEW_POLICY, QUESTION, client, token_of, upload, with_changes
from ui import feedback, uploads
from ui.feedback import FeedbackStore, _believed
from ui.security import HEADERS
from ui.service import Service


def damage(settings: Settings, name: str = "lexical/idf.npy") -> None:
    path = generation.current(settings.index) / name
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def test_ready_says_what_asking_would_say(built: Settings) -> None:
    damage(built)
    http = client(built)
    for response in (http.get("/health/ready"), http.post("/api/ask", json={"question": QUESTION})):
        assert response.status_code == 503
        error = response.json()["error"]
        assert "idf.npy" in error["message"] and "doctor --repair" in error["next_step"]
    assert http.get("/health").json()["status"] == "ok"
    repair(built)
    assert http.get("/health/ready").json()["documents"] == 2
    assert http.post("/api/ask", json={"question": QUESTION}).status_code == 200


def test_what_is_held_goes_on_answering_and_says_so(built: Settings) -> None:
    http = client(built)
    assert http.get("/health/ready").json()["notes"] == []
    damage(built)
    ready = http.get("/health/ready")
    assert ready.status_code == 200 and "内存" in ready.json()["notes"][0]
    answer = http.post("/api/ask", json={"question": QUESTION}).json()["answer"]
    assert "20万元" in answer


def take(http: TestClient, text: str):  # type: ignore[no-untyped-def]
    return http.post(f"/staff/take/{token_of(upload(http, '老字号.txt', text.encode()).text)}")


def held(settings: Settings) -> tuple[str, str]:
    """The sum in the file that was uploaded, and the one in the index."""
    text = (settings.state / "uploads" / "老字号.txt").read_text(encoding="utf-8")
    clause = next(m.text for m in open_index(settings).catalogue.measures() if "门店改造" in m.text)
    return text.split("最高")[1][:4], clause.split("最高")[1][:4]


def test_a_new_version_replaces_the_old_one_only_when_it_is_in(
    built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "INGEST_WAIT", 0.1)
    http = client(built)
    assert take(http, NEW_POLICY).status_code == 200
    newer = NEW_POLICY.replace("15万元", "18万元")
    token = token_of(upload(http, "老字号.txt", newer.encode()).text)
    with writing(built.index):
        refused = http.post(f"/staff/take/{token}")
    assert refused.status_code == 503 and "正在进行" in refused.text
    assert held(built) == ("15万元", "15万元")
    assert http.post(f"/staff/take/{token}").status_code == 200  # the same button once more
    assert held(built) == ("18万元", "18万元")
    assert not ingest(built).published  # it is known as what was taken in
    assert [p.name for p in (built.state / "uploads").iterdir()] == ["老字号.txt"]


def test_a_new_version_that_cannot_be_put_in_place_is_not_in_the_index(built: Settings) -> None:
    http = client(built)
    (built.state / "uploads" / "老字号.txt" / "in the way").mkdir(parents=True)
    response = take(http, NEW_POLICY)
    assert response.status_code == 503 and "没有改动" in response.text
    assert len(open_index(built).catalogue.documents()) == 2


def test_a_state_folder_that_cannot_be_written_is_said(built: Settings) -> None:
    (built.index / "file").write_text("")
    http = client(with_changes(built, state=built.index / "file" / "state"))
    response = upload(http, "老字号.txt", NEW_POLICY.encode())
    assert response.status_code == 503
    assert "状态目录无法写入" in response.text and "ASSISTANT_STATE" in response.text


@pytest.fixture
def store(built: Settings) -> FeedbackStore:
    return Service(built).feedback


def test_a_damaged_feedback_database_is_said_and_kept(
    built: Settings, store: FeedbackStore
) -> None:
    add(store)
    damaged = b"no database" * 1000
    store.path.write_bytes(damaged)
    with pytest.raises(StateError, match="已损坏") as caught:
        add(store)
    assert "移到别处保存" in caught.value.next_step
    response = client(built).get("/staff/feedback")
    assert response.status_code == 503 and "已损坏" in response.json()["error"]["message"]
    assert response.headers.items() >= {k.lower(): v for k, v in HEADERS.items()}.items()
    assert store.path.read_bytes() == damaged


def test_damaged_json_in_the_feedback_database_is_said(store: FeedbackStore) -> None:
    add(store)
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE feedback SET answer_json = '{'")
    with pytest.raises(StateError, match="已损坏"):
        store.rows()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    connection = sqlite3.connect(path)
    connection.execute("BEGIN EXCLUSIVE")
    yield
    connection.close()


def test_a_locked_feedback_database_is_said(
    store: FeedbackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "BUSY_SECONDS", 0.05)
    add(store)
    with locked(store.path), pytest.raises(StateError, match="占用") as caught:
        add(store)
    assert "重试" in caught.value.next_step
    assert len(store.rows()) == 1


def test_a_clock_that_is_ahead_removes_nothing(store: FeedbackStore) -> None:
    add(store)
    now = datetime.now(UTC)
    with sqlite3.connect(store.path) as connection:
        believed = [
            _believed(connection, now + step)
            for step in (
                timedelta(days=4000),  # it leaps
                timedelta(days=4000, hours=3),
                timedelta(days=1),  # and is set right
                timedelta(days=20),
                timedelta(days=200),  # a long vacation
                timedelta(days=202),  # nobody has set it back
            )
        ]
    assert believed == [False, False, True, True, False, True]


def test_what_nobody_caught_has_the_shape_and_the_headers(
    built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FeedbackStore, "rows", lambda *_: 1 // 0)
    response = client(built).get("/staff/feedback")
    assert response.status_code == 500
    assert set(json.loads(response.text)["error"]) == {"message", "next_step"}
    assert response.headers["x-frame-options"] == "DENY"
