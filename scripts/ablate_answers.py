"""What each part between question and answer earns: it is switched off and everything asked again.

    python scripts/ablate_answers.py [PART …]

Scores only: nothing is fitted or chosen by these figures.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.ask import Assistant
from assistant.batch import answered
from assistant.question import turns
from assistant.settings import get_settings
from eval import dataset
from eval.dataset import Question
from eval.prediction import Prediction
from eval.scoring import Scored, mean, score

claims = sys.modules["assistant.answer.claims"]  # the package exports functions of these names
understand = sys.modules["assistant.question.understand"]
SETS = ("A", "M", "U", "T", "P")


@contextmanager
def off(part: str) -> Iterator[Assistant]:
    """An assistant without one of its parts."""
    settings = get_settings()
    if part == "reader":
        settings = replace_settings(settings, reader="off")
    assistant = Assistant.open(settings)
    with ExitStack() as stack:
        for place, name, value in PATCHES.get(part, ()):
            stack.enter_context(patch.object(place, name, value))
        if part in ("order: ranker alone", "order: reader alone"):
            weights = (1.0, 0.0) if "ranker" in part else (0.0, 1.0)
            stack.enter_context(patch.object(assistant.reader, "order", weights))
        if part == "standing told besides":
            least = assistant.reader.thresholds
            alone = {**least, "maybe_standing": least["standing"]}
            stack.enter_context(patch.object(assistant.reader, "thresholds", alone))
        yield assistant


def replace_settings(settings: Any, **values: Any) -> Any:
    return settings.model_copy(update=values)


def only_last(asked: Callable[..., Any]) -> Callable[..., Any]:
    """The last turn alone is searched for."""

    def without(*args: Any, **named: Any) -> Any:
        found = asked(*args, **named)
        return replace(found, searched=found.searched[-1:])

    return without


PATCHES: dict[str, tuple[tuple[Any, str, Any], ...]] = {
    "parts of a question": ((turns, "split_parts", lambda text: ()),),
    "rest of the document": ((Assistant, "_read_out", lambda self, asked, found: found),),
    "figures compared": ((claims, "_contradicted", lambda query, quotes: None),),
    "lists completed": (
        (claims, "_completed", lambda hit, chosen: tuple(sorted(chosen, key=lambda s: s.index))),
    ),
    "ended rules behind": ((claims, "ENDED", 1.0),),
    "turns searched together": ((turns, "_understood", only_last(turns._understood)),),
    "own words of owners": ((understand, "expand", lambda text: []),),
}
PARTS = ("nothing", "reader", "order: ranker alone", "order: reader alone", "standing told besides",
         *PATCHES)  # fmt: skip


def asked(assistant: Assistant, question: Question) -> Prediction:
    (line,) = answered(assistant, [json.dumps(question.request(), ensure_ascii=False)])
    return Prediction.model_validate(line.output)


def figures(rows: tuple[Scored, ...]) -> list[str]:
    """Share right: all, each set, content on cold documents."""
    groups = [rows, *([r for r in rows if r.question.set == s] for s in SETS)]
    groups.append([r for r in rows if r.question.set == "A" and r.question.cold])
    found = [mean(group, "correct") for group in groups]
    return ["–" if value is None else f"{value:.3f}" for value in found]


def main() -> None:
    table = Table("off", "questions", "all", *SETS, "A cold")
    for part in sys.argv[1:] or PARTS:
        with off(part) as assistant:
            for name in ("dev", "blind"):
                questions = dataset.load((name,)).questions
                given = {q.id: asked(assistant, q) for q in track(questions, f"{part}: {name}")}
                table.add_row(part, name, *figures(score(questions, given)))
        Console().print(table)


if __name__ == "__main__":
    main()
