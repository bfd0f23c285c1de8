"""The staff's door: a password that is set always counts, guessing gets slower and is logged."""

from __future__ import annotations

import logging

import pytest
from fastapi import HTTPException, Request

from ui.door import LONGEST_WAIT, Door


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def status(door: Door, password: str = "", address: str = "10.0.0.1", **headers: str) -> int:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if password:
        given["authorization"] = f"Bearer {password}"
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    try:
        door.check(Request({"type": "http", "headers": raw, "client": (address, 1)}))
    except HTTPException as refused:
        return refused.status_code
    return 200


def test_open_on_this_machine_alone_and_only_without_a_password() -> None:
    door = Door("", loopback=True)
    assert status(door) == 200
    assert status(door, x_forwarded_for="203.0.113.9") == 403
    assert status(Door("", loopback=False)) == 403
    assert not door.needs_password
    for loopback in (True, False):
        door = Door("茶壶", loopback=loopback)
        assert door.needs_password
        assert status(door) == 401
        assert status(door, "%E8%8C%B6%E5%A3%B6") == 200


def test_guessing_gets_slower_for_the_guesser_alone(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    door = Door("right", loopback=False, clock=clock)
    with caplog.at_level(logging.WARNING):
        assert [status(door, f"guess{n}") for n in range(6)] == [401] * 4 + [429] * 2
    assert len(caplog.records) == 4
    assert "10.0.0.1" in caplog.text and "guess" not in caplog.text.replace("password", "")
    assert status(door, "right") == 429
    assert status(door, "right", "10.0.0.2") == 200
    clock.now += 3
    assert status(door, "guess") == 401
    clock.now += 3
    assert status(door, "right") == 429  # four seconds by now
    clock.now += LONGEST_WAIT
    assert status(door, "right") == 200
    assert status(door, "guess") == 401  # and all is forgotten


def test_a_call_without_a_password_is_no_guess() -> None:
    door = Door("right", loopback=True)
    assert {status(door) for _ in range(20)} == {401}
    assert status(door, "right") == 200
