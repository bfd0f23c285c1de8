"""What the user sees when something fails: our own errors in full, others by a number."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from assistant.errors import AssistantError
from ui.render.transcript import error_card
from ui.texts import TEXTS

log = logging.getLogger(__name__)
P = ParamSpec("P")


def told(error: Exception) -> tuple[str, str]:
    """Message and next step for the user; an unforeseen error is logged under a number."""
    if isinstance(error, AssistantError):
        return error.message, error.next_step
    number = uuid.uuid4().hex[:8]
    log.error("internal error %s", number, exc_info=error)
    return TEXTS["error_internal"][0].format(id=number), TEXTS["error_internal_next"][0]


def shown(handler: Callable[P, str]) -> Callable[P, str]:
    """A handler whose failures become an error card in the place of its result."""

    @wraps(handler)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> str:
        try:
            return handler(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged
            return str(error_card(*told(error)))

    return guarded
