"""Have evaluation questions been trained on?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import BadInputError
from eval.dataset import Dataset
from eval.text import fold

SAME = 0.6  # share of common character pairs from which two questions count as near copies


@dataclass(frozen=True, slots=True)
class NearCopy:
    """An evaluation question and the training question closest to it."""

    id: str
    question: str
    trained: str
    likeness: float


def training_questions(path: Path) -> list[str]:
    """All questions of a file of authored questions (``questions``: a list, one object a line).

    Raises:
        BadInputError: the file is missing or has another form.
    """
    if not path.is_file():
        raise BadInputError(f"找不到训练问题 {path}")
    found: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                found += json.loads(line)["questions"]
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                raise BadInputError(f"{path.name}:{number}: 应有 questions 列表") from error
    return found


def near_copies(data: Dataset, trained: list[str]) -> list[NearCopy]:
    """Questions whose character pairs are nearly those of a training question (Jaccard)."""
    pairs = [(_pairs(question), question) for question in trained]
    copies: list[NearCopy] = []
    for question in data.questions:
        own = _pairs(question.question)
        best, closest = max(
            ((_jaccard(own, other), text) for other, text in pairs), default=(0, "")
        )
        if best >= SAME:
            copies.append(NearCopy(question.id, question.question, closest, best))
    return copies


def _pairs(text: str) -> frozenset[str]:
    plain = fold(text)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def _jaccard(one: frozenset[str], two: frozenset[str]) -> float:
    common = len(one & two)
    return common / ((len(one) + len(two) - common) or 1)
