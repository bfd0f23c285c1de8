"""Many questions at once: JSON lines in, JSON lines out, one line for every line.

A line that cannot be used gets a line of its own with ``error`` and its number; the others are
answered.  Lines are written as they are done, so an interrupted run keeps what it had.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError, BadInputError
from assistant.jsons import dumps, loads
from assistant.wire import answer_to_json, profile_from_json

if TYPE_CHECKING:
    from assistant.ask import Assistant

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One answered line; ``error`` is the Chinese message when it could not be answered."""

    number: int
    output: dict[str, Any]
    error: str | None = None


def answered(assistant: Assistant, lines: Iterable[str]) -> Iterator[BatchLine]:
    """The answer to every line that is not blank, in order.

    Args:
        lines: JSON objects as the contract describes them (``docs/contract.md``).
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row: dict[str, Any] = {}
        try:
            row = _row(line)
            answer = assistant.ask(
                row.get("question"),
                turns=row.get("turns"),
                as_of=row.get("as_of"),
                district=row.get("district"),
                profile=profile_from_json(row.get("profile")),
            )
            yield BatchLine(number, answer_to_json(answer, id=row.get("id")))
        except Exception as error:  # one line must not end the run of the others
            if not isinstance(error, AssistantError):
                log.error("line %d", number, exc_info=error)
            told = error if isinstance(error, AssistantError) else "程序内部出错，没有作答"
            message = f"第 {number} 行：{told}"
            yield BatchLine(number, _failed(row, number, message), message)


def run(
    assistant: Assistant,
    lines: Iterable[str],
    write: Callable[[str], object],
    on_done: Callable[[BatchLine], object] = lambda line: None,
) -> tuple[int, int]:
    """Answer ``lines`` and ``write`` each as a JSON line.

    Returns:
        how many lines were answered, and how many could not be.
    """
    good = bad = 0
    for done in answered(assistant, lines):
        write(dumps(done.output) + "\n")
        bad += done.error is not None
        good += done.error is None
        on_done(done)
    return good, bad


def _row(line: str) -> dict[str, Any]:
    row = loads(line)
    if not isinstance(row, dict):
        raise BadInputError("不是 JSON 对象", "每行写一个 JSON 对象")
    if not isinstance(row.get("id"), str | int | None):
        raise BadInputError("id 应当是文字")
    turns = row.get("turns")
    if turns is not None and not (
        isinstance(turns, list) and turns and all(isinstance(t, str) for t in turns)
    ):
        raise BadInputError("turns 应当是文字列表")
    for key in ("question", "as_of", "district"):
        if not isinstance(row.get(key), str | None):
            raise BadInputError(f"{key} 应当是文字")
    if turns is None and not row.get("question"):
        raise BadInputError("没有 question 或 turns")
    return row


def _failed(row: dict[str, Any], number: int, message: str) -> dict[str, Any]:
    """A line of the contract's shape, so that scripts need no second case."""
    return {
        "id": row.get("id") if isinstance(row.get("id"), str | int) else None,
        "question": row.get("question") if isinstance(row.get("question"), str) else None,
        "standalone_question": None,
        "answer": message,
        "refused": True,
        "reason": "unclear",
        "citations": [],
        "retrieved": [],
        "matches": [],
        "near_misses": [],
        "mode": "extractive",
        "language": "zh",
        "notes": [],
        "suggestions": [],
        "terms": [],
        "timings_ms": {},
        "error": message,
        "line": number,
    }
