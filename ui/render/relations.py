"""What a document does to others, and what others do to it, with the sentences that say so."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ui.html import both, tag
from ui.reading import RelationRow
from ui.render.evidence import open_link
from ui.texts import RELATIONS, RELATIONS_INVERSE

OPEN_RELATIONS = 6


def relations_list(rows: Sequence[RelationRow]) -> Markup:
    if not rows:
        return tag("p", both("no_relations"), class_="muted small")
    groups: dict[tuple[bool, str, object], list[RelationRow]] = {}
    for row in rows:
        target = row.other.doc_id if row.other else _named(row)
        groups.setdefault((row.inverse, row.relation.type, target), []).append(row)
    return tag(
        "details",
        tag("summary", both("relations"), tag("span", len(groups), class_="count")),
        tag("ul", [_relation(group) for group in groups.values()], class_="relations"),
        class_="also-in",
        open=len(groups) <= OPEN_RELATIONS,
    )


def _named(row: RelationRow) -> str:
    relation = row.relation
    return " ".join(part for part in (relation.target_title, relation.target_number) if part)


def _relation(rows: Sequence[RelationRow]) -> Markup:
    """What one document does to another, with every sentence that says so."""
    first = rows[0]
    names = RELATIONS_INVERSE if first.inverse else RELATIONS
    kind = first.relation.type
    chinese, english = names.get(kind, (kind, kind))
    target: object = _named(first)
    if first.other is not None:
        target = open_link(
            first.other.doc_id, None, (not first.inverse and _named(first)) or first.other.title
        )
    sentences = [_sentence(row) for row in rows if row.relation.quote]
    return tag(
        "li",
        tag("span", chinese, class_="zh verb"),
        tag("span", english, class_="en verb", lang="en"),
        " ",
        target,
        sentences
        if len(sentences) <= 1
        else tag(
            "details",
            tag("summary", both("sentences_n", n=len(sentences)), class_="muted small"),
            sentences,
        ),
    )


def _sentence(row: RelationRow) -> Markup:
    relation = row.relation
    return tag(
        "q",
        tag("span", relation.target_label, class_="label-text") if relation.target_label else None,
        relation.quote,
        tag("span", " ", both("since", date=relation.effective), class_="num")
        if relation.effective
        else None,
    )
