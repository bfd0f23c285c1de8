"""One policy as a whole: its particulars, its outline, every clause, one of them marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from assistant.records import Document, Measure, Validity
from ui.html import both, labelled, option, tag
from ui.icons import icon
from ui.reading import RelationRow
from ui.render.badges import label_badge, place_badge, validity_badge
from ui.render.evidence import document_link, outward
from ui.render.prose import clause_prose
from ui.render.relations import relations_list


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """What the page of a document shows."""

    document: Document
    measures: Sequence[Measure]
    validity: Validity
    relations: Sequence[RelationRow] = ()
    own_validity: dict[str, Validity] = field(default_factory=dict)  # measure_id → where it differs
    marked: str | None = None  # measure_id
    others: Sequence[Document] = ()  # to compare with


def validity_json(validity: Validity) -> dict[str, str | None]:
    return {
        "status": validity.status,
        "effective_from": validity.effective_from,
        "expires": validity.expires,
        "basis": validity.basis,
    }


def actions(link: str, name: str, *more: Markup) -> Markup:
    """Back, the address to copy, and what else one does with the page.

    Args:
        name: of the page, for screen readers.
    """
    return tag(
        "nav",
        tag("button", "← ", both("back"), type="button", class_="link-button", data_act="back"),
        labelled(
            "button",
            "copy_link",
            both("copy_link"),
            type="button",
            class_="link-button",
            data_act="copy-link",
            data_href=link,
        ),
        *more,
        class_="doc-nav",
        aria_label=name,
    )


def link_button(text: str, act: str, **attrs: object) -> Markup:
    """A button that reads like a link; ``text`` is a key of the texts."""
    return tag("button", both(text), type="button", class_="link-button", data_act=act, **attrs)


def document_page(page: DocumentPage) -> Markup:
    document = page.document
    return tag(
        "article",
        actions(
            document_link(document.doc_id),
            document.title,
            link_button("ask_about", "ask-about", data_title=document.title),
        ),
        tag(
            "div",
            tag("h2", document.title, class_="doc-title"),
            tag(
                "p",
                validity_badge(validity_json(page.validity)),
                place_badge(document.place, document.level),
                tag("span", document.doc_number, class_="number") if document.doc_number else None,
                class_="badges",
            ),
            class_="doc-head",
        ),
        particulars(document, page.validity),
        _warnings(document),
        relations_list(page.relations),
        _compare(page),
        tag(
            "div",
            _outline(page),
            tag("div", _body(page), class_="doc-body"),
            class_="doc-columns",
        ),
        class_="document",
        data_doc=document.doc_id,
    )


def particulars(document: Document, validity: Validity | None = None) -> Markup:
    """The document's metadata; what is not known is left out."""
    rows: list[tuple[str, object]] = [
        ("issuers", "、".join(document.issuers)),
        ("issued", document.issued),
        ("effective", document.effective_from),
        ("expires", document.expires),
        ("kind", document.kind),
        (
            "source_file",
            both(
                "located",
                source=document.source,
                start=document.line_start,
                end=document.line_end,
            ),
        ),
        ("official", outward(document.url)),
        ("basis", validity.basis if validity else None),
    ]
    return tag(
        "dl",
        [tag("div", tag("dt", both(key)), tag("dd", value)) for key, value in rows if value],
        class_="particulars wide",
    )


def _warnings(document: Document) -> Markup | None:
    if not document.warnings:
        return None
    return tag(
        "details",
        tag("summary", both("warnings"), tag("span", len(document.warnings), class_="count")),
        tag("ul", [tag("li", text) for text in document.warnings]),
        class_="also-in",
    )


def _compare(page: DocumentPage) -> Markup | None:
    if not page.others:
        return None
    name = f"compare-{page.document.doc_id}"
    return tag(
        "form",
        tag("label", both("compare"), for_=name),
        tag(
            "select",
            option("", "选择文件…", "Choose a document…", selected=True),
            [
                option(o.doc_id, f"{o.title}{f'（{o.doc_number}）' if o.doc_number else ''}")
                for o in page.others
            ],
            id=name,
            name="other",
        ),
        tag("button", both("compare_do"), type="submit", class_="button small quiet"),
        class_="compare-form",
        data_act="compare",
        data_doc=page.document.doc_id,
    )


def clause_id(measure: Measure) -> str:
    return f"c-{measure.order}-{measure.line_start}"


def _outline(page: DocumentPage) -> Markup:
    items: list[Markup] = []
    open_path: tuple[str, ...] = ()
    for measure in page.measures:
        items += [
            tag("li", heading, class_=f"section depth-{depth}")
            for depth, heading in enumerate(measure.path)
            if measure.path[: depth + 1] != open_path[: depth + 1]
        ]
        open_path = measure.path
        items.append(
            tag(
                "li",
                tag(
                    "a",
                    tag("span", _last(measure.label) or measure.part, class_="label-text"),
                    tag("span", measure.heading, class_="outline-heading"),
                    href=f"#{clause_id(measure)}",
                    data_act="jump",
                    data_to=clause_id(measure),
                    aria_current="true" if measure.measure_id == page.marked else None,
                ),
                class_=f"depth-{len(measure.path)}",
            )
        )
    return tag(
        "details",
        tag("summary", both("outline")),
        tag("ol", items),
        class_="outline",
        open=True,
    )


def _last(label: str | None) -> str | None:
    return label.rsplit("/", 1)[-1] if label else None


def _body(page: DocumentPage) -> Markup:
    parts: list[Markup] = []
    open_path: tuple[str, ...] = ()
    for measure in page.measures:
        for depth, heading in enumerate(measure.path):
            if measure.path[: depth + 1] != open_path[: depth + 1]:
                parts.append(tag("h3", heading, class_=f"section depth-{depth}"))
        open_path = measure.path
        parts.append(_clause(measure, page))
    return Markup("").join(parts)


def _told(depts: str, text: str) -> bool:
    """Whether the clause itself names the departments, as most do in a closing bracket."""
    return all(part in text for part in depts.split("；"))


def _clause(measure: Measure, page: DocumentPage) -> Markup:
    own = page.own_validity.get(measure.measure_id)
    is_marked = measure.measure_id == page.marked
    return tag(
        "section",
        tag(
            "p",
            label_badge(measure.label, measure.part),
            validity_badge(validity_json(own)) if own else None,
            tag("span", both("page", page=measure.page), class_="muted small")
            if measure.page
            else None,
            labelled(
                "button",
                "copy_clause_link",
                icon("link"),
                type="button",
                class_="icon-button small",
                data_act="copy-link",
                data_href=document_link(page.document.doc_id, measure.label or measure.part),
            ),
            class_="badges",
        ),
        clause_prose(measure.text),
        tag("p", both("depts"), "：", measure.depts, class_="muted small")
        if measure.depts and not _told(measure.depts, measure.text)
        else None,
        class_="clause" + (" marked" if is_marked else ""),
        id=clause_id(measure),
        tabindex="-1",
        aria_current="true" if is_marked else None,
    )
