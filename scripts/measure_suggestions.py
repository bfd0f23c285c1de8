"""Measure whether the questions that are suggested under an answer are answered when asked.

    python scripts/measure_suggestions.py [--questions N]

Reading questions about held-out documents are asked; what would be suggested below each answer is
asked in turn, alone.  It counts as answered when something is quoted of the measures that the first
answer cited.  Beside what the reader lets through stand all candidates of the facts, and two
questions that need no facts: who is responsible, and whether the document is still in force.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from itertools import islice

from rich.console import Console
from rich.table import Table

from assistant.answer.claims import claims
from assistant.answer.phrasing import name
from assistant.answer.suggest import READ, SHOWN, answered, besides, suggested
from assistant.ask import Assistant
from assistant.question import understand_turns
from assistant.reading import Reading
from assistant.records import Answer, Hit
from assistant.settings import ROOT
from embeddings.training.evidence import held_out

QUESTIONS = ROOT / "data" / "questions" / "reading"
DAY = "2026-11-30"


def questions(count: int) -> list[str]:
    """Questions of one turn, each with its answer in a held-out document."""
    found = []
    for path in sorted(QUESTIONS.glob("*.jsonl")):
        for q in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            held = [held_out(e["doc"]) for e in q.get("evidence", [])]
            if held and all(held) and q.get("question") and path.stem != "laws":
                found.append(q["question"])
    random.Random(1).shuffle(found)
    return found[:count]


def untold(hit: Hit) -> list[str]:
    """The questions that are made of no fact but the departments."""
    heading = hit.measure.heading.strip().rstrip("。")
    asked = f"“{heading}”由哪些部门负责？"
    found = [asked] if hit.measure.depts and 0 < len(heading) <= 24 else []
    return [*found, f"{name(hit.document, number=False)}现在还有效吗？"]


def quoted(assistant: Assistant, text: str) -> set[str]:
    """The measures that are quoted when this is asked."""
    asked = understand_turns([text])
    reading = assistant.read(asked, DAY)
    said = claims(
        asked.query,
        reading,
        as_of=DAY,
        known=assistant.knowledge,
        thresholds=assistant.reader.thresholds,
    )
    return {quote.hit.measure.measure_id for quote in said.quotes}


def measure(assistant: Assistant, asked: list[str]) -> tuple[dict[str, list[bool]], list[float]]:
    """Answered or not, by the way of suggesting; milliseconds of the
    processor for reading them, for each answer."""
    reader, least = assistant.reader, assistant.reader.thresholds["answers"]
    rows: dict[str, list[bool]] = defaultdict(list)
    spent = []
    for question in asked:
        answer: Answer = assistant.ask(question, as_of=DAY)
        if answer.refused or not answer.citations:
            continue
        first, cited = answer.citations[0], {c.hit.measure.measure_id for c in answer.citations}
        for text in untold(first.hit):
            rows["no facts"].append(bool(quoted(assistant, text) & cited))
        judged = [(answered(reader, one), one.text) for one in islice(besides(answer), READ)]
        began = time.process_time()
        suggested(reader, answer, Reading(), question)
        spent.append((time.process_time() - began) * 1000)
        right = {text: bool(quoted(assistant, text) & cited) for _, text in judged}
        rows["facts, unread"] += [right[text] for _, text in judged[:SHOWN]]
        for share in (0.5, 1.0, 2.0):
            kept = [text for p, text in judged if p >= share * least][:SHOWN]
            rows[f"facts, read at {share:g} × threshold"] += [right[text] for text in kept]
            rows[f"answers with one at {share:g} × threshold"].append(bool(kept))
    return rows, spent


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=100)
    rows, spent = measure(Assistant.open(), questions(parser.parse_args().questions))
    table = Table("what is suggested", "suggested", "answered from a cited measure")
    for way, right in rows.items():
        table.add_row(way, str(len(right)), f"{sum(right) / max(len(right), 1):.2f}")
    Console().print(table)
    spent.sort()
    Console().print(
        f"reading them, of the processor: median {spent[len(spent) // 2]:.0f} ms,"
        f" p95 {spent[len(spent) * 95 // 100]:.0f} ms"
    )


if __name__ == "__main__":
    main()
