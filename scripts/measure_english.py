"""Score the answers to ``data/questions/english.jsonl``: the right clause first, or declined.

``python scripts/measure_english.py [measure|tune]``; ``--show`` names the questions that failed and
is for the ``tune`` ones alone, so that the others stay unread.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from typing import Any

from typer import echo

from assistant.answer.words import words
from assistant.ask import Assistant
from assistant.records import Answer
from assistant.settings import ROOT

QUESTIONS = ROOT / "data" / "questions" / "english.jsonl"


def right(row: dict[str, Any], answer: Answer) -> bool:
    """Whether the first source is the expected one, or nothing is claimed where nothing is held."""
    if row["kind"] == "not_held":
        return answer.refused
    if row["kind"] == "not_stated":
        return answer.refused or words("en", "not_stated") in answer.text
    if not answer.citations:
        return False
    first = answer.citations[0].hit
    places = [(first.document.title, first.measure.label)]
    places += [(place.title, place.measure) for place in first.also_in]
    wanted = [(row["doc"], label) for label in row["labels"]]
    titles = {title for title, _ in places}
    return bool(set(places) & set(wanted)) if wanted else row["doc"] in titles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("use", nargs="?", choices=("measure", "tune"), default="measure")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    if options.show and options.use == "measure":
        parser.error("--show is for the tune questions")
    assistant = Assistant.open()
    good: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["use"] != options.use:
            continue
        answer = assistant.ask(row["question"], as_of="2025-06-01")
        correct = right(row, answer)
        for key in (row["kind"], "all"):
            total[key] += 1
            good[key] += correct
        if options.show and not correct:
            found = [(c.hit.document.title, c.hit.measure.label) for c in answer.citations]
            echo(row["question"], answer.standalone_question, found, answer.text, sep="\n  ")
    for key in total:
        echo(f"{key:12} {good[key]:3} / {total[key]}")


if __name__ == "__main__":
    main()
