"""What a system answered, read tolerantly: other systems fill in what they can."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import BadInputError
from eval.text import without_nulls


class _Loose(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _nulls_are_absent(cls, data: Any) -> Any:
        return without_nulls(data) if isinstance(data, dict) else data


class Reference(_Loose):
    """A document and a measure in it; ``text`` where the row carries one."""

    doc_id: str | None = None
    title: str | None = None
    doc_number: str | None = None
    measure: str | None = None
    text: str = ""


class StatedValidity(_Loose):
    status: str | None = None
    effective_from: str | None = None
    expires: str | None = None
    as_of: str | None = None
    basis: str = ""


class Cited(Reference):
    n: int | None = None
    heading: str = ""
    quote: str = ""
    district: str | None = None
    also_in: tuple[Reference, ...] = ()
    validity: StatedValidity = StatedValidity()
    amount: str | None = None
    why: str = ""

    def places(self) -> tuple[Reference, ...]:
        """This row and the places where it says the same rule also stands."""
        return (
            self,
            *(place.model_copy(update={"text": place.text or self.text}) for place in self.also_in),
        )


class Retrieved(Reference):
    score: float | None = None


class Prediction(_Loose):
    """One answer in the form of ``ask --json``; ``error`` when the system gave none."""

    id: str
    answer: str = ""
    refused: bool = False
    reason: str | None = None
    standalone_question: str = ""
    citations: tuple[Cited, ...] = ()
    retrieved: tuple[Retrieved, ...] = ()
    matches: tuple[Cited, ...] = ()
    mode: str = ""
    confidence: float | None = None
    timings_ms: dict[str, float] = Field(default_factory=dict)
    elapsed_ms: float | None = None  # measured from outside by the runner
    error: str | None = None

    @property
    def latency_ms(self) -> float | None:
        return self.elapsed_ms if self.elapsed_ms is not None else self.timings_ms.get("total")

    @property
    def trust(self) -> float | None:
        """How sure the system is: its own confidence, else the score of its best passage."""
        if self.confidence is not None:
            return self.confidence
        return self.retrieved[0].score if self.retrieved else None


def parse(lines: Iterable[str], name: str) -> dict[str, Prediction]:
    """Predictions by question id; a later line for the same id replaces the earlier.

    Raises:
        BadInputError: a line is no JSON object in the form of the contract.
    """
    found: dict[str, Prediction] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = Prediction.model_validate(json.loads(line))
        except (ValidationError, json.JSONDecodeError) as error:
            raise BadInputError(f"{name}:{number}: 不是合约格式的回答：{error}") from error
        found[row.id] = row
    return found


def read(path: Path) -> dict[str, Prediction]:
    if not path.is_file():
        raise BadInputError(f"找不到回答文件 {path}")
    return parse(path.read_text(encoding="utf-8").split("\n"), path.name)
