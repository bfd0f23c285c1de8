"""The committed sources: nothing is lost, and the checked inventory comes back."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant.corpus import readers
from assistant.corpus.clean import clean
from assistant.corpus.document import draft
from assistant.corpus.paragraphs import page_width
from assistant.corpus.parse import ParsedSource, parse_file, parse_source
from assistant.corpus.segment import segment
from assistant.corpus.text import squash
from assistant.records import Measure, ParsedDocument
from assistant.settings import ROOT

SOURCES = sorted((ROOT / "data" / "sources").glob("*.txt"))
INVENTORY: list[dict[str, Any]] = json.loads(
    (ROOT / "tests" / "fixtures" / "inventory.json").read_text(encoding="utf8")
)


@cache
def parsed(path: Path) -> ParsedSource:
    return parse_file(path)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_every_character_is_in_exactly_one_place(path: Path) -> None:
    source = parsed(path)
    lines = readers.read(path).lines
    account = source.account
    assert (account.missing, account.doubled) == (0, 0)
    together: dict[int, str] = {}
    for span in account.spans:
        together[span.line] = (
            together.get(span.line, "") + lines[span.line - 1][span.start : span.end]
        )
    for number, line in enumerate(lines, 1):
        assert squash(together.get(number, "")) == squash(line), number
    assert sum(account.kept.values()) + sum(account.dropped.values()) == account.total


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_texts_of_measures_are_those_of_the_source(path: Path) -> None:
    source = parsed(path)
    lines = readers.read(path).lines
    kept = "".join(
        squash(lines[s.line - 1][s.start : s.end])
        for s in source.account.spans
        if not s.dropped and s.place != "章节标题"
    )
    texts = "".join(squash(m.text) for d in source.documents for m in d.measures)
    assert Counter(texts) == Counter(kept)
    whole = squash("".join(lines))
    exact = [
        squash(p) in whole for d in source.documents for m in d.measures for p in m.text.split("\n")
    ]
    assert sum(exact) / len(exact) > 0.85  # the others run over page marks


def test_documents_broken_like_pdf_text_keep_their_outline() -> None:
    """Real texts, set 40 characters wide with page marks, give the same measures."""
    for path in SOURCES:
        for part in segment(clean(readers.read(path).lines).pieces):
            if page_width(part.pieces) or any("\t" in p.text for p in part.pieces):
                continue
            wanted = draft(path.name, part).draft
            parts = segment(clean(tuple(_broken([p.text for p in part.pieces]))).pieces)
            (made,) = [draft(path.name, p).draft for p in parts]
            assert made.title == wanted.title
            assert [m.label for m in made.measures if m.label] == [
                m.label for m in wanted.measures if m.label
            ]


def _broken(paragraphs: list[str]) -> list[str]:
    width, page = 40, 33  # characters of a line, lines of a page
    lines = [p[i : i + width] for p in paragraphs for i in range(0, len(p), width)]
    marked: list[str] = []
    for i, line in enumerate(lines):
        if i % page == page - 1:
            marked += ["", f"# Page {i // page + 1}:"]
        marked.append(line)
    return marked


def test_parsing_again_gives_the_same_ids() -> None:
    path = min(SOURCES, key=lambda p: p.stat().st_size)
    again = parse_source(readers.read(path))
    assert [m.measure_id for d in again.documents for m in d.measures] == [
        m.measure_id for d in parsed(path).documents for m in d.measures
    ]


def test_ids_are_unique() -> None:
    documents = [d for p in SOURCES for d in parsed(p).documents]
    ids = [m.measure_id for d in documents for m in d.measures]
    assert len(ids) == len(set(ids))
    assert len({d.document.doc_id for d in documents}) == len(documents)


def test_little_is_dropped_inside_documents() -> None:
    for path in SOURCES:
        source = parsed(path)
        for wanted, document in _matches(source):
            first, last = document.document.line_start, document.document.line_end
            inside = [s for s in source.account.spans if first <= s.line <= last]
            lost = sum(s.end - s.start for s in inside if s.dropped)
            assert lost <= 0.02 * sum(s.end - s.start for s in inside), wanted["key"]


def test_inventory_comes_back() -> None:
    found = hits = wanted_count = given_count = headings = heading_hits = 0
    for path in SOURCES:
        for wanted, document in _matches(parsed(path)):
            found += 1
            gold = {
                (_plain(m["label"]), m["first_line"]): m
                for m in wanted["measures"]
                if not m.get("unnumbered")
            }
            given = {(_plain(m.label or ""), m.line_start): m for m in _labelled(document)}
            wanted_count += len(gold)
            given_count += len(given)
            for key in gold.keys() & given.keys():
                hits += 1
                if gold[key].get("heading"):
                    headings += 1
                    heading_hits += _plain(gold[key]["heading"]) == _plain(given[key].heading)
    assert found == len(INVENTORY)
    assert 2 * hits / (wanted_count + given_count) >= 0.995
    assert heading_hits / headings >= 0.97


def _labelled(document: ParsedDocument) -> list[Measure]:
    return [m for m in document.measures if m.label]


def _plain(text: str) -> str:
    return re.sub(r"[^\w/]", "", unicodedata.normalize("NFKC", text))


def _matches(source: ParsedSource) -> list[tuple[dict[str, Any], ParsedDocument]]:
    """Inventory entries of a source, known by line and title, and their documents."""
    pairs = []
    for wanted in INVENTORY:
        for document in source.documents:
            made = document.document
            near = abs(made.line_start - wanted["first_line"]) <= 4
            if near and _plain(wanted["title"]) in _plain(made.title + document.measures[0].text):
                pairs.append((wanted, document))
    return pairs
