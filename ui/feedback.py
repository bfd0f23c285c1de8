"""What users said about answers, in SQLite, kept for a set number of days.

Stored: question, answer JSON, thumb, reason, comment, program version.  Not stored: who asked,
addresses, company profiles.  Rows older than ``keep_days`` are removed whenever one is added or
the list is read, as are the oldest beyond ``MAX_ROWS``; single rows and everything can be deleted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from assistant.errors import BadInputError
from assistant.jsons import dumps
from ui.failures import storing
from ui.private import private_folder
from ui.texts import FEEDBACK_REASONS

Thumb = Literal["up", "down"]
MAX_COMMENT = 500
MAX_QUESTION = 4000
MAX_ANSWER = 200_000  # characters of JSON; the longest answers have some 30,000
MAX_ROWS = 5000  # 27 a day for the 180 days that they are kept by default
BUSY_SECONDS = 5.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY,
    created TEXT NOT NULL,      -- UTC, ISO
    question TEXT NOT NULL,
    answer_json TEXT NOT NULL,  -- as the public contract gives it
    thumb TEXT NOT NULL CHECK (thumb IN ('up', 'down')),
    reason TEXT,                -- one of ours, with a thumb down
    comment TEXT NOT NULL DEFAULT '',
    version TEXT NOT NULL,
    turn TEXT
)
"""
# One row: the last moment believed, and since when the clock has been doubted.
_CLOCK = "CREATE TABLE IF NOT EXISTS clock (believed TEXT NOT NULL, doubted TEXT)"
# A clock that has leapt by more than a month is believed when it has gone on for a day: one that
# is ahead must not remove what has not had its days.
LEAP = timedelta(days=30)
TRIAL = timedelta(days=1)
# Which answer was judged: judged again, it replaces.  Added to stores that were made without it.
_TURN = "ALTER TABLE feedback ADD COLUMN turn TEXT"


@dataclass(frozen=True, slots=True)
class Feedback:
    id: int
    created: str
    question: str
    answer: Mapping[str, Any]
    thumb: Thumb
    reason: str | None
    comment: str
    version: str


class FeedbackStore:
    """One connection a call, so that any thread of the server may use it."""

    def __init__(self, path: Path, *, keep_days: int) -> None:
        self.path = path
        self.keep_days = keep_days

    def add(
        self,
        *,
        question: str,
        answer: Mapping[str, Any],
        thumb: str,
        reason: str | None,
        comment: str,
        version: str,
        turn: str | None = None,
    ) -> int:
        """Store one judgement and return its id.

        Args:
            turn: says which answer is judged; an earlier judgement of the same gives way.

        Raises:
            BadInputError: neither thumb, a reason that is none of ours, or too long an answer.
        """
        if thumb not in ("up", "down"):
            raise BadInputError("反馈只能是“有用”或“没用”")
        if reason is not None and reason not in FEEDBACK_REASONS:
            raise BadInputError(f"没有这个反馈原因：{reason}", "、".join(FEEDBACK_REASONS))
        kept = dumps(answer)
        if len(kept) > MAX_ANSWER:
            raise BadInputError("这条回答太长，无法保存评价")
        with self._open() as connection:
            connection.execute("DELETE FROM feedback WHERE turn = ?", (turn,))
            row = connection.execute(
                "INSERT INTO feedback (created, question, answer_json, thumb, reason, comment,"
                " version, turn) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    datetime.now(UTC).isoformat(timespec="seconds"),
                    question[:MAX_QUESTION],
                    kept,
                    thumb,
                    reason if thumb == "down" else None,
                    comment.strip()[:MAX_COMMENT],
                    version,
                    turn,
                ),
            )
            self._forget_old(connection)
            return int(row.lastrowid or 0)

    def take_back(self, turn: str) -> None:
        """Remove what was said about an answer; no error when nothing was."""
        if self.path.is_file():
            with self._open() as connection:
                connection.execute("DELETE FROM feedback WHERE turn = ?", (turn,))

    def rows(
        self, limit: int = 200, *, thumb: str = "", reason: str = "", words: str = ""
    ) -> list[Feedback]:
        """The newest judgements first, with this thumb and reason; ``words`` stand in the
        question, the comment or the answer."""
        if not self.path.is_file():
            return []
        with self._open() as connection:
            self._forget_old(connection)
            found = connection.execute(
                "SELECT id, created, question, answer_json, thumb, reason, comment, version"
                " FROM feedback WHERE ? IN ('', thumb) AND ? IN ('', reason)"
                " AND instr(lower(question || char(10) || comment || char(10)"
                " || coalesce(json_extract(answer_json, '$.answer'), '')), lower(?))"
                " ORDER BY id DESC LIMIT ?",
                (thumb, reason, words.strip(), limit),
            ).fetchall()
            return [Feedback(*(*row[:3], json.loads(row[3]), *row[4:])) for row in found]

    def delete(self, feedback_id: int) -> bool:
        """Remove one row; false when there was none."""
        if not self.path.is_file():
            return False
        with self._open() as connection:
            done = connection.execute("DELETE FROM feedback WHERE id = ?", (feedback_id,))
            return done.rowcount > 0

    def delete_all(self) -> int:
        """Remove everything and return how many rows there were."""
        if not self.path.is_file():
            return 0
        with self._open() as connection:
            return connection.execute("DELETE FROM feedback").rowcount

    def _forget_old(self, connection: sqlite3.Connection) -> None:
        now = datetime.now(UTC)
        if _believed(connection, now):
            oldest = now - timedelta(days=self.keep_days)
            connection.execute(
                "DELETE FROM feedback WHERE created < ?", (oldest.isoformat(timespec="seconds"),)
            )
        connection.execute(
            "DELETE FROM feedback WHERE id <="
            " (SELECT id FROM feedback ORDER BY id DESC LIMIT 1 OFFSET ?)",
            (MAX_ROWS,),
        )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with storing("反馈没有存取成功，已有的反馈没有改动"):
            private_folder(self.path.parent)
            self.path.touch(mode=0o600)  # before SQLite, which gives its journals the same mode
            self.path.chmod(0o600)  # one that an earlier version made
            connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS)
            try:
                connection.execute("PRAGMA secure_delete = ON")  # deleted means gone from the file
                connection.execute(_SCHEMA)
                connection.execute(_CLOCK)
                columns = connection.execute("PRAGMA table_info(feedback)").fetchall()
                if "turn" not in {column[1] for column in columns}:
                    with suppress(sqlite3.OperationalError):  # another process was first
                        connection.execute(_TURN)
                with connection:
                    yield connection
            finally:
                connection.close()


def _believed(connection: sqlite3.Connection, now: datetime) -> bool:
    """Whether the clock may be trusted with removing, and what it showed is noted."""
    row = connection.execute("SELECT believed, doubted FROM clock").fetchone()
    before, doubted = row or (now.isoformat(), None)
    since: datetime | None = None
    if now - datetime.fromisoformat(before) > LEAP:
        since = min(now, datetime.fromisoformat(doubted)) if doubted else now
    believed = since is None or now - since > TRIAL
    connection.execute("DELETE FROM clock")
    connection.execute(
        "INSERT INTO clock VALUES (?, ?)",
        (now.isoformat(), None) if believed else (before, since and since.isoformat()),
    )
    return believed
