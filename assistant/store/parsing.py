"""Reads and parses files in a process of its own, which may take only so much time and memory.

Whatever a file does there (a hang, a decompression bomb, a crash inside a library) ends that
process and names that file; the next file gets a new one.  One process serves for many files,
also of a later ingest, as a start takes a second; none is started while nothing has to be parsed.

Run as ``python -m assistant.store.parsing``: a JSON line in for each file, a JSON line out.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.corpus.text import squash
from assistant.errors import SourceError
from assistant.records import ParsedDocument
from assistant.settings import ROOT, Settings
from assistant.store.codec import parsed_from, to_plain

log = logging.getLogger(__name__)

_spare: list[subprocess.Popen[bytes]] = []  # one at most; ends with this process
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_spare.clear)  # it answers the one that started it

# Besides what any file may take, for each MiB of it.  A MiB of policies as plain text was measured
# at 2 s and 10 MiB; three and five times as much, for formats that are packed.
SECONDS_PER_MIB = 6
MEMORY_PER_MIB = 50
_CPU_SLACK = 10  # seconds; the clock of the parent ends a child first, unless the parent is gone
_SPLIT = "该文件未入库，其余文件照常；请拆成几个小文件，或另存为 .txt 后重新入库"


@dataclass(frozen=True, slots=True)
class Parsed:
    """The documents of a file, and where its characters went (as the catalogue keeps it)."""

    documents: tuple[ParsedDocument, ...]
    account: dict[str, Any]


class Parser:
    """Parses files one after the other; a context manager that lets go of its process.

    Not for several threads at once.
    """

    def __init__(self, settings: Settings) -> None:
        self._seconds, self._megabytes = settings.parse_seconds, settings.parse_mb
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Parser:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child and not _spare:
            _spare.append(self._child)
            self._child = None
        self.discard()

    @property
    def pid(self) -> int | None:
        """The process that parses, while there is one."""
        return self._child.pid if self._child else None

    def parse(self, path: Path) -> Parsed:
        """The documents of a file.

        Raises:
            OSError: the file is not there.
            SourceError: it cannot be read, or took more time or memory than it may.
        """
        size = path.stat().st_size / 2**20
        seconds = self._seconds + SECONDS_PER_MIB * size
        megabytes = int(self._megabytes + MEMORY_PER_MIB * size)
        if self._child is None:
            self._child = _started()
        if self._child is None:
            return _read(path.name, _answer(path))  # no processes here: as well as can be
        job = {"path": str(path), "seconds": seconds, "megabytes": megabytes}
        answer, ended = self._ask(self._child, json.dumps(job), seconds)
        if answer:
            return _read(path.name, json.loads(answer))
        self.discard()
        if ended:
            raise SourceError(f"文件 {path.name} 解析超时（超过 {seconds:.0f} 秒）", _SPLIT)
        raise SourceError(
            f"文件 {path.name} 解析时内存超限（超过 {megabytes} MiB）或进程崩溃", _SPLIT
        )

    def _ask(self, child: subprocess.Popen[bytes], job: str, seconds: float) -> tuple[bytes, bool]:
        """The line that the child answers, ``b""`` when it ended; whether its time was up."""
        assert child.stdin and child.stdout
        up = threading.Event()

        def end() -> None:
            up.set()
            child.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            child.stdin.write(job.encode() + b"\n")
            child.stdin.flush()
            answer = child.stdout.readline()
        except OSError:  # it has ended
            answer = b""
        finally:
            timer.cancel()
        return (answer if answer.endswith(b"\n") else b""), up.is_set()

    def discard(self) -> None:
        """End the process; the next file gets a new one."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with suppress(OSError):  # what was left to be written is for nobody
                    pipe.close()
        child.wait()


def _started() -> subprocess.Popen[bytes] | None:
    """A process that waits for files; ``None`` where none can be started."""
    with suppress(IndexError):
        child = _spare.pop()
        if child.poll() is None:
            return child
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "assistant.store.parsing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": paths},
        )
    except OSError as error:
        log.warning("files are parsed in this process, without limits: %s", error)
        return None


def _read(name: str, answer: dict[str, Any]) -> Parsed:
    """What the child told, as records.

    Raises:
        SourceError: the file cannot be taken in.
    """
    if failed := answer.get("failed"):
        raise SourceError(*failed)
    if fault := answer.get("fault"):
        log.error("parsing %s failed: %s", name, answer["trace"])
        raise SourceError(f"文件 {name} 解析出错（{fault}）", _SPLIT)
    return Parsed(tuple(parsed_from(d) for d in answer["documents"]), answer["account"])


def _answer(path: Path) -> dict[str, Any]:
    """A file's documents and account as plain values, or why there are none."""
    from assistant.corpus.parse import parse_file

    try:
        parsed = parse_file(path)
    except SourceError as error:
        return {"failed": [error.message, error.next_step]}
    except MemoryError:
        return {"failed": [f"文件 {path.name} 解析时内存超限", _SPLIT]}
    except Exception as error:  # noqa: BLE001 - a file that trips the parser must not stop the others
        fault = f"{type(error).__name__}：{error}"[:200]
        return {"fault": fault, "trace": traceback.format_exc()}
    account = parsed.account
    dropped = Counter(account.dropped)
    for left in parsed.left_out:
        dropped[left.reason] += len(squash(left.text))
    return {
        "documents": to_plain(parsed.documents),
        # the counts alone: the spans they were made of are as long as the source
        "account": {
            "total": account.total + sum(len(squash(left.text)) for left in parsed.left_out),
            "kept": account.kept,
            "dropped": dict(dropped),
            "missing": account.missing,
            "doubled": account.doubled,
            "warnings": list(parsed.warnings),
        },
    }


def _limit(seconds: float, megabytes: int) -> None:
    """Let this process have so much memory, and so much more time, where that can be said."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock alone
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + seconds) + _CPU_SLACK
    for kind, wanted in (
        (resource.RLIMIT_AS, megabytes * 2**20),
        (resource.RLIMIT_CPU, until),
    ):
        hard = resource.getrlimit(kind)[1]
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(ValueError, OSError):  # macOS knows the limit of memory, but refuses it
            resource.setrlimit(kind, (soft, hard))


def main() -> None:
    """Answer on the standard output that was given; what libraries print goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for line in sys.stdin:
        job = json.loads(line)
        _limit(job["seconds"], job["megabytes"])
        answer = _answer(Path(job["path"]))
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
