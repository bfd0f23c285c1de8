"""Citations: is the right place cited, and does what is cited carry what is said?

Against the gold: ``evidence_cited``, ``citation_precision``, ``label_accuracy``.
Against the answer itself: citation recall and precision per statement after T. Gao et al.,
"Enabling Large Language Models to Generate Text with Citations" (ALCE), EMNLP 2023.  Their
entailment model is replaced by verbatim support, which needs no model and fits answers that
must say no more than the text: 80 % of the statement's characters stand in the cited passages
in runs of at least four, and so does every figure of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from eval.dataset import Evidence, Question
from eval.metrics.evidence import enough, holds_evidence
from eval.metrics.numbers import citation_figures, figures, stands_in
from eval.prediction import Cited, Prediction, Reference
from eval.text import fold, holds, same_document, same_label

RUN = 4  # characters
SUPPORTED = 0.8
SHORT = 12  # a statement of fewer characters and without figures says nothing to be supported

_STATEMENT = re.compile(r"(?:（[^（）\n]*）|[^。！？；!?;\n])+[。！？；!?;]?(?:\s{0,9}\[\d+\])*")
_MARK = re.compile(r"\[(\d+)\]")
# What frames a statement without being part of it: an enumerator, a short label (责任单位：),
# and a remark on validity in brackets, which the citation itself carries.
_FRAME = re.compile(
    r"^\s*(?:\d{1,2}[.、)]\s*)?(?:[^：:，。；]{2,20}[：:])?|（(?=[^（）]*(?:有效|失效|过期|规划期))[^（）]*）"
)
_NAMED = re.compile(r"《[^《》]*》|[\u4e00-\u9fff]{2,14}[〔\[(（]\d{4}[〕\])）]\d+号")


def is_evidence(row: Reference, piece: Evidence) -> bool:
    """Document, measure label and text all agree."""
    return (
        holds(row.text, piece.quote or "")
        and same_document(row.doc_number, row.title, piece.doc_number, piece.title)
        and same_label(row.measure, piece.measure)
    )


def cites(rows: Iterable[Cited], piece: Evidence) -> bool:
    """Whether one of the rows, or a place it says the rule also stands in, is the evidence."""
    places = [place for row in rows for place in row.places()]
    return any(is_evidence(place, variant) for variant in piece.variants() for place in places)


def gold_citation_scores(question: Question, prediction: Prediction) -> dict[str, float | None]:
    shown = prediction.citations
    good = [row for row in shown if any(holds_evidence(row.text, g) for g in question.gold)]
    right = [row for row in good if any(cites([row], piece) for piece in question.gold)]
    cited = [cites(shown, piece) for piece in question.gold]
    return {
        "evidence_cited": float(enough(cited, question.gold_mode)),
        "citation_precision": len(good) / len(shown) if shown else 0.0,
        "label_accuracy": len(right) / len(good) if good else None,
    }


@dataclass(frozen=True, slots=True)
class Statement:
    text: str
    marks: tuple[int, ...]


def statements(answer: str) -> list[Statement]:
    """The sentences of an answer that say something, with their citation marks.

    Sentences of one line share the marks that follow them: ``甲。乙。[1]`` cites [1] for both.
    """
    found: list[Statement] = []
    for line in answer.split("\n"):
        marks: tuple[int, ...] = ()
        of_line: list[Statement] = []
        for sentence in reversed(_STATEMENT.findall(line)):
            marks = tuple(dict.fromkeys(int(n) for n in _MARK.findall(sentence))) or marks
            text = _MARK.sub("", sentence).strip()
            if figures(text) or len(fold(_NAMED.sub("", text))) >= SHORT:
                of_line.append(Statement(text, marks))
        found += reversed(of_line)
    return found


@lru_cache(maxsize=50_000)
def verbatim_share(statement: str, passage: str) -> float:
    """Share of the statement's characters that stand in the passage in runs of four or more."""
    said = _NAMED.sub("", statement)
    wanted = _bare(_FRAME.sub("", said)) or _bare(said)
    within = _bare(passage)
    if len(wanted) < RUN:
        return 1.0 if wanted in within else 0.0
    covered = bytearray(len(wanted))
    for start in range(len(wanted) - RUN + 1):
        if wanted[start : start + RUN] in within:
            covered[start : start + RUN] = b"\1" * RUN
    return sum(covered) / len(wanted)


@lru_cache(maxsize=20_000)
def _bare(text: str) -> str:
    return re.sub(r"[^\w%]", "", fold(text))


def _passage(row: Cited) -> str:
    validity = row.validity
    parts = (row.title, row.doc_number, row.measure, row.heading, row.text, validity.basis)
    return "\n".join(part for part in parts if part)


def supports(statement: str, rows: Sequence[Cited], asked: str = "") -> bool:
    """Whether the rows together carry the statement word for word, figures included.

    Figures that the user brought up (``asked``) may be named to be put right.
    """
    if not rows:
        return False
    if verbatim_share(statement, "\n".join(map(_passage, rows))) < SUPPORTED:
        return False
    stated = [figure for row in rows for figure in citation_figures(row) + figures(row.heading)]
    stated += figures(asked)
    return all(stands_in(figure, stated) for figure in figures(statement))


def asked_text(question: Question) -> str:
    """All that the user said: turns, date and profile."""
    said = (*question.turns, question.question, question.as_of or "", str(question.profile or ""))
    return "\n".join(said)


def repeats(statement: str, asked: str) -> bool:
    """Whether the statement only says again what the user said."""
    return verbatim_share(statement, asked) >= SUPPORTED


def statement_scores(question: Question, prediction: Prediction) -> dict[str, float | None]:
    """``alce_recall`` over statements and ``alce_precision`` over their citations.

    Statements without marks that only repeat what the user said are left out.

    A citation is precise when its statement is supported and it is needed for that: it supports
    alone, or the others do not without it.
    """
    if prediction.refused or not prediction.answer:
        return {"alce_recall": None, "alce_precision": None}
    by_number = {
        row.n if row.n is not None else i: row for i, row in enumerate(prediction.citations, 1)
    }
    recalled: list[bool] = []
    precise: list[bool] = []
    asked = asked_text(question)
    for statement in statements(prediction.answer):
        if not statement.marks and repeats(statement.text, asked):
            continue
        rows = [by_number[n] for n in statement.marks if n in by_number]
        supported = supports(statement.text, rows, asked)
        recalled.append(supported)
        for n in statement.marks:
            row = by_number.get(n)
            rest = [other for other in rows if other is not row]
            precise.append(
                supported
                and row is not None
                and (
                    supports(statement.text, [row], asked)
                    or not supports(statement.text, rest, asked)
                )
            )
    return {
        "alce_recall": sum(recalled) / len(recalled) if recalled else None,
        "alce_precision": sum(precise) / len(precise) if precise else None,
    }
