"""Documents made by hand, and the parsed sources."""

from __future__ import annotations

from functools import lru_cache

from assistant.corpus import links
from assistant.corpus.draft import DocumentDraft
from assistant.corpus.parse import parse_file
from assistant.records import Document, Measure, ParsedDocument
from assistant.settings import ROOT


@lru_cache(maxsize=1)
def sources() -> tuple[ParsedDocument, ...]:
    """The project's sources, parsed and linked once for all tests that read them."""
    files = sorted((ROOT / "data" / "sources").glob("*.txt"))
    return tuple(links.link([p for f in files for p in parse_file(f).documents]))


def measure(text: str, label: str | None = "一", **more: object) -> Measure:
    """One measure; further fields by name."""
    fields = {"measure_id": f"d#{label}", "doc_id": "d", "heading": "", "line_start": 1}
    return Measure(label=label, text=text, line_end=1, **{**fields, **more})  # type: ignore[arg-type]


def draft(
    title: str, head: str = "", tail: str = "", measures: tuple[Measure, ...] = ()
) -> DocumentDraft:
    """A draft whose lines do not matter."""
    return DocumentDraft("甲.txt", 1, 9, title, head, tail, measures)


def document(doc_id: str = "d", **more: object) -> Document:
    """A document; further fields by name."""
    fields = {"title": "试行办法", "source": "甲.txt", "line_start": 1, "line_end": 9}
    return Document(doc_id=doc_id, **{**fields, **more})  # type: ignore[arg-type]


def parsed(doc: Document, *measures: Measure) -> ParsedDocument:
    """A parsed document."""
    return ParsedDocument(doc, measures)
