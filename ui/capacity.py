"""How many are served at once, how many may wait, and whose turn is next.

Waiting costs no thread.  Turns go round between clients, so whoever sends three hundred requests
waits behind himself and not before everybody else.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, HTTPException, Request
from fastapi.params import Depends as Dependency

from ui.clients import client_of

BUSY = "现在提问的人较多，请过几秒再试"
RETRY_AFTER = {"Retry-After": "3"}  # seconds: some dozen questions are answered in that time


class Lane:
    """Lets ``at_once`` callers in, ``waiting`` more wait up to ``seconds``, refuses the rest.

    A client never has more than ``share`` places in use (default: all but one), so that one is
    soon free for somebody else.  For one event loop.
    """

    def __init__(
        self, at_once: int, waiting: int, seconds: float, *, share: int | None = None
    ) -> None:
        self._at_once = at_once
        self._waiting = waiting
        self._seconds = seconds
        self._share = share or max(1, at_once - 1)
        self._running: Counter[str] = Counter()
        self._queues: dict[str, deque[asyncio.Future[None]]] = {}  # whose turn is next comes first

    @asynccontextmanager
    async def taken(self, client: str) -> AsyncIterator[None]:
        """Raises :class:`HTTPException`: 429 when this client has the most that wait, 503 when
        its turn did not come in time."""
        if not self._may_run(client):
            await self._wait(client)
        else:
            self._running[client] += 1
        try:
            yield
        finally:
            self._left(client)

    async def _wait(self, client: str) -> None:
        place = self._queued(client)
        try:
            async with asyncio.timeout(self._seconds):
                await place
        except TimeoutError as error:
            raise HTTPException(503, BUSY, headers=RETRY_AFTER) from error
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.exception() is None:
                self._left(client)  # its turn came in the moment that nobody waited any more
            raise
        finally:
            self._forget(client, place)

    def _forget(self, client: str, place: asyncio.Future[None]) -> None:
        queue = self._queues.get(client)
        if queue is not None and place in queue:
            queue.remove(place)
            if not queue:
                del self._queues[client]

    def _queued(self, client: str) -> asyncio.Future[None]:
        """A place in the queue; in a full one, that of the youngest of whoever has most of them."""
        waiting = Counter({c: len(queue) for c, queue in self._queues.items()})
        if waiting.total() >= self._waiting:
            greedy = max(waiting, key=lambda c: waiting[c], default=client)
            if waiting[greedy] <= waiting[client] + 1:
                raise _too_many()
            last = self._queues[greedy].pop()
            if not last.done():
                last.set_exception(_too_many())
        place = asyncio.get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(place)
        return place

    def _may_run(self, client: str) -> bool:
        return self._running.total() < self._at_once and self._running[client] < self._share

    def _left(self, client: str) -> None:
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        self._call_next()

    def _call_next(self) -> None:
        for client in [c for c in self._queues if self._may_run(c)]:
            queue = self._queues.pop(client)
            place = queue.popleft()
            if queue:
                self._queues[client] = queue  # behind the others
            if not place.done():
                self._running[client] += 1
                place.set_result(None)
                return


def seat(lane: Lane) -> Dependency:
    """What a route depends on that is served in ``lane``; left before its answer is sent, so that
    a slow reader keeps no place."""

    async def taken(request: Request) -> AsyncIterator[None]:
        async with lane.taken(client_of(request.scope)):
            yield

    dependency: Dependency = Depends(taken, scope="function")
    return dependency


def _too_many() -> HTTPException:
    return HTTPException(429, BUSY, headers=RETRY_AFTER)
