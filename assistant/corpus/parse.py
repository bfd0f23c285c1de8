"""The entry of the corpus: a source file → its documents with their measures, and the account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from assistant.corpus import addresses, meaning, metadata, readers
from assistant.corpus.account import Account, Span, account
from assistant.corpus.clean import Cleaned, clean
from assistant.corpus.document import Drafted, draft
from assistant.corpus.draft import DocumentDraft
from assistant.corpus.readers import DroppedText, SourceText
from assistant.corpus.segment import Segment, segment
from assistant.errors import SourceError
from assistant.records import Document, Measure, ParsedDocument

# Characters of a measure in which figures, dates and relations are looked for: the longest of the
# sources has 1,400, and the patterns compare a text with itself.
_READ = 6000
# What is more is data and no policy; every question goes over the texts it finds, in whole.  All
# laws of a country together have some 20,000 articles, the longest of them 5,000 characters.
_MOST_MEASURES, _LONGEST_MEASURE = 30_000, 200_000


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
    """Parse a source that has been read already.

    Raises:
        SourceError: it holds more, or longer, measures than a policy has.
    """
    cleaned = clean(source.lines, source.pages)
    segments = segment(cleaned.pieces)
    drafts = [draft(source.name, s) for s in segments]
    _check_size(source.name, drafts)
    starts = [d.draft.line_start - 1 if n else 0 for n, d in enumerate(drafts)]
    documents = tuple(
        _described(drafted, addresses.stated(source.lines[first:end]) or source.url)
        for drafted, (first, end) in zip(
            drafts, pairwise([*starts, len(source.lines)]), strict=True
        )
    )
    return ParsedSource(
        name=source.name,
        sha256=source.sha256,
        documents=documents,
        account=account(source.lines, _spans(cleaned, segments, drafts)),
        warnings=source.warnings,
        left_out=source.dropped,
    )


def _check_size(name: str, drafts: list[Drafted]) -> None:
    sizes = [len(m.text) for drafted in drafts for m in drafted.draft.measures]
    if len(sizes) > _MOST_MEASURES:
        raise SourceError(
            f"文件 {name} 有 {len(sizes)} 个条款或表格行，超过 {_MOST_MEASURES}",
            "该文件未入库；请拆成几个文件后重新入库",
        )
    if max(sizes, default=0) > _LONGEST_MEASURE:
        raise SourceError(
            f"文件 {name} 有一段 {max(sizes)} 字的文字没有分条，超过 {_LONGEST_MEASURE}",
            "该文件未入库；请核对内容，分段分条后重新入库",
        )


def _described(drafted: Drafted, url: str | None) -> ParsedDocument:
    document = replace(metadata.describe(_within_bounds(drafted.draft)), url=url)
    if drafted.warnings:
        document = replace(document, warnings=(*document.warnings, *drafted.warnings))
    seen: dict[str, int] = {}
    measures = tuple(
        _enriched(_identified(m, document, seen), document) for m in drafted.draft.measures
    )
    return ParsedDocument(document, measures)


def _within_bounds(whole: DocumentDraft) -> DocumentDraft:
    return replace(
        whole,
        head=whole.head[:_READ],
        tail=whole.tail[:_READ],
        measures=tuple(
            replace(m, text=m.text[:_READ]) if len(m.text) > _READ else m for m in whole.measures
        ),
    )


def _enriched(measure: Measure, document: Document) -> Measure:
    if len(measure.text) <= _READ:
        return meaning.enrich(measure, document)
    begins = meaning.enrich(replace(measure, text=measure.text[:_READ]), document)
    return replace(begins, text=measure.text)


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
