"""What the user sees when something fails: our own errors in full, others by a number."""

from __future__ import annotations

import errno
import json
import logging
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

from assistant.errors import AssistantError, StateError
from ui.render.transcript import error_card
from ui.texts import TEXTS

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
_DISK_FULL = ("磁盘已满", "请清理磁盘空间后重试")
_CLOSED = ("状态目录无法写入", "请检查 ASSISTANT_STATE 所指目录的权限和磁盘后重试")

log = logging.getLogger(__name__)
P = ParamSpec("P")


def told(error: Exception) -> tuple[str, str]:
    """Message and next step for the user; an unforeseen error is logged under a number."""
    if isinstance(error, AssistantError):
        return error.message, error.next_step
    number = uuid.uuid4().hex[:8]
    log.error("internal error %s", number, exc_info=error)
    return TEXTS["error_internal"][0].format(id=number), TEXTS["error_internal_next"][0]


@contextmanager
def storing(what: str) -> Iterator[None]:
    """What disk and database do not let us store or read, as one error for users.

    Args:
        what: what has not been done, in Chinese, as the beginning of the message.

    Raises:
        StateError: instead of the errors of files, of SQLite and of the JSON in it.
    """
    try:
        yield
    except (OSError, sqlite3.Error, json.JSONDecodeError) as error:
        log.warning("%s", error, exc_info=error)
        why, next_step = _why(error)
        raise StateError(f"{what}：{why}", next_step) from error


def _why(error: OSError | sqlite3.Error | json.JSONDecodeError) -> tuple[str, str]:
    if isinstance(error, OSError):
        return _DISK_FULL if error.errno in _FULL else _CLOSED
    # the low byte of SQLite's codes says what is the matter, the rest where
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code in _BUSY:
        return "数据库正被另一个程序占用", "请稍等几秒后重试"
    if code in _DAMAGED:
        return "数据库已损坏", "请管理员把状态目录里的 feedback.sqlite 移到别处保存，再重试"
    return _DISK_FULL if code == sqlite3.SQLITE_FULL else _CLOSED


def shown(handler: Callable[P, str]) -> Callable[P, str]:
    """A handler whose failures become an error card in the place of its result."""

    @wraps(handler)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> str:
        try:
            return handler(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - last boundary before the user; logged
            return str(error_card(*told(error)))

    return guarded
