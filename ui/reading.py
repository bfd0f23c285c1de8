"""What the screen reads from the catalogue: context of a clause, the list of documents.

One :class:`Reading` belongs to one generation of the index and keeps what it has read, since a
generation never changes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, Protocol

from assistant.ask import NOT_IN_FORCE
from assistant.corpus.links import Links
from assistant.errors import BadInputError, UnknownDocumentError
from assistant.question.references import doc_numbers
from assistant.records import Document, Measure, ParsedDocument, Place, Relation, Validity
from assistant.store.sources import text_digest
from assistant.validity import validity
from assistant.versions import Compared, compared, older_first, title_likeness
from ui.render.evidence import Context, Neighbour

TEXT_ALONE = 3
SPELLED_LONGER = 4  # 年第 instead of a bracket, 市政府 instead of 政府: still the number alone
_ROUND = str.maketrans("〔〕[]【】﹝﹞〈〉「」{}", "()" * 7)
_NUMBER = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{0,14}?)\(?(?P<year>(?:19|20)\d\d)年?\)?-?第?(?P<n>\d{1,4})号?"
)
VERSIONS = frozenset({"amends", "repeals", "extends", "duplicates"})


class CatalogueRead(Protocol):
    """The read side of the catalogue."""

    def documents(self) -> tuple[Document, ...]: ...
    def document(self, doc_id: str) -> Document: ...
    def measures(self, doc_id: str | None = None) -> tuple[Measure, ...]: ...
    def twins(self, measure_id: str) -> tuple[Place, ...]: ...
    def relations(self) -> tuple[tuple[str, Relation], ...]: ...


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """What the user filters the library by; empty fields do not filter."""

    text: str = ""
    district: str = ""  # 市级 stands for the city level
    kind: str = ""
    status: str = ""
    year: str = ""
    sort: str = "date"
    as_of: str = ""
    place: str = ""  # the district of the reader: its documents and the city's
    in_force_only: bool = False


@dataclass(frozen=True, slots=True)
class LibraryRow:
    document: Document
    validity: Validity
    measures: int
    found: tuple[Measure, ...] = ()  # measures that hold the words searched for
    rank: int = 0  # what holds them: 0 the number as a whole, 1 title, 2 number or issuer, 3 text
    copies: tuple[Document, ...] = ()  # the same document in other sources


@dataclass(frozen=True, slots=True)
class RelationRow:
    """A relation as seen from one document: it does something, or something is done to it."""

    relation: Relation
    other: Document | None  # when the corpus holds it
    inverse: bool = False


class Reading:
    def __init__(self, catalogue: CatalogueRead) -> None:
        self.catalogue = catalogue
        self._measures = lru_cache(maxsize=256)(catalogue.measures)
        self._relations = catalogue.relations()
        self.links = Links(catalogue.documents(), self._relations)
        self._digests: dict[str, str] = {}
        self._texts: dict[str, list[tuple[Measure, str]]] | None = None

    def document(self, doc_id: str) -> Document:
        """Raises :class:`UnknownDocumentError` when there is none."""
        return self.catalogue.document(doc_id)

    def measures(self, doc_id: str) -> tuple[Measure, ...]:
        return self._measures(doc_id)

    def measure(self, doc_id: str, label: str) -> Measure:
        """The clause with this label, brackets and spaces set aside.

        Raises:
            UnknownDocumentError: the document has no such label.
        """
        wanted = plain_label(label)
        for measure in self.measures(doc_id):
            if plain_label(measure.label or measure.part) == wanted:
                return measure
        raise UnknownDocumentError(f"这份文件没有“{label}”这一条", "请从目录中选择")

    def validity(self, document: Document, as_of: str, measure: Measure | None = None) -> Validity:
        """Of the document as a whole, or of one of its measures."""
        return validity(measure, document, as_of, self.links)

    def own_validity(self, document: Document, as_of: str) -> dict[str, Validity]:
        """By ``measure_id``, the measures whose status is not the document's."""
        whole = self.validity(document, as_of)
        each = {
            m.measure_id: self.validity(document, as_of, m) for m in self.measures(document.doc_id)
        }
        return {
            measure_id: own
            for measure_id, own in each.items()
            if (own.status, own.expires) != (whole.status, whole.expires)
        }

    def context(self, citation: Mapping[str, Any]) -> Context:
        """What stands around a cited clause; an empty context when it is no longer held."""
        try:
            document = self.document(str(citation.get("doc_id", "")))
        except UnknownDocumentError:
            return Context()
        measures = self.measures(document.doc_id)
        label, start = citation.get("measure"), citation.get("line_start")
        same = [i for i, m in enumerate(measures) if m.label == label]
        exact = [i for i in same if measures[i].line_start == start]
        found = exact or same
        if not found:
            return Context(level=document.level)
        at = found[0]
        measure = measures[at]
        return Context(
            path=measure.path,
            before=_neighbour(measures[at - 1]) if at > 0 else None,
            after=_neighbour(measures[at + 1]) if at + 1 < len(measures) else None,
            depts=measure.depts,
            deadline=measure.deadline,
            level=document.level,
        )

    def relations(self, doc_id: str) -> list[RelationRow]:
        """What the document does to others, then what others do to it."""
        held = {d.doc_id: d for d in self.catalogue.documents()}
        own = [
            RelationRow(relation, held.get(relation.target_doc_id or ""))
            for source, relation in self._relations
            if source == doc_id
        ]
        inverse = [
            RelationRow(relation, held.get(source), inverse=True)
            for source, relation in self._relations
            if relation.target_doc_id == doc_id
            and source != doc_id
            and relation.type != "duplicates"  # which each of the two says of the other
        ]
        return own + inverse

    def compared(self, doc_id: str, other: str, as_of: str) -> Compared:
        """Two documents, the older one first.

        Raises:
            BadInputError: they are one and the same.
            UnknownDocumentError: there is none of that id.
        """
        if doc_id == other:
            raise BadInputError("两份文件是同一份", "请选择另一份文件来对比")
        old, new = older_first(self.document(doc_id), self.document(other))
        return compared(
            ParsedDocument(old, self.measures(old.doc_id)),
            ParsedDocument(new, self.measures(new.doc_id)),
            lambda document: self.validity(document, as_of),
        )

    def comparable(self, document: Document, limit: int) -> list[Document]:
        """Other documents: its own versions first, then those of the most similar titles."""
        related = {
            row.other.doc_id
            for row in self.relations(document.doc_id)
            if row.other and row.relation.type in VERSIONS
        }

        def likeness(other: Document) -> tuple[bool, float]:
            return other.doc_id in related, title_likeness(document, other)

        others = [d for d in self.catalogue.documents() if d.doc_id != document.doc_id]
        return sorted(others, key=likeness, reverse=True)[:limit]

    def library(self, query: LibraryQuery) -> list[LibraryRow]:
        """The documents that fit, sorted as asked for."""
        words = search_words(query.text)
        rows = []
        for document in self.catalogue.documents():
            if not _fits(document, query):
                continue
            validity = self.validity(document, query.as_of)
            if query.status and validity.status != query.status:
                continue
            if query.in_force_only and validity.status in NOT_IN_FORCE:
                continue
            found = self._found(document, words)
            rank = _rank(document, query.text, words)
            if words and not found and rank == TEXT_ALONE:
                continue
            counted = sum(1 for m in self.measures(document.doc_id) if m.label)
            rows.append(LibraryRow(document, validity, counted, found, rank))
        if query.sort == "title":
            rows.sort(key=lambda row: row.document.title)
        else:
            rows.sort(key=lambda row: row.document.issued or "", reverse=True)
        return sorted(rows, key=lambda row: row.rank)

    def without_copies(self, rows: Sequence[LibraryRow]) -> list[LibraryRow]:
        """One row for what several sources hold: same title, and same number or text."""
        kept: dict[tuple[str, str], LibraryRow] = {}
        for row in rows:
            document = row.document
            by = document.title, document.doc_number or self._digest(document)
            first = kept.get(by)
            kept[by] = replace(first, copies=(*first.copies, document)) if first else row
        return list(kept.values())

    def same_as(
        self, parsed: ParsedDocument
    ) -> list[tuple[Literal["w_same_number", "w_same_text"], Document]]:
        """The held documents of the same number or the same title and clauses, each with which."""
        found: list[tuple[Literal["w_same_number", "w_same_text"], Document]] = []
        digest = text_digest(parsed)
        for document in self.catalogue.documents():
            if document.doc_number and document.doc_number == parsed.document.doc_number:
                found.append(("w_same_number", document))
            elif self._digest(document) == digest:
                found.append(("w_same_text", document))
        return found

    def counts(self) -> dict[str, int]:
        documents = self.catalogue.documents()
        return {
            "documents": len(documents),
            "measures": sum(
                1 for d in documents for m in self.measures(d.doc_id) if m.label is not None
            ),
            "places": len({d.district for d in documents if d.district}),
        }

    def _digest(self, document: Document) -> str:
        if document.doc_id not in self._digests:
            parsed = ParsedDocument(document, self.measures(document.doc_id))
            self._digests[document.doc_id] = text_digest(parsed)
        return self._digests[document.doc_id]

    def _found(self, document: Document, words: Sequence[str]) -> tuple[Measure, ...]:
        """The measures that hold the words, but for those that the head of the document holds."""
        if not words:
            return ()
        if self._texts is None:
            self._texts = {
                d.doc_id: [(m, plain(m.text)) for m in self.measures(d.doc_id)]
                for d in self.catalogue.documents()
            }
        head = _head(document)
        sought = [word for word in words if word not in head] or words
        return tuple(m for m, text in self._texts[document.doc_id] if _holds(text, sought))


def search_words(text: str) -> list[str]:
    return [plain(word) for word in text.split() if plain(word)]


def plain(text: str) -> str:
    """Width and case folded, all brackets round, no white space: what a search compares."""
    folded = unicodedata.normalize("NFKC", text).translate(_ROUND)
    return re.sub(r"\s+", "", folded).casefold()


def plain_label(label: str) -> str:
    return re.sub(r"[\s()、.]", "", unicodedata.normalize("NFKC", label))


def _holds(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def _head(document: Document) -> str:
    return plain(" ".join([document.title, document.doc_number or "", *document.issuers]))


def _rank(document: Document, text: str, words: Sequence[str]) -> int:
    """How near to the head of the document the words stand; see :class:`LibraryRow`."""
    if not words:
        return 0
    if _is_number_of(text, document.doc_number or ""):
        return 0
    if _holds(plain(document.title), words):
        return 1
    return 2 if _holds(_head(document), words) else TEXT_ALONE


def _is_number_of(text: str, number: str) -> bool:
    """Whether the text as a whole is this 文号, in any spelling, with or without its beginning."""
    if number in doc_numbers(text):
        return len(plain(text)) <= len(number) + SPELLED_LONGER
    wanted, own = _NUMBER.fullmatch(plain(text)), _NUMBER.fullmatch(plain(number))
    return (
        wanted is not None
        and own is not None
        and own["who"].endswith(wanted["who"])
        and (own["year"], int(own["n"])) == (wanted["year"], int(wanted["n"]))
    )


def _fits(document: Document, query: LibraryQuery) -> bool:
    if query.district == "市级":
        if document.district or document.level == "国家":
            return False
    elif query.district and document.district != query.district:
        return False
    if query.place and not query.district and document.district not in (None, query.place):
        return False
    if query.kind and document.kind != query.kind:
        return False
    return not query.year or (document.issued or "").startswith(query.year)


def _neighbour(measure: Measure) -> Neighbour:
    return Neighbour(measure.label, measure.part, measure.text)
