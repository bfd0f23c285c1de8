"""The assistant as the server holds it: opened once, reopened when the index changes."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from assistant.ask import Assistant
from assistant.errors import AssistantError
from assistant.settings import Settings
from ui.feedback import FeedbackStore
from ui.reading import Reading


@dataclass(frozen=True, slots=True)
class _Opened:
    pointer: str
    assistant: Assistant
    reading: Reading


class Service:
    """What every part of the screen and of the HTTP API shares."""

    def __init__(self, settings: Settings, *, loopback: bool = True) -> None:
        self.settings = settings
        self.loopback = loopback
        self.feedback = FeedbackStore(
            settings.state / "feedback.sqlite", keep_days=settings.feedback_days
        )
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

    @property
    def assistant(self) -> Assistant:
        """Raises :class:`AssistantError` when there is no index that can be read."""
        return self._current().assistant

    @property
    def reading(self) -> Reading:
        """Raises :class:`AssistantError` when there is no index that can be read."""
        return self._current().reading

    @property
    def uploads(self) -> Path:
        return self.settings.state / "uploads"

    def problem(self) -> AssistantError | None:
        """Why questions cannot be answered now, if they cannot."""
        try:
            self._current()
        except AssistantError as error:
            return error
        return None

    def warm(self) -> None:
        """Open everything a first question needs; an unusable index is reported when asked."""
        if self.problem() is None:
            self.reading.counts()

    def _current(self) -> _Opened:
        pointer = self._pointer()
        opened = self._opened
        if opened is not None and opened.pointer == pointer:
            return opened
        with self._lock:
            if self._opened is None or self._opened.pointer != pointer:
                assistant = Assistant.open(self.settings)
                self._opened = _Opened(pointer, assistant, Reading(assistant.catalogue))
            return self._opened

    def _pointer(self) -> str:
        try:
            return (self.settings.index / "current").read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""  # Assistant.open says what is missing
