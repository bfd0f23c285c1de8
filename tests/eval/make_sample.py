"""Write the sample of answers on which the metrics' expected figures are frozen.

The answers are the development set's own, disturbed by a seeded generator in all the ways that
a metric should notice: evidence found late or not, wrong labels, wrong citations, changed
numbers, missing facts, refusals in the wrong place.  Run it only to make a new sample; the
figures in ``sample_figures.json`` must then be made again, by a second scorer where there is one.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from eval.dataset import Evidence, Question, load

HERE = Path(__file__).parent / "data"
EVERY = 2  # take every second question
STATUSES = ("in_force", "expired", "amended", "repealed", "not_yet", None)


def cited(piece: Evidence, n: int, random_: random.Random) -> dict[str, Any]:
    piece = random_.choice(piece.variants()) if random_.random() < 0.2 else piece
    label = piece.measure
    if random_.random() < 0.2:
        label = random_.choice(["一/1", "第二条", f"三/{label}", None])
    row: dict[str, Any] = {
        "n": n,
        "doc_number": piece.doc_number if random_.random() < 0.9 else None,
        "title": piece.title,
        "measure": label,
        "text": f"{label or ''} {piece.quote}"
        if random_.random() < 0.9
        else (piece.quote or "")[:9],
        "validity": {"status": random_.choice(STATUSES)},
    }
    if random_.random() < 0.2:
        row["also_in"] = [
            {"title": p.title, "doc_number": p.doc_number, "measure": p.measure}
            for p in piece.variants()
        ]
    return row


def answered(question: Question, pool: list[Evidence], random_: random.Random) -> dict[str, Any]:
    wanted = [p for p in (question.gold_set or question.gold) if random_.random() < 0.8]
    wanted += [p for p in question.avoid_set if p.quote and random_.random() < 0.1]
    strays = random_.sample(pool, 2)
    rows = [
        cited(p, n, random_) for n, p in enumerate([*wanted, *strays[: random_.randint(0, 2)]], 1)
    ]
    found = [p.quote for p in wanted] + [p.quote for p in random_.sample(pool, 4)]
    if random_.random() < 0.6:
        random_.shuffle(found)
    refused = random_.random() < (0.1 if question.answerable else 0.7)
    answer = "没有收录这方面的内容。" if refused else question.answer
    if random_.random() < 0.15:
        answer = answer.replace("5", "6").replace("1", "7")
    if question.must_not and random_.random() < 0.3:
        answer += random_.choice(question.must_not)
    if question.signals and random_.random() < 0.5:
        answer += random_.choice(question.signals)
    return {
        "id": question.id,
        "answer": answer + "".join(f"[{row['n']}]" for row in rows),
        "refused": refused,
        "citations": rows,
        "matches": rows if question.gold_set and random_.random() < 0.5 else [],
        "retrieved": [{"text": text, "score": 10 - i} for i, text in enumerate(found)],
        "timings_ms": {"total": random_.randint(20, 200)},
    }


def main() -> None:
    random_ = random.Random(7)
    questions = load(["dev"]).questions
    pool = [piece for question in questions for piece in question.gold]
    HERE.mkdir(exist_ok=True)
    with (HERE / "sample_predictions.jsonl").open("w", encoding="utf-8") as out:
        for question in questions[::EVERY]:
            row = answered(question, pool, random_)
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
