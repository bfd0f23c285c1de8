"""Whether two documents are versions of one another, and on which ground."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from assistant.corpus.twins import plain
from assistant.diff import Comparison, compare
from assistant.records import Document, ParsedDocument, Validity

Ground = Literal[
    "held_twice", "replaces", "same_title", "same_clauses",
    "implements", "interprets", "other_place", "changes", "other_issuer", "other_title",
]  # fmt: skip
GROUNDS: dict[Ground, str] = {
    "held_twice": "是同一份文件，从两处收录",
    "replaces": "标题相近，一份写明修改、废止或延长另一份",
    "same_title": "标题基本相同，地区和发文机关没有不同",
    "same_clauses": "地区相同，半数以上条款能够对应",
    "implements": "一份是落实另一份的文件",
    "interprets": "一份是另一份的解读",
    "other_place": "适用的地区不同",
    "changes": "一份只是修改、废止或延长另一份的决定，不是它的全文",
    "other_issuer": "发文机关不同",
    "other_title": "标题不同，能够对应的条款不到一半",
}
_SAME = frozenset({"held_twice", "replaces", "same_title", "same_clauses"})
_SAME_TITLE = 0.6  # share of two-character pieces; other districts' plans reach 0.8, own versions 1
_SAME_CLAUSES = 0.5  # of the shorter document; a district's copy of the city's plan reaches 0.9
_YEAR = re.compile(r"(?:19|20)\d\d年?(?:版)?")


@dataclass(frozen=True, slots=True)
class Compared:
    """Two documents, what differs, and whether that says what became of one of them."""

    old: Document
    new: Document
    validity: tuple[Validity, Validity]  # of old and new, on the same day
    found: Comparison
    ground: Ground

    @property
    def versions(self) -> bool:
        return self.ground in _SAME


def compared(
    old: ParsedDocument, new: ParsedDocument, validity_of: Callable[[Document], Validity]
) -> Compared:
    """The comparison of two documents in the order given."""
    found = compare(old, new)
    one, other = old.document, new.document
    shared = sum(change.old is not None and change.new is not None for change in found.changes)
    shortest = min(sum(bool(m.text.strip()) for m in each.measures) for each in (old, new))
    ground = ground_of(one, other, shared / max(1, shortest))
    return Compared(one, other, (validity_of(one), validity_of(other)), found, ground)


def ground_of(one: Document, other: Document, shared: float) -> Ground:
    """Why the two are versions of one another, or why not.

    Args:
        shared: share of the shorter one's clauses that have a counterpart, 0 to 1.
    """
    done = {r.type for r in one.relations if r.target_doc_id == other.doc_id}
    done |= {r.type for r in other.relations if r.target_doc_id == one.doc_id}
    alike = title_likeness(one, other) >= _SAME_TITLE
    changes = not done.isdisjoint({"amends", "repeals", "extends"})
    if "duplicates" in done:
        return "held_twice"
    if "implements" in done:
        return "implements"
    if "interprets" in done:
        return "interprets"
    if _place(one) != _place(other):
        return "other_place"
    if alike and changes:
        return "replaces"
    if alike and not _other_issuer(one, other):
        return "same_title"
    if shared >= _SAME_CLAUSES:
        return "same_clauses"
    if changes:
        return "changes"
    return "other_issuer" if _other_issuer(one, other) else "other_title"


def older_first(one: Document, other: Document) -> tuple[Document, Document]:
    """By what one does to the other, else by their dates; as given where neither tells."""
    changes = ("amends", "repeals", "extends")
    if any(r.type in changes and r.target_doc_id == other.doc_id for r in one.relations):
        return other, one
    days = [d.issued or d.effective_from for d in (one, other)]
    return (other, one) if all(days) and days[1] < days[0] else (one, other)  # type: ignore[operator]


def title_likeness(one: Document, other: Document) -> float:
    """Share of two-character pieces that both titles have, years aside, 0 to 1."""
    ours, theirs = _pieces(one.title), _pieces(other.title)
    return len(ours & theirs) / max(1, len(ours | theirs))


def _pieces(title: str) -> set[str]:
    flat = plain(_YEAR.sub("", title))
    return {flat[i : i + 2] for i in range(len(flat) - 1)}


def _place(document: Document) -> tuple[str, str | None, str | None]:
    return document.level, document.district, document.elsewhere


def _other_issuer(one: Document, other: Document) -> bool:
    """Whether both are known and none is the other's, or an office of it (…人民政府办公厅)."""
    return bool(one.issuers and other.issuers) and not any(
        a.startswith(b) or b.startswith(a) for a in one.issuers for b in other.issuers
    )
