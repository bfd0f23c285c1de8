"""Evaluation questions: their schema, reading and validation.

A dataset is a JSON Lines file.  Every fault is reported with its line and field, all at once.
A field that looks like a known one misspelt is a fault, since it would silently switch a check
off; other unknown fields are left alone when questions are asked, and told by ``validate``.
``docs/writing-questions.md`` tells how to write a good question.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import AssistantError

FOLDER = Path(__file__).parent / "datasets"
Text = Annotated[str, Field(min_length=1)]
Expect = Literal["answer", "refuse", "not_stated", "false_premise", "attack"]
SETS = {
    "A": "政策内容",
    "U": "不应照答",
    "M": "多轮对话",
    "P": "企业匹配",
    "T": "有效期",
    "F": "用户反馈",
}


class DatasetError(AssistantError):
    """A dataset cannot be used; ``faults`` holds one Chinese line per fault."""

    exit_code = 2

    def __init__(self, faults: Sequence[str]) -> None:
        shown = list(faults[:20])
        if len(faults) > len(shown):
            shown.append(f"……另有 {len(faults) - len(shown)} 处")
        super().__init__("题库有误：\n" + "\n".join(shown), "写法见 docs/writing-questions.md")
        self.faults = tuple(faults)


_DISTRICTS = (
    "黄浦|徐汇|长宁|静安|普陀|虹口|杨浦|闵行|宝山|嘉定|浦东新|金山|松江|青浦|奉贤|崇明|浦东"
)
_DISTRICT_TITLE = re.compile(rf"(?:{_DISTRICTS})")
_DISTRICT_NUMBER = re.compile(r"^沪?(?:黄|徐|长|静|普|虹|杨|闵|宝|嘉|浦|金|松|青|奉|崇)")


def _of_district(piece: Evidence) -> bool:
    """By the district's name in the title, or its short name at the head of the number."""
    number = _DISTRICT_NUMBER.match(piece.doc_number or "")
    return bool(number or _DISTRICT_TITLE.search(piece.title or ""))


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Evidence(_Row):
    """A place in the corpus: document, measure label and a verbatim quotation of it."""

    title: str | None = None
    doc_number: str | None = None
    measure: str | None = None
    quote: str | None = None
    alts: tuple[Evidence, ...] = ()  # the same rule elsewhere, equally right
    doc: str | None = None  # the writer's own short name of the document
    amount: str | None = None
    status: str | None = None
    reason: str | None = None  # in avoid_set: why it must not be offered
    why: str | None = None
    expired_on: str | None = None
    doc_level: bool = False  # the document's own text, outside its measures
    duplicate_doc: dict[str, Any] | None = None  # a second copy of the document in the corpus

    @model_validator(mode="after")
    def _names_a_document(self) -> Evidence:
        if not (self.title or self.doc_number):
            raise ValueError("title 与 doc_number 至少要写一个")
        return self

    def variants(self) -> tuple[Evidence, ...]:
        return (self, *self.alts)


class Question(_Row):
    """One question with what a right answer needs."""

    id: Text
    set: Text = "A"  # see SETS
    question: Text
    turns: tuple[Text, ...] = ()
    standalone: str | None = None
    kind: Text
    style: Text = "plain"
    cold: bool = False  # no authored training questions for its documents
    half: Literal["a", "b"] | None = None  # a: looked at when mending; b: only scored
    as_of: str | None = None
    district: str | None = None
    profile: dict[str, Any] | None = None
    expect: Expect = "answer"
    answerable: bool = True
    gold: tuple[Evidence, ...] = ()
    gold_mode: Literal["all", "any"] = "all"
    facts: tuple[tuple[Text, ...], ...] = ()
    must_not: tuple[Text, ...] = ()
    signals: tuple[Text, ...] = ()
    status: (
        Literal["in_force", "expired", "not_yet", "repealed", "amended", "extended", "unknown"]
        | None
    ) = None
    verdict_any: tuple[Text, ...] = ()
    gold_set: tuple[Evidence, ...] = ()
    also_ok: tuple[Evidence, ...] = ()
    avoid_set: tuple[Evidence, ...] = ()
    near: tuple[Evidence, ...] = ()  # what comes close without answering
    answer: str = ""  # a reference answer, for people
    note: str = ""
    scope: str | None = None
    question_dated: str | None = None  # for systems that take no as_of
    typo: str | None = None  # how the spelling was disturbed

    @model_validator(mode="after")
    def _hangs_together(self) -> Question:
        if self.turns and self.turns[-1] != self.question:
            raise ValueError("question 应与 turns 的最后一轮相同")
        if self.as_of is not None:
            date.fromisoformat(self.as_of)
        if not self.answerable and self.gold:
            raise ValueError("answerable 为 false 时 gold 应为空")
        if self.answerable and not (self.gold or self.gold_set or self.facts or self.signals):
            raise ValueError("可回答的题至少要有 gold、facts、signals 之一")
        if self.expect in ("not_stated", "false_premise") and not self.signals:
            raise ValueError("expect 为 not_stated 或 false_premise 时应写 signals")
        for field in ("gold", "gold_set"):
            for i, piece in enumerate(getattr(self, field)):
                if any(not variant.quote for variant in piece.variants()):
                    raise ValueError(f"{field}.{i} 缺少 quote")
        return self

    @property
    def must_refuse(self) -> bool:
        return not self.answerable

    @property
    def neutral_refusal(self) -> bool:
        """Declining counts neither for nor against: the point is what the answer says."""
        return self.expect in ("not_stated", "false_premise")

    @property
    def place(self) -> str:
        """Whose rules it is about: 区, 市, 区+市, or 无 when nothing in the corpus answers."""
        pieces = self.gold or self.gold_set
        found = {"区" if _of_district(piece) else "市" for piece in pieces}
        return "+".join(sorted(found)) or "无"

    def request(self) -> dict[str, Any]:
        """The question as the contract of batch input has it."""
        row: dict[str, Any] = {"id": self.id}
        row |= {"turns": list(self.turns)} if self.turns else {"question": self.question}
        for key in ("as_of", "district", "profile"):
            if (value := getattr(self, key)) is not None:
                row[key] = value
        return row

    def fingerprint(self) -> str:
        """Changes when what is asked changes (not when only the gold does)."""
        asked = json.dumps(self.request(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(asked.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Dataset:
    name: str
    questions: tuple[Question, ...]
    sha256: str

    def by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}


_WORDS = {
    "missing": "缺少这个字段",
    "extra_forbidden": "不认识这个字段",
    "string_type": "应为文字",
    "string_too_short": "不能为空",
    "bool_type": "应为 true 或 false",
    "tuple_type": "应为列表",
    "dict_type": "应为 JSON 对象",
}


def _faults(error: ValidationError) -> Iterable[str]:
    for fault in error.errors(include_url=False):
        field = ".".join(map(str, fault["loc"])) or "（整行）"
        message = _WORDS.get(fault["type"], fault["msg"].removeprefix("Value error, "))
        if fault["type"] == "literal_error":
            message = f"只能是 {fault['ctx']['expected']}，现为 {fault['input']!r}"
        yield f"{field}：{message}"


def _misspelt(line: str) -> Iterable[str]:
    """Unknown fields of a question that look like known ones."""
    known = Question.model_fields
    for field in json.loads(line).keys() - known.keys():
        if close := difflib.get_close_matches(field, known, n=1, cutoff=0.75):
            yield f"{field}：不认识这个字段，是否应为 {close[0]}"


def check_lines(
    lines: Iterable[str], name: str, *, strict: bool = True
) -> tuple[list[Question], list[str]]:
    """The questions that are well formed, and one line per fault (``name:line: field：…``).

    Args:
        strict: every unknown field is a fault, not only those that look misspelt.
    """
    questions: list[Question] = []
    faults: list[str] = []
    first_seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = Question.model_validate_json(line, extra=None if strict else "ignore")
        except ValidationError as error:
            faults += [f"{name}:{number}: {fault}" for fault in _faults(error)]
            continue
        if not strict:
            faults += [f"{name}:{number}: {fault}" for fault in _misspelt(line)]
        if question.id in first_seen:
            faults.append(
                f"{name}:{number}: id：{question.id} 与第 {first_seen[question.id]} 行重复"
            )
        first_seen.setdefault(question.id, number)
        questions.append(question)
    return questions, faults


def resolve(name: str) -> Path:
    """``dev`` → the file of that name beside this module; a path stays what it is."""
    for path in (Path(name), FOLDER / f"{name}.jsonl"):
        if path.is_file():
            return path
    known = "、".join(sorted(path.stem for path in FOLDER.glob("*.jsonl")))
    raise DatasetError([f"找不到题库 {name}（现有：{known}，也可写文件路径）"])


def load(names: Sequence[str] = ("dev",), *, strict: bool = False) -> Dataset:
    """Several datasets as one.

    Args:
        strict: refuse every unknown field, as :func:`check_lines` tells.

    Raises:
        DatasetError: a file is missing, a line is faulty, or an id stands twice.
    """
    paths = [resolve(name) for name in names]
    questions: list[Question] = []
    faults: list[str] = []
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(content)
        good, bad = check_lines(content.decode("utf-8").split("\n"), path.name, strict=strict)
        clash = {q.id for q in questions} & {q.id for q in good}
        faults += bad + [f"{path.name}: id：{name} 在另一个题库里也有" for name in sorted(clash)]
        questions += good
    if faults:
        raise DatasetError(faults)
    if not questions:
        raise DatasetError([f"{'、'.join(names)}：没有题目"])
    return Dataset("+".join(p.stem for p in paths), tuple(questions), digest.hexdigest())
