"""The assistant as the server holds it: opened once, on the first call that finds an index."""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from typing import Any

from assistant.ask import Assistant
from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.store import generation
from ui.capacity import Lane
from ui.door import Door
from ui.feedback import FeedbackStore
from ui.private import private_folder, secret, signature
from ui.reading import Reading

log = logging.getLogger(__name__)

_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
# Each question takes a core for some 0.2 s, so more at once than cores end no sooner; two at least,
# so that nobody waits for the whole of somebody else's.
ASKING_AT_ONCE = max(2, min(4, _CORES))
ASKING_WITH_MODEL = 8  # with a model most of the time is waiting for it
READING_AT_ONCE = 4
STAFF_AT_ONCE = 1  # one ingest at a time; a preview parses a whole file
WAITING = 64
WAIT_SECONDS = 20.0
WARMING = "小微企业有什么支持？"  # any question loads what the first one would wait for


@dataclass(frozen=True, slots=True)
class _Opened:
    assistant: Assistant
    reading: Reading


class Service:
    """What every part of the screen and of the HTTP API shares."""

    def __init__(self, settings: Settings, *, loopback: bool = True) -> None:
        self.settings = settings
        with suppress(OSError):  # what needs it says so when it is used
            private_folder(settings.state)
        self.feedback = FeedbackStore(
            settings.state / "feedback.sqlite", keep_days=settings.feedback_days
        )
        self.door = Door(settings.staff_password.get_secret_value(), loopback=loopback)
        at_once = ASKING_WITH_MODEL if settings.llm_model else ASKING_AT_ONCE
        self.asking = Lane(at_once, WAITING, WAIT_SECONDS)
        # of one client one at a time and in order: what was asked for last is what is seen
        self.looking = Lane(READING_AT_ONCE, WAITING, WAIT_SECONDS, share=1)
        self.staff = Lane(STAFF_AT_ONCE, WAITING, WAIT_SECONDS)
        self.process = secrets.token_hex(4)  # by which a page knows that the server was restarted
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._tried: _Opened | None = None  # has answered a question

    @property
    def assistant(self) -> Assistant:
        """Raises :class:`AssistantError` when there is no index that can be read."""
        return self._current().assistant

    @property
    def reading(self) -> Reading:
        """Raises :class:`AssistantError` when there is no index that can be read."""
        return self._current().reading

    @cached_property
    def version(self) -> str:
        try:
            return metadata.version("policy-assistant")
        except metadata.PackageNotFoundError:
            return "source"  # run from a checkout that is not installed

    def signed(self, turn_id: str, question: str, answer: Mapping[str, Any]) -> str:
        """What shows later that this server gave the answer."""
        return signature(self._signing_secret, turn_id, question, answer)

    @cached_property
    def _signing_secret(self) -> str:
        """Kept in the state folder; where nothing can be kept, the server answers all the same."""
        try:
            return secret(self.settings.state / "signing.secret")
        except OSError as error:
            log.warning("the signing secret lasts until the server ends: %s", error)
            return secrets.token_hex(16)

    def problem(self) -> AssistantError | None:
        """Why questions cannot be answered now, if they cannot."""
        try:
            self._current()
        except AssistantError as error:
            return error
        return None

    def ready(self) -> list[str]:
        """Answer one question with every generation; costs nothing once that has been done.

        Returns:
            Chinese sentences on what works only because it is held in memory.

        Raises:
            AssistantError: why a question asked now would fail.
        """
        notes = []
        try:
            folder = generation.current(self.settings.index)
            generation.check(folder, generation.read_manifest(folder))
        except AssistantError as error:
            if self._opened is None:
                raise
            notes.append(f"磁盘上的{error.message}，现在由内存中的索引作答；{error.next_step}")
        opened = self._current()
        if self._tried is not opened:
            self._try(opened)
            self._tried = opened
        return notes

    def warm(self) -> None:
        """Open everything a first question needs; an unusable index is reported when asked."""
        with suppress(AssistantError):
            self.ready()

    def _try(self, opened: _Opened) -> None:
        opened.reading.counts()
        if self.settings.llm_model:
            opened.assistant.retrieve(WARMING)  # a model is not asked for nothing
            opened.assistant.reader.read([WARMING], [("", [WARMING])])
        else:
            opened.assistant.ask(WARMING)

    def _current(self) -> _Opened:
        """The assistant follows the index itself; what was read belongs to one catalogue."""
        opened = self._opened
        if opened is not None and opened.reading.catalogue is opened.assistant.catalogue:
            return opened
        with self._lock:
            assistant = opened.assistant if opened else Assistant.open(self.settings)
            self._opened = opened = _Opened(assistant, Reading(assistant.catalogue))
            return opened
