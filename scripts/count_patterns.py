"""Count lines and pattern alternatives of the way from question to answer, and what wordings fire.

    python scripts/count_patterns.py [--wordings]

An alternative is a branch of a regular expression: one a pattern, one more for each ``|`` outside
character classes.  ``--wordings``: for each row of ``data/lexicon/wordings.tsv`` the authored
questions on which it fires, and the documents that they are about.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.corpus.districts import DISTRICTS
from assistant.question.wordings import Wording, rows
from embeddings.segment import LEXICON

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "data" / "questions" / "reading"
PLACES = ("assistant/question", "assistant/answer", "assistant/reading.py", "assistant/retrieval",
          "assistant/finder", "assistant/corpus")  # fmt: skip
FINDER = ("company", "clause")  # kinds of wordings that no question is read with
CALLS = {"compile", "search", "match", "fullmatch", "sub", "findall", "finditer", "split"}


def patterns(path: Path) -> Iterator[str]:
    """The literal text of every regular expression in a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        owner = node.func.value
        if node.func.attr in CALLS and isinstance(owner, ast.Name) and owner.id == "re":
            yield "".join(
                part.value
                for part in ast.walk(node.args[0])
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )


def alternatives(pattern: str) -> int:
    """Branches of one pattern; ``|`` inside ``[…]`` or escaped does not count."""
    count, inside, escaped = 1, False, False
    for char in pattern:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "[":
            inside = True
        elif char == "]":
            inside = False
        elif char == "|" and not inside:
            count += 1
    return count


@cache
def authored() -> tuple[tuple[str, str], ...]:
    """Every turn of the reading questions, with the title of the document that it is about."""
    found = []
    for path in sorted(QUESTIONS.glob("*.jsonl")):
        for q in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            about = [e["doc"] for e in [*q.get("evidence", []), *q.get("tempting", [])]]
            for turn in q.get("turns") or [q["question"]]:
                found.append((turn, about[0] if about else q["id"]))
    return tuple(found)


@cache
def _places() -> str:
    outside = (LEXICON / "outside.txt").read_text(encoding="utf-8").splitlines()
    names = {name for line in outside if not line.startswith("#") for name in line.split()}
    names |= {d.removesuffix("新区").removesuffix("区") for d in DISTRICTS} | {"上海"}
    return "(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + ")"


def fires_on(row: Wording) -> tuple[int, int]:
    """Authored questions on which a row fires, and the documents that they are about.

    What is looked for in front of a day is counted anywhere, what is looked for beside a place
    beside one.
    """
    pattern = row.pattern
    if row.kind == "beside":
        before = pattern.endswith("$")
        bare = pattern.strip("^$")
        pattern = bare if row.name == "today" else bare + _places() if before else _places() + bare
    compiled = re.compile(pattern, re.I)
    hits = [about for turn, about in authored() if compiled.search(turn)]
    return len(hits), len(set(hits))


def show_wordings() -> None:
    table = Table("name", "kind", "pattern", "questions", "documents")
    for row in rows():
        table.add_row(row.name, row.kind, row.pattern, *map(str, fires_on(row)))
    Console().print(table)


def main() -> None:
    table = Table("place", "files", "lines", "patterns", "alternatives")
    for place in PLACES:
        at = ROOT / place
        files = [at] if at.is_file() else sorted(at.rglob("*.py"))
        found = [p for f in files for p in patterns(f)]
        lines = sum(len(f.read_text(encoding="utf-8").splitlines()) for f in files)
        counts = (len(files), lines, len(found), sum(map(alternatives, found)))
        table.add_row(place, *map(str, counts))
    for whose, ours in (("questions", False), ("finder", True)):
        own = [r.pattern for r in rows() if (r.kind in FINDER) is ours]
        table.add_row(f"wordings.tsv, {whose}", "", "", "", str(sum(map(alternatives, own))))
    Console().print(table)


if __name__ == "__main__":
    show_wordings() if "--wordings" in sys.argv else main()
