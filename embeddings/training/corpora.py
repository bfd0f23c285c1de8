"""Training texts: measures of the policy corpus, law articles, authored questions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ARTICLE = re.compile(
    r"^(第[〇零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)[\s　]*(.*)$"
)
HEADING = re.compile(r"^#{1,6}\s*(.+?)\s*$")
INFO_END = "<!-- INFO END -->"


@dataclass(frozen=True, slots=True)
class Passage:
    """A unit of retrieval: one measure or one law article."""

    title: str
    heading: str
    text: str
    doc_number: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """An authored question and the index of the passage that answers it."""

    text: str
    passage: int


def read_jsonl(path: Path) -> list[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def read_laws(folder: Path) -> list[Passage]:
    """All articles of the markdown laws below ``folder``, in the order of their file names."""
    passages: list[Passage] = []
    for path in sorted(folder.rglob("*.md")):
        passages.extend(_articles(path.read_text(encoding="utf-8")))
    return passages


def _articles(markdown: str) -> Iterator[Passage]:
    head, mark, body = markdown.partition(INFO_END)
    if not mark:
        return
    title_match = HEADING.search(head) or re.search(r"^#\s*(.+)$", head, re.M)
    title = title_match.group(1).strip() if title_match else ""
    heading = ""
    open_lines: list[str] = []
    for line in body.splitlines():
        line = line.strip()
        if found := HEADING.match(line):
            yield from _close(title, heading, open_lines)
            heading, open_lines = _chapter_name(found.group(1)), []
        elif found := ARTICLE.match(line):
            yield from _close(title, heading, open_lines)
            open_lines = [found.group(2)]
        elif line and open_lines:
            open_lines.append(line)
    yield from _close(title, heading, open_lines)


def _close(title: str, heading: str, lines: Sequence[str]) -> Iterator[Passage]:
    text = "".join(lines)
    if len(text) >= 12:
        yield Passage(title=title, heading=heading, text=text)


def _chapter_name(heading: str) -> str:
    name = re.sub(r"^第[〇零一二三四五六七八九十百千]+[编分章节]+[\s　]*", "", heading)
    return re.sub(r"[\s　]+", "", name)
