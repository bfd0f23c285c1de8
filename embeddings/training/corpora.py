"""Training texts: measures of the policy corpus, articles of laws, authored questions."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ARTICLE = re.compile(
    r"^第[〇零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?[\s　]*(.*)$"
)
_HEADING = re.compile(r"^#{1,6}\s*+(.+)$", re.M)
_CHAPTER = re.compile(r"^第[〇零一二三四五六七八九十百千]+[编分章节]+[\s　]*")
_INFO_END = "<!-- INFO END -->"
_SHORTEST_ARTICLE = 12  # characters; less is a cross-reference or a repealed number


@dataclass(frozen=True, slots=True)
class Passage:
    """A unit of retrieval: one measure or one law article.

    ``context`` names where it stands (title, section headings, own heading); it is encoded in
    front of the text.
    """

    title: str
    context: str
    heading: str
    text: str
    doc_number: str = ""
    label: str = ""

    @property
    def encoded(self) -> str:
        return f"{self.context}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Question:
    """An authored question, the row of the passage that answers it, and the document's title."""

    text: str
    passage: int
    title: str


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_measures(documents: Path, measures: Path) -> list[Passage]:
    """The corpus as ``assistant export`` writes it, in its order."""
    heads = {row["doc_id"]: row for row in read_jsonl(documents)}
    passages = []
    for row in read_jsonl(measures):
        head = heads[row["doc_id"]]
        heading = row["heading"] or ""
        parts = (head["title"], *row["path"], heading)
        said = [p for p in dict.fromkeys(parts) if p and not row["text"].startswith(p)]
        passages.append(
            Passage(
                title=head["title"],
                context=" ".join(said),
                heading=heading,
                text=row["text"],
                doc_number=head["doc_number"] or "",
                label=row["label"] or "",
            )
        )
    return passages


def read_laws(folder: Path) -> list[Passage]:
    """The distinct articles of the markdown laws below ``folder``, by file name."""
    seen: dict[str, Passage] = {}
    for path in sorted(folder.rglob("*.md")):
        for passage in _articles(path.read_text(encoding="utf-8")):
            seen.setdefault(passage.text, passage)
    return list(seen.values())


def _articles(markdown: str) -> Iterator[Passage]:
    head, mark, body = markdown.partition(_INFO_END)
    first = _HEADING.search(head)
    if not mark or not first:
        return
    title = first[1].strip()
    chapter = ""
    lines: list[str] = []
    for line in map(str.strip, body.splitlines()):
        heading, article = _HEADING.match(line), _ARTICLE.match(line)
        if heading or article:
            yield from _article(title, chapter, lines)
            lines = [article[1]] if article else []
        elif line and lines:
            lines.append(line)
        if heading:
            chapter = re.sub(r"[\s　]+", "", _CHAPTER.sub("", heading[1]))
    yield from _article(title, chapter, lines)


def _article(title: str, chapter: str, lines: Sequence[str]) -> Iterator[Passage]:
    text = "".join(lines)
    if len(text) >= _SHORTEST_ARTICLE:
        yield Passage(title=title, context=f"{title} {chapter}", heading=chapter, text=text)


def read_law_questions(path: Path) -> tuple[list[Passage], list[Question]]:
    """Articles with the questions written for them."""
    passages: list[Passage] = []
    questions: list[Question] = []
    for number, record in enumerate(read_jsonl(path)):
        title = record["title"]
        passages.append(Passage(title=title, context=title, heading="", text=record["text"]))
        questions.extend(Question(text, number, title) for text in record["questions"])
    return passages, questions


def read_policy_questions(path: Path, passages: Sequence[Passage]) -> tuple[list[Question], int]:
    """The authored questions whose measure is among ``passages``, and how many measures are not.

    A label that names only the end of a path is met by a path that ends in it.
    """
    places: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row, passage in enumerate(passages):
        for name in {_squash(passage.title), _squash(passage.doc_number)} - {""}:
            places[name].append((_label(passage.label), row))
    questions: list[Question] = []
    missing = 0
    for record in read_jsonl(path):
        names = (_squash(record["title"]), _squash(record["doc_number"]))
        place = _place([places.get(name, []) for name in names], _label(record["label"]))
        if place is None:
            missing += 1
            continue
        questions += [Question(text, place, record["title"]) for text in record["questions"]]
    return questions, missing


def _place(candidates: Iterable[list[tuple[str, int]]], label: str) -> int | None:
    for rows in candidates:
        for same in (str.__eq__, lambda a, b: f"/{a}".endswith(f"/{b}")):
            for found, row in rows:
                if found and same(found, label):
                    return row
    return None


def _squash(name: str | None) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", name or ""))


def _label(label: str | None) -> str:
    return re.sub(r"[\s、.．。()（）]", "", unicodedata.normalize("NFKC", label or ""))
