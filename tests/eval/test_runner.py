"""Runs against real endpoints: a real HTTP server, an adapter file, a file of answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.errors import AssistantError, BadInputError
from assistant.settings import get_settings
from eval import runs
from eval.endpoints import FunctionEndpoint, HttpEndpoint, open_endpoint
from eval.runner import Plan, run

PLAN = Plan(sets=("U",), every=4)


class _Answers(BaseHTTPRequestHandler):
    """Answers what it is asked; ``/broken`` gives 500, ``/text`` no JSON."""

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps(
            {"answer": "没有收录。", "refused": True, "asked": self.path, "citations": None}
        ).encode()
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()
        self.wfile.write(b"no" if self.path == "/text" else body)
        assert "id" in request

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    listening.server_close()
    thread.join()


def _refuses(request: dict) -> dict:
    return {"answer": "没有收录。", "refused": True}


def test_http_endpoint(server: str, tmp_path: Path) -> None:
    done = run(PLAN, open_endpoint(server), tmp_path / "r")
    assert len(done.rows) == 8
    assert all(row.prediction.refused and row.prediction.error is None for row in done.rows)
    assert all((row.prediction.latency_ms or 0) > 0 for row in done.rows)


@pytest.mark.parametrize(("path", "told"), [("/broken", "返回 500"), ("/text", "不是 JSON")])
def test_http_errors_are_counted_as_failed(
    server: str, tmp_path: Path, path: str, told: str
) -> None:
    done = run(PLAN, HttpEndpoint(server + path), tmp_path / "r")
    assert all(told in (row.prediction.error or "") for row in done.rows)
    assert not any(row.correct for row in done.rows)  # a failure is no refusal


def test_nobody_listening_is_an_error_for_users() -> None:
    with pytest.raises(AssistantError, match="连不上"):
        HttpEndpoint("http://127.0.0.1:9/api/ask", timeout=2).answer({"id": "x"})


def test_adapter_file(tmp_path: Path) -> None:
    adapter = tmp_path / "other.py"
    adapter.write_text(
        "DESCRIPTION = {'version': '9'}\n"
        "def answer(request):\n"
        "    return {'answer': request['question'], 'refused': False}\n"
    )
    endpoint = open_endpoint(f"adapter:{adapter}")
    assert endpoint.description == {"adapter": "other.py", "version": "9"}
    done = run(PLAN, endpoint, tmp_path / "r")
    assert done.rows[0].prediction.answer == done.rows[0].question.question


def test_file_of_answers_keeps_its_own_timings(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text('{"id": "U-001", "answer": "x", "timings_ms": {"total": 7}}\n')
    done = run(PLAN, open_endpoint(f"file:{path}"), tmp_path / "r")
    by_id = {row.question.id: row.prediction for row in done.rows}
    assert by_id["U-001"].latency_ms == 7
    assert "没有 U-005 的回答" in (by_id["U-005"].error or "")


@pytest.mark.parametrize("target", ["nonsense", "file:", "file:nowhere.jsonl", "adapter:no.py"])
def test_unusable_targets(target: str) -> None:
    with pytest.raises(BadInputError):
        open_endpoint(target)


def test_unusable_modes(monkeypatch: pytest.MonkeyPatch) -> None:
    get_settings.cache_clear()
    monkeypatch.setenv("ASSISTANT_LLM_MODEL", "")
    with pytest.raises(BadInputError, match="没有配置大模型"):
        open_endpoint("assistant", "llm")
    with pytest.raises(BadInputError, match="extractive、llm"):
        open_endpoint("assistant", "best")
    get_settings.cache_clear()


def test_an_interrupted_run_is_continued(tmp_path: Path) -> None:
    asked: list[str] = []

    def stops_at_the_fourth(request: dict) -> dict:
        if len(asked) == 3:
            raise KeyboardInterrupt
        asked.append(request["id"])
        return _refuses(request)

    with pytest.raises(KeyboardInterrupt):
        run(PLAN, FunctionEndpoint("f", stops_at_the_fourth), tmp_path / "r")
    with runs.predictions_path(tmp_path / "r").open("a") as out:
        out.write('{"id": "U-0')  # killed while writing

    def answers(request: dict) -> dict:
        asked.append(request["id"])
        return _refuses(request)

    done = run(PLAN, FunctionEndpoint("f", answers), tmp_path / "r")
    assert len(asked) == len(set(asked)) == len(done.rows) == 8
    assert done.manifest["finished"]


def test_another_system_does_not_continue_a_run(tmp_path: Path) -> None:
    def breaks(request: dict) -> dict:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(PLAN, FunctionEndpoint("f", breaks, {"v": 1}), tmp_path / "r")
    run(PLAN, FunctionEndpoint("f", _refuses, {"v": 2}), tmp_path / "r")
    assert runs.read_manifest(tmp_path / "r.previous")["system"] == {"v": 1}


def test_a_finished_run_becomes_the_previous_one(tmp_path: Path) -> None:
    first = run(PLAN, FunctionEndpoint("f", _refuses), tmp_path / "r")
    second = run(PLAN, FunctionEndpoint("f", _refuses), tmp_path / "r")
    previous = runs.load_run(tmp_path / "r.previous")
    assert previous.manifest["started"] == first.manifest["started"]
    for metric in ("correct", "refusal_recall", "clean"):
        assert previous.values(metric) == second.values(metric)  # deterministic


def test_errors_that_are_not_for_users_are_not_swallowed(tmp_path: Path) -> None:
    def has_a_bug(request: dict) -> dict:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(PLAN, FunctionEndpoint("f", has_a_bug), tmp_path / "r")


def test_an_answer_that_breaks_the_contract_counts_as_failed(tmp_path: Path) -> None:
    wrong = FunctionEndpoint("f", lambda request: {"answer": "x", "citations": "第五条"})
    done = run(PLAN, wrong, tmp_path / "r")
    assert {row.prediction.error for row in done.rows} == {"回答不合合约：citations"}


def test_numbers_for_words_and_nulls_are_taken(tmp_path: Path) -> None:
    loose = {"answer": None, "refused": None, "citations": [{"measure": 3, "also_in": None}]}
    done = run(PLAN, FunctionEndpoint("f", lambda request: loose), tmp_path / "r")
    assert done.rows[0].prediction.citations[0].measure == "3"
