"""A short part of the attacks of ``scripts/hostile.py requests``, on a real server."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from scripts.hostile_requests import flooded, large_conversations, nasty, resident
from tests.ui.conftest import serving
from ui import protocol


@pytest.fixture(scope="module")
def address(_small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    state = tmp_path_factory.mktemp("hostile") / "state"
    with serving(_small_index, state, staff_password="茶壶") as url:
        yield url


def test_numbers_and_characters_end_in_an_answer_or_an_error(address: str) -> None:
    found = asyncio.run(nasty(address))
    assert set(found.values()) <= {"200 answer", "400 error"}


def test_a_flood_starves_neither_health_nor_others(address: str) -> None:
    question = {"question": "试验区首次认定的高新技术企业奖励多少？"}
    found = asyncio.run(flooded(address, "/api/ask", question, 150))
    assert found["health"].startswith("10x200")
    assert found["an honest user"].startswith("200")
    assert "429" in found["the flood"] and "Error" not in found["the flood"]


def test_large_conversations_do_not_pile_up(address: str) -> None:
    asyncio.run(large_conversations(address, calls=5))
    before = resident(address)
    found = asyncio.run(large_conversations(address, calls=12))
    assert "12x200" in found.popitem()[1] or found
    assert resident(address) - before < 100  # MiB; twelve pages of it took 200


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server without an application, which waits half a second for a head."""
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.5)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))

        async def application(scope, receive, send):  # type: ignore[no-untyped-def]
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"ok"})

        config = uvicorn.Config(
            application, http=protocol.protocol(3), ws="none", lifespan="off", log_level="error"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(10)


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-"])
def test_a_connection_that_does_not_ask_is_closed(bare: int, said: bytes) -> None:
    with socket.create_connection(("127.0.0.1", bare), timeout=10) as one:
        one.sendall(said)
        while one.recv(1000):
            pass  # until it is closed; without that the time-out fails the test


def test_nor_one_that_stops_in_its_second_request(bare: int) -> None:
    with socket.create_connection(("127.0.0.1", bare), timeout=10) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert one.recv(1000).startswith(b"HTTP/1.1 200")
        one.sendall(b"GET / HT")
        while one.recv(1000):
            pass


def test_one_address_holds_only_so_many_connections(bare: int) -> None:
    held = [socket.create_connection(("127.0.0.1", bare), timeout=10) for _ in range(3)]
    with socket.create_connection(("127.0.0.1", bare), timeout=10) as more:
        assert more.recv(1000) == b""
    with socket.create_connection(
        ("127.0.0.1", bare), timeout=10, source_address=("127.0.0.2", 0)
    ) as other:
        other.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert other.recv(1000).startswith(b"HTTP/1.1 200")
    for one in held:
        one.close()
