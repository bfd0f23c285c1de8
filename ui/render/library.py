"""The library: filters and the list of documents."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.records import Document, Measure
from ui.html import both, join, option, tag
from ui.reading import LibraryQuery, LibraryRow, search_words
from ui.render.badges import place_badge, validity_badge
from ui.render.document import validity_json
from ui.render.evidence import open_link
from ui.render.prose import mark_words, shorten, word_pattern
from ui.texts import TEXTS

FOUND_SHOWN = 3
AROUND = 46


def library_form(documents: Sequence[Document]) -> Markup:
    """Search box and filters; the choices are what the library holds."""
    districts = sorted({d.district for d in documents if d.district})
    kinds = sorted({d.kind for d in documents})
    years = sorted({d.issued[:4] for d in documents if d.issued}, reverse=True)
    statuses = ("in_force", "unknown", "extended", "amended", "expired", "repealed", "not_yet")
    placeholder_zh, placeholder_en = TEXTS["library_search"]
    return tag(
        "form",
        tag(
            "label",
            tag("span", both("library_search"), class_="visually-hidden"),
            tag(
                "input",
                type="search",
                name="text",
                placeholder=placeholder_zh,
                data_placeholder_zh=placeholder_zh,
                data_placeholder_en=placeholder_en,
                autocomplete="off",
                maxlength=100,
            ),
            class_="search",
        ),
        _select("district", "all_districts", ["市级", *districts]),
        _select("status", "all_validity", statuses, prefix="v_"),
        _select("kind", "all_kinds", kinds),
        _select("year", "all_years", years),
        _select("sort", "sort", ("date", "title"), prefix="sort_", blank=False),
        class_="library-form",
        role="search",
        data_act="library",
    )


def _select(
    name: str, key: str, values: Sequence[str], *, prefix: str = "", blank: bool = True
) -> Markup:
    choices = [option("", *TEXTS[key])] if blank else []
    for value in values:
        texts = TEXTS[prefix + value] if prefix else (value, value)
        choices.append(option(value, *texts))
    return tag(
        "label",
        tag("span", both(key), class_="visually-hidden"),
        tag("select", choices, name=name),
    )


def library_list(rows: Sequence[LibraryRow], query: LibraryQuery, held: int) -> Markup:
    """The rows; when there are none, why.

    Args:
        held: how many documents there are without any filter.
    """
    if not rows:
        return _blank(query, held)
    words = search_words(query.text)
    return tag(
        "p", both("found_documents", n=len(rows)), class_="muted small", role="status"
    ) + tag("ol", [_row(row, words) for row in rows], class_="library-list")


def _blank(query: LibraryQuery, held: int) -> Markup:
    """Which filters leave nothing of what is held, and a button that clears them."""
    if not held:
        return tag("p", both("library_empty"), class_="muted empty-note", role="status")
    filters: list[tuple[str, str]] = [
        ("library_search", query.text),
        ("all_districts", query.district),
        ("all_kinds", query.kind),
        ("all_validity", TEXTS[f"v_{query.status}"][0] if query.status else ""),
        ("all_years", query.year),
        ("district", query.place),
        ("validity", TEXTS["validity_current"][0] if query.in_force_only else ""),
    ]
    return tag(
        "div",
        tag("p", both("no_documents", n=held), role="status"),
        tag("ul", [tag("li", both(key), "：", tag("q", v)) for key, v in filters if v]),
        tag(
            "button",
            both("clear_filters"),
            type="button",
            class_="button small quiet",
            data_act="clear-library",
        ),
        class_="muted empty-note",
    )


def _copies(copies: Sequence[Document]) -> Markup:
    links = join([open_link(d.doc_id, None, d.source) for d in copies], "、")
    return tag("p", both("also_held"), links, class_="muted small")


def _row(row: LibraryRow, words: Sequence[str]) -> Markup:
    document = row.document
    return tag(
        "li",
        tag(
            "div",
            open_link(document.doc_id, None, mark_words(document.title, words), class_="row-title"),
            tag(
                "p",
                validity_badge(validity_json(row.validity)),
                place_badge(document.place, document.level),
                tag("span", _number(row, words), class_="number") if document.doc_number else None,
                tag("span", document.issued, class_="num muted") if document.issued else None,
                tag("span", both("measures_n", n=row.measures), class_="muted"),
                tag("span", both("hits_n", n=len(row.found)), class_="muted")
                if row.found
                else None,
                class_="badges",
            ),
            _copies(row.copies) if row.copies else None,
            [_found(document, m, words) for m in row.found[:FOUND_SHOWN]],
        ),
    )


def _number(row: LibraryRow, words: Sequence[str]) -> Markup:
    number = row.document.doc_number or ""
    asked_for = bool(words) and row.rank == 0
    return tag("mark", number) if asked_for else mark_words(number, words)


def _found(document: Document, measure: Measure, words: Sequence[str]) -> Markup:
    label = measure.label or measure.part
    return tag(
        "p",
        open_link(document.doc_id, label, label, class_="label-text"),
        " ",
        mark_words(excerpt(measure.text, words), words),
        class_="found",
    )


def excerpt(text: str, words: Sequence[str]) -> str:
    """The part of ``text`` around the first of ``words``."""
    flat = shorten(text, len(text) + 1)
    pattern = word_pattern(words)
    found = pattern.search(flat) if pattern else None
    start = max((found.start() if found else 0) - AROUND // 2, 0)
    piece = flat[start : start + 2 * AROUND]
    return ("…" if start else "") + piece + ("…" if start + 2 * AROUND < len(flat) else "")
