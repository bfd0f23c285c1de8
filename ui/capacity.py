"""How many questions are answered at once, and how many may wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import HTTPException


class Capacity:
    """Lets ``at_once`` callers in, ``waiting`` more wait up to ``seconds``, refuses the rest."""

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self._running = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + waiting)
        self._seconds = seconds

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Raises :class:`HTTPException` 503 with ``Retry-After`` when there is no room."""
        if not self._places.acquire(blocking=False):
            raise self._full()
        try:
            if not self._running.acquire(timeout=self._seconds):
                raise self._full()
            try:
                yield
            finally:
                self._running.release()
        finally:
            self._places.release()

    def _full(self) -> HTTPException:
        return HTTPException(503, "现在提问的人较多，请过几秒再试", headers={"Retry-After": "3"})
