"""Relations across the corpus: which held document a relation means, and what befell a document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.corpus.twins import shingles
from assistant.records import Document, Measure, ParsedDocument, Relation
from embeddings.characters import unified

_NOISE = re.compile(r"[\s《》〈〉“”\"'‘’（）()\[\]〔〕【】—–\-~～_·,，、:：。]")
_AMENDED_BY = re.compile(
    r"根据(?P<y>\d{4})年[^（），]{2,40}?(?P<who>[\u4e00-\u9fff]*人民政府)令第(?P<n>\d+)号"
)
_DECREE_NUMBER = re.compile(r"令(?:〔(?P<y>\d{4})〕|第)(?P<n>\d+)号")
_SAME_WORDING = 0.6  # share of a measure's shingles that another text holds: it says the same
_SAME_TEXT = 0.5  # share of a document's measures that stand in the other: a duplicate


def key(text: str | None) -> str:
    """Title or number reduced to what identifies it (no brackets, quotes, blanks)."""
    return _NOISE.sub("", unified(text or ""))


@dataclass(frozen=True, slots=True)
class Link:
    """A relation with the document that states it."""

    source: Document
    relation: Relation


class Links:
    """What befell documents: look up by target, or by the name of a rule that is not held.

    Args:
        documents: every document held.
        relations: ``(source doc_id, relation)``; without it the documents' own relations.
    """

    def __init__(
        self,
        documents: Iterable[Document],
        relations: Iterable[tuple[str, Relation]] | None = None,
    ) -> None:
        self.documents = {d.doc_id: d for d in documents}
        if relations is None:
            relations = ((d.doc_id, r) for d in self.documents.values() for r in d.relations)
        self._onto: dict[str, list[Link]] = defaultdict(list)
        self._named: dict[str, list[Link]] = defaultdict(list)
        self._from: dict[str, list[Relation]] = defaultdict(list)
        for doc_id, relation in relations:
            link = Link(self.documents[doc_id], relation)
            self._from[doc_id].append(relation)
            if relation.target_doc_id:
                self._onto[relation.target_doc_id].append(link)
            if relation.target_title:
                self._named[key(relation.target_title)].append(link)

    def onto(self, doc_id: str) -> Sequence[Link]:
        """Links whose target is this held document."""
        return self._onto.get(doc_id, ())

    def by(self, doc_id: str) -> Sequence[Relation]:
        """Relations that this document states."""
        return self._from.get(doc_id, ())

    def named(self, title: str) -> Sequence[Link]:
        """Links whose target bears this title, held or not."""
        return self._named.get(key(title), ())


def link(documents: Sequence[ParsedDocument]) -> list[ParsedDocument]:
    """The documents with ``target_doc_id`` resolved, duplicates of one another related, and of two
    editions of one rule the later one replacing the earlier."""
    index = _Index(documents)
    linked = [_resolve(parsed, index) for parsed in documents]
    return _with_duplicates(linked)


class _Index:
    def __init__(self, documents: Sequence[ParsedDocument]) -> None:
        self.by_title: dict[str, list[ParsedDocument]] = defaultdict(list)
        self.by_number: dict[str, list[ParsedDocument]] = defaultdict(list)
        self.by_decree: dict[tuple[int, str], list[ParsedDocument]] = defaultdict(list)
        self._articles: dict[str, list[tuple[str, set[int]]]] = {}
        for parsed in documents:
            self.by_title[key(parsed.document.title)].append(parsed)
            if parsed.document.doc_number:
                self.by_number[key(parsed.document.doc_number)].append(parsed)
            for decree in _amending_decrees(parsed):
                self.by_decree[decree].append(parsed)

    def articles(self, parsed: ParsedDocument) -> list[tuple[str, set[int]]]:
        """Label and shingles of each numbered measure, reckoned once a document."""
        doc_id = parsed.document.doc_id
        if doc_id not in self._articles:
            self._articles[doc_id] = [
                (m.label, shingles(m.text)) for m in parsed.measures if m.label
            ]
        return self._articles[doc_id]

    def find(self, source: Document, relation: Relation) -> ParsedDocument | None:
        """The held document that a relation means; None: not held."""
        if relation.target_number:
            for parsed in self.by_number.get(key(relation.target_number), ()):
                if parsed.document.doc_id != source.doc_id and _may_be(parsed, relation):
                    return parsed
            if relation.type == "repeals":  # an older rule of the same name is another rule
                return None
        candidates = [
            p
            for p in self.by_title.get(key(relation.target_title), ())
            if p.document.doc_id != source.doc_id
            and not _numbers_differ(p.document.doc_number, relation.target_number)
        ]
        if candidates:
            return max(candidates, key=lambda p: p.document.doc_number is not None)
        return self._renamed(source, relation) if relation.type == "amends" else None

    def _renamed(self, source: Document, relation: Relation) -> ParsedDocument | None:
        """A rule republished under a new name tells in its history which decree changed it."""
        number = _DECREE_NUMBER.search(source.doc_number or "")
        year = (source.issued or "")[:4]
        if not number or not year:
            return None
        found = self.by_decree.get((int(year), number.group("n")), ())
        near = [p for p in found if _similar(p.document.title, relation.target_title or "")]
        return near[0] if len(near) == 1 else None


def _may_be(parsed: ParsedDocument, relation: Relation) -> bool:
    """A number is enough but for decrees, whose count starts anew with every government."""
    number, title = relation.target_number or "", relation.target_title
    return "令第" not in number or title is None or key(title) == key(parsed.document.title)


def _similar(one: str, other: str) -> bool:
    a, b = set(key(one)), set(key(other))
    return len(a & b) >= 0.8 * min(len(a), len(b))


def _numbers_differ(one: str | None, other: str | None) -> bool:
    return bool(one and other and key(one) != key(other))


def _amending_decrees(parsed: ParsedDocument) -> set[tuple[int, str]]:
    texts = [m.text for m in parsed.measures[:3] if m.label is None]
    return {(int(m.group("y")), m.group("n")) for t in texts for m in _AMENDED_BY.finditer(t)}


def _resolve(parsed: ParsedDocument, index: _Index) -> ParsedDocument:
    document = parsed.document
    relations = []
    for relation in document.relations:
        target = index.find(document, relation)
        if target is not None:
            label = relation.target_label
            if relation.type == "amends":
                label = _article_changed(parsed, relation, target, index)
            relation = replace(relation, target_doc_id=target.document.doc_id, target_label=label)
        relations.append(relation)
    return replace(parsed, document=replace(document, relations=tuple(relations)))


def _article_changed(
    parsed: ParsedDocument, relation: Relation, target: ParsedDocument, index: _Index
) -> str | None:
    """The article of the republished text that carries the new wording (numbers may have moved)."""
    item = next((m for m in parsed.measures if m.text.startswith(relation.quote)), None)
    wording = item.text[len(relation.quote) :] if item else ""
    if len(wording) < 20:
        return relation.target_label
    pieces = shingles(wording)
    label, shared = max(
        ((label, len(pieces & held)) for label, held in index.articles(target)),
        key=lambda pair: pair[1],
        default=(None, 0),
    )
    return label if shared >= _SAME_WORDING * len(pieces) else relation.target_label


def _with_duplicates(documents: list[ParsedDocument]) -> list[ParsedDocument]:
    groups: dict[str, list[int]] = defaultdict(list)
    for position, parsed in enumerate(documents):
        if parsed.document.title:
            groups[key(parsed.document.title)].append(position)
    for positions in groups.values():
        for i in positions:
            for j in positions:
                if i == j:
                    continue
                one, other = documents[i], documents[j]
                if _is_edition(one.document, other.document):
                    documents[i] = _replacing(one, other.document)
                elif _same_text(one.measures, other.measures):
                    documents[i] = _add_duplicate(one, other.document)
    return documents


def _is_edition(one: Document, other: Document) -> bool:
    """Whether two documents of one title are editions of one rule: each with a date of its own."""
    return (
        _begins(one) != _begins(other)
        and None not in (_begins(one), _begins(other))
        and (one.district, one.elsewhere, one.kind) == (other.district, other.elsewhere, other.kind)
        and one.kind == "政策"
    )


def _begins(document: Document) -> str | None:
    return document.effective_from or document.issued


def _replacing(parsed: ParsedDocument, other: Document) -> ParsedDocument:
    """The document with what its being later means for an earlier edition; else unchanged."""
    document = parsed.document
    begins, before = _begins(document), _begins(other)
    if not begins or not before or begins < before:
        return parsed
    known = any(r.target_doc_id == other.doc_id for r in document.relations)
    quote = document.validity_quote or document.title
    relation = Relation(
        "repeals", other.title, other.doc_number, quote, other.doc_id, effective=begins
    )
    relations = document.relations if known else (*document.relations, relation)
    return replace(parsed, document=replace(document, relations=relations))


def _same_text(one: Sequence[Measure], other: Sequence[Measure]) -> bool:
    ours = [shingles(m.text) for m in one if m.label]
    theirs = shingles("\n".join(m.text for m in other))
    found = sum(len(pieces & theirs) >= _SAME_WORDING * len(pieces) for pieces in ours)
    return bool(ours) and found >= _SAME_TEXT * len(ours)


def _add_duplicate(parsed: ParsedDocument, other: Document) -> ParsedDocument:
    relation = Relation("duplicates", other.title, other.doc_number, other.title, other.doc_id)
    document = parsed.document
    return replace(parsed, document=replace(document, relations=(*document.relations, relation)))
