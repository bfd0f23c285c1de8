"""Authored questions (``data/questions/policies.jsonl``) → the measures they were written for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.records import ParsedDocument
from embeddings.characters import unified

_NOISE = re.compile(r"[\s《》〈〉“”\"'（）()\[\]〔〕【】—–\-_·,，、:：。.．]")


def questions_for(documents: Sequence[ParsedDocument], path: Path) -> dict[str, tuple[str, ...]]:
    """``measure_id`` → questions.

    A line of the file names a document by number or title and a measure by its label; lines
    whose measure is not in the corpus are passed over.  The same document in two files gets its
    questions in both.
    """
    by_number: dict[str, list[ParsedDocument]] = {}
    by_title: dict[str, list[ParsedDocument]] = {}
    for parsed in documents:
        if parsed.document.doc_number:
            by_number.setdefault(plain(parsed.document.doc_number), []).append(parsed)
        by_title.setdefault(plain(parsed.document.title), []).append(parsed)
    labels = {
        id(parsed): {plain_label(m.label): m.measure_id for m in parsed.measures if m.label}
        for parsed in documents
    }
    found: dict[str, tuple[str, ...]] = {}
    for entry in _entries(path):
        title, number = plain(entry["title"]), plain(entry.get("doc_number") or "")
        for parsed in _named(by_number.get(number, []), by_title, title):
            measure_id = labels[id(parsed)].get(plain_label(entry["label"]))
            if measure_id:
                found[measure_id] = (*found.get(measure_id, ()), *entry["questions"])
    return found


def plain(text: str) -> str:
    """A title or number without spaces, quotes and brackets, full width as half width."""
    return _NOISE.sub("", unified(text))


def plain_label(label: str) -> str:
    """A label without brackets and dots: ``二/（一）/3．`` → ``二/一/3``."""
    parts = re.split(r"[/／]", unified(label))
    return "/".join(part for part in (_NOISE.sub("", p) for p in parts) if part)


def _named(
    numbered: list[ParsedDocument], by_title: dict[str, list[ParsedDocument]], title: str
) -> list[ParsedDocument]:
    """Documents of that number whose title agrees; else those of that title.

    One number may stand for several documents (a decision and the rules it republishes).
    """
    agreeing = [p for p in numbered if _same(plain(p.document.title), title)]
    if agreeing or title in by_title:
        return agreeing or by_title[title]
    if len(numbered) == 1:
        return numbered
    return [p for known, group in by_title.items() if _same(known, title) for p in group]


def _same(first: str, second: str) -> bool:
    shorter, longer = sorted((first, second), key=len)
    return first == second or (len(shorter) >= 8 and shorter in longer)


def _entries(path: Path) -> Iterator[dict]:
    if path.is_file():
        with path.open(encoding="utf-8") as stream:
            yield from (json.loads(line) for line in stream if line.strip())
