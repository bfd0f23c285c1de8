"""Count lines and pattern alternatives of the way from question to answer.

    python scripts/count_patterns.py

An alternative is a branch of a regular expression: one a pattern, one more for each ``|`` outside
character classes.  Lexicon files of the question side count a row as one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("assistant/question", "assistant/answer", "assistant/reading.py", "assistant/retrieval",
          "assistant/finder", "assistant/corpus")  # fmt: skip
LEXICON = ("smalltalk.tsv",)
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


def main() -> None:
    table = Table("place", "files", "lines", "patterns", "alternatives")
    for place in PLACES:
        at = ROOT / place
        files = [at] if at.is_file() else sorted(at.rglob("*.py"))
        found = [p for f in files for p in patterns(f)]
        lines = sum(len(f.read_text(encoding="utf-8").splitlines()) for f in files)
        counts = (len(files), lines, len(found), sum(map(alternatives, found)))
        table.add_row(place, *map(str, counts))
    rows = sum(
        line.strip() != "" and not line.startswith("#")
        for name in LEXICON
        for line in (ROOT / "data/lexicon" / name).read_text(encoding="utf-8").splitlines()
    )
    table.add_row("lexicon of small talk", str(len(LEXICON)), "", str(rows), "")
    Console().print(table)


if __name__ == "__main__":
    main()
