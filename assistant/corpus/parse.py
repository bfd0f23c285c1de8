"""The entry of the corpus: a source file → its documents with their measures, and the account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from assistant.corpus import meaning, metadata, readers
from assistant.corpus.account import Account, Span, account
from assistant.corpus.clean import Cleaned, clean
from assistant.corpus.document import Drafted, draft
from assistant.corpus.readers import DroppedText, SourceText
from assistant.corpus.segment import Segment, segment
from assistant.records import Document, Measure, ParsedDocument


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """What one source file holds."""

    name: str
    sha256: str
    documents: tuple[ParsedDocument, ...]
    account: Account
    warnings: tuple[str, ...] = ()
    left_out: tuple[DroppedText, ...] = ()  # by the reader: it is in no line of the account


def parse_file(path: Path) -> ParsedSource:
    """Read and parse a source file of any known format.

    Raises:
        SourceError: the file cannot be read or holds no text.
    """
    return parse_source(readers.read(path))


def parse_source(source: SourceText) -> ParsedSource:
    """Parse a source that has been read already."""
    cleaned = clean(source.lines, source.pages)
    segments = segment(cleaned.pieces)
    drafts = [draft(source.name, s) for s in segments]
    documents = tuple(_described(d) for d in drafts)
    return ParsedSource(
        name=source.name,
        sha256=source.sha256,
        documents=documents,
        account=account(source.lines, _spans(cleaned, segments, drafts)),
        warnings=source.warnings,
        left_out=source.dropped,
    )


def _described(drafted: Drafted) -> ParsedDocument:
    document = metadata.describe(drafted.draft)
    if drafted.warnings:
        document = replace(document, warnings=(*document.warnings, *drafted.warnings))
    seen: dict[str, int] = {}
    measures = tuple(
        meaning.enrich(_identified(m, document, seen), document) for m in drafted.draft.measures
    )
    return ParsedDocument(document, measures)


def _identified(measure: Measure, document: Document, seen: dict[str, int]) -> Measure:
    """Give the measure its ids; a label that stands twice gets a running number."""
    name = measure.label or f"{measure.part}{measure.order}"
    seen[name] = seen.get(name, 0) + 1
    suffix = f"@{seen[name]}" if seen[name] > 1 else ""
    return replace(measure, doc_id=document.doc_id, measure_id=f"{document.doc_id}#{name}{suffix}")


def _spans(cleaned: Cleaned, segments: list[Segment], drafts: list[Drafted]) -> list[Span]:
    spans = [Span(d.line, d.start, d.end, d.reason, dropped=True) for d in cleaned.dropped]
    for index, (part, drafted) in enumerate(zip(segments, drafts, strict=True)):
        for measure, ranges in zip(drafted.draft.measures, drafted.spans, strict=True):
            place = "条款" if measure.label else measure.part
            spans += [
                Span(p.line, p.start, p.end, place, document=index)
                for first, end in ranges
                for p in part.pieces[first:end]
            ]
        spans += [
            Span(p.line, p.start, p.end, "章节标题", document=index)
            for p in (part.pieces[i] for i in drafted.headings)
        ]
        spans += [
            Span(p.line, p.start, p.end, "重复表头", dropped=True, document=index)
            for p in (part.pieces[i] for i in drafted.repeated)
        ]
    return spans
