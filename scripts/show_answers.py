"""Sixty answers to questions about documents that nothing was trained on, to be read.

    python scripts/show_answers.py questions OUT.jsonl
    assistant ask --batch OUT.jsonl --out NOW.jsonl
    python scripts/show_answers.py report OUT.jsonl BEFORE.jsonl NOW.jsonl > docs/answers.md

An earlier version answers the same file into BEFORE.jsonl.  Twenty each of plain, staff's and terse
wording, of all kinds but matters that are not held.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

from assistant.settings import ROOT
from embeddings.training.evidence import held_out

QUESTIONS = ROOT / "data" / "questions" / "reading"
LAWS = ("laws", "statutes")  # about law texts that the corpus does not hold
STYLES = ("plain", "staff", "terse")
EACH = 20
HEAD = """# Sixty answers

Questions about documents that no training question is about, before (0.1.0) and now; written by
`scripts/show_answers.py`. `should` is the kind of the question and the clause that states it.
"""


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def drawn() -> list[dict[str, Any]]:
    found = [
        q
        for path in sorted(QUESTIONS.glob("*.jsonl"))
        if path.stem not in LAWS
        for q in read(path)
        if "question" in q and q["kind"] != "absent"
        if any(held_out(e["doc"]) for e in q.get("evidence", []))
    ]
    random.Random(60).shuffle(found)
    return [q for style in STYLES for q in [q for q in found if q["style"] == style][:EACH]]


def report(questions: Path, before: Path, now: Path) -> str:
    lines = [HEAD]
    for q, old, new in zip(read(questions), read(before), read(now), strict=True):
        places = "；".join(f"《{e['doc']}》{e['label']}" for e in q["evidence"][:2])
        lines += [
            f"## {q['question']}\n",
            f"- should ({q['style']}, {q['kind']}): {places}",
            f"- before: {_told(old)}",
            f"- now: {_told(new)}\n",
        ]
    return "\n".join(lines)


def _told(answer: dict[str, Any]) -> str:
    sources = "；".join(
        f"〔{c['n']}〕{c['title']}{c.get('label') or ''}" for c in answer["citations"]
    )
    return answer["answer"].replace("\n", " ") + (f" *{sources}*" if sources else "")


def main() -> None:
    if sys.argv[1] == "questions":
        rows = (json.dumps(q, ensure_ascii=False) for q in drawn())
        Path(sys.argv[2]).write_text("\n".join(rows) + "\n", encoding="utf-8")
    else:
        sys.stdout.write(report(*map(Path, sys.argv[2:5])))


if __name__ == "__main__":
    main()
