from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import BadInputError
from eval import feedback
from eval.dataset import DatasetError, load
from ui.feedback import FeedbackStore

ANSWER = {
    "answer": "给予20万元奖励[1]。",
    "refused": False,
    "citations": [
        {
            "n": 1,
            "title": "若干措施",
            "doc_number": "沪府办规〔2024〕14号",
            "measure": "四/（九）",
            "quote": "给予不超过20万元的财政奖励",
            "validity": {"as_of": "2026-11-21"},
        }
    ],
}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "feedback.sqlite"
    kept = FeedbackStore(path, keep_days=30)  # the chat's own
    refused = {"answer": "没有收录。", "refused": True, "citations": []}
    for question, answer, thumb, reason, comment in (
        ("升规奖励多少？", ANSWER, "down", "引用不准", "应为科技服务业"),
        ("升规奖励多少？", ANSWER, "up", None, ""),
        ("苏州奖多少？", refused, "up", None, ""),
    ):
        kept.add(
            question=question,
            answer=answer,
            thumb=thumb,
            reason=reason,
            comment=comment,
            version="0.1.0",
        )
    return path


def _review(path: Path, *changes: dict) -> None:
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for entry, change in zip(entries, changes, strict=True):
        entry["review"] = change.get("review", entry["review"])
        entry["draft"] |= change.get("draft", {})
    path.write_text("\n".join(map(json.dumps, entries)), encoding="utf-8")


def test_from_judgement_to_question(store: Path, tmp_path: Path) -> None:
    review, target = tmp_path / "review.jsonl", tmp_path / "mine.jsonl"
    assert feedback.export(feedback.read_feedback(store), review) == 2  # asked twice, once here
    untouched = feedback.accept(review, target)
    assert (untouched.added, untouched.pending) == ((), 2)
    assert not target.exists()  # nothing without a person's word
    _review(review, {"review": "accepted", "draft": {"facts": [["20万"]]}}, {"review": "accepted"})
    done = feedback.accept(review, target)
    assert len(done.added) == 2
    questions = load([str(target)]).questions
    assert questions[0].gold[0].measure == "四/（九）"
    assert questions[0].as_of == "2026-11-21"
    assert questions[1].must_refuse
    again = feedback.accept(review, target)
    assert (again.added, again.already) == ((), 2)


def test_an_accepted_draft_must_be_a_good_question(store: Path, tmp_path: Path) -> None:
    review, target = tmp_path / "review.jsonl", tmp_path / "mine.jsonl"
    feedback.export(feedback.read_feedback(store), review)
    _review(review, {"review": "accepted"}, {"review": "accepted", "draft": {"kind": ""}})
    with pytest.raises(DatasetError) as told:
        feedback.accept(review, target)
    assert "review.jsonl:1: facts" in str(told.value)
    assert "review.jsonl:2: kind" in str(told.value)
    assert not target.exists()


def test_a_review_is_never_overwritten(store: Path, tmp_path: Path) -> None:
    review = tmp_path / "review.jsonl"
    review.write_text("mine")
    with pytest.raises(BadInputError, match="已存在"):
        feedback.export(feedback.read_feedback(store), review)


def test_only_one_thumb(store: Path) -> None:
    assert [row["reason"] for row in feedback.read_feedback(store, "down")] == ["引用不准"]


@pytest.mark.parametrize("content", [None, b"no database at all, but long enough" * 40])
def test_no_store(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "feedback.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInputError):
        feedback.read_feedback(path)
