"""Who may come in, whose turn is next, and who is sent away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

import gradio as gr
import pytest
from fastapi import HTTPException, Request

from assistant.settings import Settings
from ui.blocks import build
from ui.capacity import BUSY, Lane
from ui.clients import client_of
from ui.service import Service


class Served:
    """Callers that hold their place until they are let go."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.order: list[str] = []
        self.go = asyncio.Event()

    async def call(self, client: str) -> str:
        try:
            async with self.lane.taken(client):
                self.order.append(client)
                await self.go.wait()
                return "served"
        except HTTPException as refused:
            return str(refused.status_code)

    async def start(self, *clients: str) -> list[asyncio.Task[str]]:
        tasks = [asyncio.create_task(self.call(client)) for client in clients]
        for _ in range(3):
            await asyncio.sleep(0)
        return tasks


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 10))


def test_turns_go_round_between_clients() -> None:
    async def test() -> None:
        served = Served(Lane(1, 10, 5))
        tasks = await served.start("甲", "甲", "甲", "甲", "乙")
        served.go.set()
        assert await asyncio.gather(*tasks) == ["served"] * 5
        assert served.order.index("乙") <= 2

    run(test())


def test_one_client_leaves_a_place_free() -> None:
    async def test() -> None:
        served = Served(Lane(4, 10, 5))
        await served.start(*"甲甲甲甲甲", "乙")
        assert served.order == ["甲", "甲", "甲", "乙"]
        served.go.set()

    run(test())


def test_in_a_full_queue_the_greedy_give_way() -> None:
    async def test() -> None:
        served = Served(Lane(1, 3, 5))
        greedy = await served.start("甲", "甲", "甲", "甲", "甲")
        assert greedy[4].done() and greedy[4].result() == "429"
        (other,) = await served.start("乙")
        assert greedy[3].done() and greedy[3].result() == "429"
        served.go.set()
        assert await other == "served"
        assert [await task for task in greedy[:3]] == ["served"] * 3

    run(test())


def test_whoever_waits_too_long_is_told_and_leaves_no_trace() -> None:
    async def test() -> None:
        lane = Lane(1, 2, 0.01)
        async with lane.taken("甲"):
            with pytest.raises(HTTPException) as late:
                async with lane.taken("乙"):
                    pass
            assert late.value.status_code == 503
            assert late.value.headers and "Retry-After" in late.value.headers
        async with lane.taken("乙"):
            pass
        assert not lane._queues and not lane._running

    run(test())


@pytest.mark.parametrize("turns", range(6))
def test_a_place_is_never_lost_to_a_caller_who_goes_away(turns: int) -> None:
    async def test() -> None:
        lane = Lane(1, 5, 5)
        served = Served(lane)
        first, second, third = await served.start("甲", "乙", "丙")
        served.go.set()
        for _ in range(turns):
            await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(first, second, third, return_exceptions=True)
        assert third.result() == "served"
        assert not lane._queues and not lane._running

    run(test())


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.9"),
        ("testclient", "testclient"),
    ],
)
def test_what_counts_as_one_client(host: str, client: str) -> None:
    assert client_of({"client": (host, 1)}) == client


def test_a_question_that_finds_no_place_stays_to_be_asked_again(built: Settings) -> None:
    service = Service(built)
    service.asking = Lane(1, 0, 1)
    (ask,) = (f.fn for f in build(service).fns.values() if f.name == "ask")
    asked = gr.EventData(None, {"question": "高新企业奖多少？"})
    scope = {"type": "http", "client": ("127.0.0.1", 1), "headers": []}

    async def test() -> None:
        async with service.asking.taken("甲"):
            (shown,) = [shown async for shown in ask(asked, gr.Request(Request(scope)))]
        (turn,) = json.loads(shown[2])["talk"]["turns"]
        assert turn["question"] == "高新企业奖多少？" and turn["state"] == "failed"
        assert BUSY in shown[0] and 'data-act="retry"' in shown[0]

    run(test())


def test_what_else_finds_no_place_is_told_in_our_words(built: Settings) -> None:
    service = Service(built)
    service.asking = service.looking = Lane(1, 0, 1)
    events = [f for f in build(service).fns.values() if f.name == "seated"]
    scope = {"type": "http", "client": ("127.0.0.1", 1), "headers": []}

    async def test() -> None:
        async with service.looking.taken("甲"):
            for event in events:
                shown = await event.fn(gr.EventData(None, {}), gr.Request(Request(scope)))
                *others, told = shown if isinstance(shown, tuple) else (shown,)
                assert BUSY in json.loads(told)["notice"]
                assert len(others) == len(event.outputs) - 1
                assert all(other == gr.skip() for other in others)

    run(test())
