"""How long each step of an answer took."""

from __future__ import annotations

import time


class Clock:
    """Milliseconds by step."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._spent: dict[str, float] = {}

    def __call__(self, step: str) -> _Step:
        return _Step(self._spent, step)

    def total(self) -> dict[str, float]:
        return self._spent | {"total": (time.perf_counter() - self._began) * 1000}


class _Step:
    def __init__(self, spent: dict[str, float], name: str) -> None:
        self._spent, self._name, self._began = spent, name, 0.0

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._spent[self._name] = (time.perf_counter() - self._began) * 1000
