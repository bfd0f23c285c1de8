"""When not to answer before anything is read: nothing asked, steering, fraud, another place.

Whether the corpus speaks of the matter at all is the reader's decision (:mod:`claims`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.corpus.areas import found_in, wider
from assistant.corpus.links import key
from assistant.knowledge import Knowledge
from assistant.question.query import Query
from assistant.question.references import nicknames
from assistant.question.wordings import wording
from assistant.records import Hit, RefusalReason

Why = Literal[
    "steering", "fraud", "empty", "elsewhere", "district", "title", "attachment", "nothing"
]
REASONS: dict[Why, RefusalReason] = {
    "steering": "unsafe",
    "fraud": "unsafe",
    "empty": "unclear",
    "elsewhere": "other_place",
    "district": "other_place",
    "title": "not_in_corpus",
    "attachment": "not_in_corpus",
    "nothing": "not_in_corpus",
}
_A_TEXT = 400  # characters from which an attachment counts as held


@dataclass(frozen=True, slots=True)
class Refusal:
    """``names`` are the places or titles that it is about; ``near`` a held document to point to."""

    why: Why
    names: tuple[str, ...] = ()
    near: Hit | None = None

    @property
    def reason(self) -> RefusalReason:
        return REASONS[self.why]


def early(query: Query, known: Knowledge) -> Refusal | None:
    """What can be said before anything is read."""
    text = query.text
    if wording("steering").search(text):
        return Refusal("steering")
    if wording("fraud").search(text) and not wording("about_fraud").search(text):
        return Refusal("fraud")
    plain = key(text)
    if not re.search(r"[\u4e00-\u9fffA-Za-z]", plain) or _flood(plain):
        return Refusal("empty")
    if query.outside and not known.elsewhere.intersection(query.outside):
        return Refusal("elsewhere", query.outside)
    return None


def _flood(plain: str) -> bool:
    """The same few characters over and over."""
    return len(plain) >= 24 and len(set(plain)) <= max(4, len(plain) // 20)


def unheld_districts(query: Query, known: Knowledge) -> tuple[str, ...]:
    """The districts asked about, when nothing of any of them is held; the city is not asked."""
    missing = tuple(d for d in query.districts if d not in known.districts)
    if len(missing) < len(query.districts) or wording("city_meant").search(query.text):
        return ()
    return missing


def unheld_areas(query: Query, known: Knowledge) -> tuple[str, ...]:
    """The areas asked about, when nothing of them or of one that they are part of is held."""
    held = {name for a in query.areas for name in wider(a)} & known.areas
    named = query.titles or query.doc_numbers or wording("city_meant").search(query.text)
    return () if held or named else query.areas


def of_unheld_district(query: Query, missing: tuple[str, ...], best: Hit | None) -> bool:
    """Whether the district's own rules are asked for: by document (闵行区…方案里), or as those of
    the one who gives (区里补几成), not only the matter of someone who is there."""
    if best and names_place(query, missing, best):
        return False
    short = [d.removesuffix("新区").removesuffix("区") for d in missing]
    if any(name in words for words, _ in nicknames(query.text) for name in short):
        return True
    behind = [query.text.partition(word)[2] for word in query.place_words]
    return bool(wording("own_district").search(query.text)) or any(
        wording("gives").match(text) for text in behind
    )


def names_place(query: Query, unheld: tuple[str, ...], hit: Hit) -> bool:
    """Whether a rule of the city names one of the districts or areas, or the place in it that is
    meant."""
    if {area for area, _ in found_in(hit.measure.text)} & {*unheld}:
        return True
    short = [d.removesuffix("新区").removesuffix("区") for d in unheld]
    return any(name in hit.measure.text for name in (*short, *query.place_words))


def by_document(query: Query, best: Hit | None, known: Knowledge) -> Refusal | None:
    """A document or attachment that is not held, asked for by name."""
    for title in query.titles:
        if not known.called(title) and not known.links.named(title):
            mentioned = best if best and key(title) in key(best.measure.text) else None
            if mentioned is None or query.labels:
                return Refusal("title", (title,), mentioned)
    attached = wording("attachment").search(query.text)
    if (
        attached
        and wording("inside_attachment").search(query.text)
        and best
        and not _attached(best, known)
    ):
        return Refusal("attachment", (attached[0].strip(),), best)
    return None


def _attached(hit: Hit, known: Knowledge) -> bool:
    """Whether rows or text of an attachment are held, not only its name."""
    parts = [m for m in known.measures(hit.document.doc_id) if m.part == "附件"]
    return any(m.label for m in parts) or sum(len(m.text) for m in parts) > _A_TEXT
