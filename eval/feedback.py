"""From users' judgements to questions, with a person in between.

1. ``assistant eval promote --export review.jsonl`` writes what users said as drafts: the
   question, what was answered, what they found wrong, and the cited passages as candidates for
   evidence.
2. A reviewer edits each draft: corrects ``draft`` and sets ``review`` to ``accepted`` or
   ``rejected``.
3. ``assistant eval promote --accept review.jsonl`` checks the accepted drafts against the schema
   and appends them to a dataset.  Nothing is taken that no person has accepted.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import BadInputError
from eval import dataset
from eval.dataset import DatasetError, check_lines

PENDING, ACCEPTED, REJECTED = "pending", "accepted", "rejected"
_COLUMNS = ("id", "created", "question", "answer_json", "thumb", "reason", "comment", "version")


@dataclass(frozen=True, slots=True)
class Promotion:
    """What came of a review file."""

    added: tuple[str, ...]
    already: int
    rejected: int
    pending: int


def read_feedback(path: Path, thumb: str | None = None) -> list[dict[str, Any]]:
    """Judgements from the feedback store, oldest first; the store is opened read-only.

    Raises:
        BadInputError: there is no store, or it has not the expected table.
    """
    if not path.is_file():
        raise BadInputError(f"还没有用户反馈（{path.name}）")
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        found = connection.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM feedback WHERE ? IS NULL OR thumb = ? ORDER BY id",
            (thumb, thumb),
        ).fetchall()
    except sqlite3.DatabaseError as error:
        raise BadInputError(f"无法读取用户反馈 {path}：{error}") from error
    finally:
        connection.close()
    return [dict(zip(_COLUMNS, row, strict=True)) for row in found]


def question_id(question: str) -> str:
    """The same question gets the same id, so that it is promoted once."""
    return "F-" + hashlib.sha256(question.encode()).hexdigest()[:8]


def draft(row: Mapping[str, Any]) -> dict[str, Any]:
    """A review entry for one judgement: its context, and a question to be completed."""
    answer = json.loads(row["answer_json"])
    refused = bool(answer.get("refused"))
    evidence = [
        {key: cited.get(key) for key in ("title", "doc_number", "measure", "quote")}
        for cited in answer.get("citations") or ()
    ]
    as_of = next(
        (
            cited["validity"]["as_of"]
            for cited in answer.get("citations") or ()
            if (cited.get("validity") or {}).get("as_of")
        ),
        str(row["created"])[:10],
    )
    question: dict[str, Any] = {
        "id": question_id(row["question"]),
        "set": "F",
        "question": row["question"],
        "kind": "feedback",
        "style": "plain",
        "as_of": as_of,
        "gold": [] if refused else evidence,
        "facts": [],
        "answer": "",
        "note": f"用户反馈 {row['id']}",
    }
    if refused:
        question |= {"expect": "refuse", "answerable": False}
    return {
        "review": PENDING,
        "thumb": row["thumb"],
        "reason": row["reason"],
        "comment": row["comment"],
        "answered": answer.get("answer", ""),
        "refused": refused,
        "version": row["version"],
        "draft": question,
    }


def export(rows: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Write review entries, one a line; a question asked often appears once, at its last answer.

    Raises:
        BadInputError: the file exists; a review is never overwritten.
    """
    if path.exists():
        raise BadInputError(f"{path} 已存在", "请换一个文件名，以免盖掉已审的内容")
    latest = {row["question"]: row for row in rows}
    with path.open("w", encoding="utf-8") as out:
        for row in latest.values():
            out.write(json.dumps(draft(row), ensure_ascii=False) + "\n")
    return len(latest)


def accept(review: Path, target: Path) -> Promotion:
    """Append the accepted drafts to the dataset ``target``.

    Raises:
        BadInputError: the review file is missing or no review file.
        DatasetError: an accepted draft is no valid question; nothing is written then.
    """
    entries = _read_review(review)
    known = set(dataset.load([str(target)]).by_id()) if target.is_file() else set()
    accepted = [(n, e["draft"]) for n, e in entries if e["review"] == ACCEPTED]
    new = [(n, d) for n, d in accepted if d.get("id") not in known]
    faults: list[str] = []
    lines: list[str] = []
    ids: list[str] = []
    for number, question in new:
        line = json.dumps(question, ensure_ascii=False)
        good, bad = check_lines([line], review.name)
        faults += [fault.replace(":1:", f":{number}:", 1) for fault in bad]
        if any(not (q.facts or q.must_refuse or q.signals) for q in good):
            faults.append(f"{review.name}:{number}: facts：采纳前应写明回答必须说出的事实")
        ids += [q.id for q in good]
        lines.append(line)
    if faults:
        raise DatasetError(faults)
    if lines:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("a", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
    states = [entry["review"] for _, entry in entries]
    return Promotion(
        added=tuple(ids),
        already=len(accepted) - len(new),
        rejected=states.count(REJECTED),
        pending=states.count(PENDING),
    )


def _read_review(path: Path) -> list[tuple[int, dict[str, Any]]]:
    if not path.is_file():
        raise BadInputError(f"找不到审阅文件 {path}")
    entries: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadInputError(f"{path.name}:{number}: 不是 JSON：{error.msg}") from error
        if not isinstance(entry, dict) or not isinstance(entry.get("draft"), dict):
            raise BadInputError(f"{path.name}:{number}: 缺少 draft", "请用 --export 写出的文件")
        if entry.get("review") not in (PENDING, ACCEPTED, REJECTED):
            raise BadInputError(
                f"{path.name}:{number}: review 只能是 {PENDING}、{ACCEPTED} 或 {REJECTED}"
            )
        entries.append((number, entry))
    return entries
