"""One writer per index: an operating-system lock that a killed process cannot leave behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import IngestBusyError, SettingsError


@contextmanager
def writing(index: Path, *, wait: float = 0) -> Iterator[None]:
    """Hold the write lock of ``index``, made if it is not there.

    Args:
        index: folder of the index.
        wait: seconds to wait for another writer.

    Raises:
        IngestBusyError: another process is writing.
        SettingsError: the folder cannot be written.
    """
    holder = index / "ingest.pid"
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / "ingest.lock")
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise IngestBusyError(
            f"另一个入库任务{_holder(holder)}正在进行", "请等它完成后再试；问答不受影响"
        ) from error
    except OSError as error:
        raise SettingsError(
            f"索引目录 {index} 无法写入：{error.strerror}",
            "请检查权限，或用 ASSISTANT_INDEX 另设目录",
        ) from error
    try:
        with suppress(OSError):  # a full disk: the name of the holder is a courtesy
            holder.write_text(str(os.getpid()))
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _holder(path: Path) -> str:
    try:
        return f"（进程 {int(path.read_text())}）"
    except (OSError, ValueError):
        return ""
