"""Measure the form of answers to the evaluation questions (extractive; nothing is fitted on them).

    python scripts/measure_form.py [DATASET …]

For every question that is answered: does the first sentence carry a fact that is asked for; does
each sentence stand in the measure whose mark it bears; is one said twice; does one end without a
sentence mark or with a bracket or quotation mark left open; how long is the answer.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.ask import Assistant
from assistant.records import Answer
from assistant.settings import ROOT
from embeddings.numbers import normalise_numbers
from embeddings.training.evidence import bare

DATASETS = (ROOT / "eval/datasets/dev.jsonl", ROOT / "eval/datasets/blind.jsonl")
SENTENCE = re.compile(r"(.+?)\[(\d+)\]", re.S)
STATUS = re.compile(r"（已(?:过期|废止)[^（）]*）$")
PAIRS = (("（", "）"), ("“", "”"), ("《", "》"), ("【", "】"))
"""Marks that must close in the sentence where they open."""


def sentences(answer: Answer) -> Iterator[tuple[str, int]]:
    """Every sentence with the number of its mark."""
    for match in SENTENCE.finditer(answer.text):
        yield match[1], int(match[2])


def stands_there(text: str, measure: str) -> bool:
    """Whether a quoted sentence is a stretch of the measure, but for its lead, its status and
    enumerators."""
    text = STATUS.sub("", text)
    said = bare(text.rpartition("：")[2] if "：" in text[:40] else text).rstrip("。；")
    held = bare(measure)
    pieces = [p for p in re.split(r"[。；：]|（[一二三四五六七八九十\d]+）|\d+\.", said) if p]
    return all(piece in held for piece in pieces)


def is_cut(text: str) -> bool:
    text = text.strip()
    unclosed = any(text.count(a) != text.count(b) for a, b in PAIRS)
    return unclosed or text[-1:] not in "。；？！）”》"


def carries(question: dict[str, Any], text: str) -> bool | None:
    """Whether a text holds one of the facts; None where the question lists none."""
    facts = [spelling for fact in question.get("facts", []) for spelling in fact]
    plain = normalise_numbers(bare(text))
    return any(normalise_numbers(bare(f)) in plain for f in facts) if facts else None


def main() -> None:
    questions = [
        q
        for path in map(Path, sys.argv[1:] or DATASETS)
        for q in map(json.loads, Path(path).read_text(encoding="utf-8").splitlines())
        if q["set"] in ("A", "M", "T")
    ]
    assistant = Assistant.open()
    first, lengths = [], []
    total = elsewhere = twice = cut = 0
    for q in track(questions):
        turns = q.get("turns") or [q["question"]]
        answer = assistant.ask(turns=turns, as_of=q.get("as_of"))
        if answer.refused:
            continue
        lengths.append(len(answer.text))
        said = list(sentences(answer))
        told = carries(q, said[0][0]) if said else None
        if told is not None:
            first.append(told)
        texts = [bare(text) for text, _ in said]
        twice += len(texts) - len(set(texts))
        cut += sum(is_cut(text) for text, _ in said)
        total += len(said)
        measures = {c.n: c.hit.measure.text for c in answer.citations}
        elsewhere += sum(not stands_there(text, measures[n]) for text, n in said)
    table = Table(
        "answers", "first carries", "sentences", "elsewhere", "twice", "cut", "characters"
    )
    figures = (f"{mean(first):.3f}", total, elsewhere, twice, cut, f"{mean(lengths):.0f}")
    table.add_row(str(len(lengths)), *map(str, figures))
    Console().print(table)


if __name__ == "__main__":
    main()
