"""The evidence panel: each citation as a card with its clause in context."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from markupsafe import Markup

from assistant.corpus.addresses import usable
from ui.conversation import Turn
from ui.html import both, labelled, tag
from ui.render.badges import label_badge, place_badge, validity_badge
from ui.render.prose import clause_prose, shorten

NEIGHBOUR_CHARS = 160
ALSO_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Neighbour:
    label: str | None
    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a cited clause in its document."""

    path: tuple[str, ...] = ()
    before: Neighbour | None = None
    after: Neighbour | None = None
    depts: str | None = None
    deadline: str | None = None
    level: str | None = None


ContextOf = Callable[[Mapping[str, Any]], Context]


def no_context(citation: Mapping[str, Any]) -> Context:
    return Context()


def document_link(doc_id: str, label: str | None = None) -> str:
    """The shareable address of a document, or of one of its clauses."""
    wanted = {"doc": doc_id} | ({"label": label} if label else {})
    return "?" + urlencode(wanted)


def comparison_link(doc_id: str, other: str) -> str:
    """The shareable address of two documents side by side."""
    return "?" + urlencode({"doc": doc_id, "other": other})


def evidence_panel(turns: Sequence[Turn], context_of: ContextOf = no_context) -> Markup:
    """One section per answered turn; the last one is shown, a click on [n] shows another."""
    answered = [t for t in turns if t.answer and t.answer.get("citations")]
    if not answered:
        return tag("p", both("evidence_empty"), class_="muted empty-note")
    return Markup("").join(
        _section(turn, shown=turn is answered[-1], context_of=context_of) for turn in answered
    )


def _section(turn: Turn, *, shown: bool, context_of: ContextOf) -> Markup:
    assert turn.answer is not None  # filtered by the caller
    return tag(
        "section",
        tag("p", shorten(turn.question, 60), class_="evidence-question"),
        [evidence_card(c, turn.id, context_of(c)) for c in turn.answer["citations"]],
        class_="evidence-turn",
        data_turn=turn.id,
        hidden=not shown,
    )


def evidence_card(citation: Mapping[str, Any], turn_id: str, context: Context) -> Markup:
    """One citation: document, label, validity, place, the clause among its neighbours."""
    n = citation.get("n", 0)
    doc_id, label = str(citation.get("doc_id", "")), citation.get("measure")
    validity = citation.get("validity") or {}
    return tag(
        "article",
        tag(
            "header",
            tag("span", n, class_="cite-n", aria_hidden="true"),
            tag("h3", open_link(doc_id, label, str(citation.get("title", "")))),
        ),
        tag(
            "p",
            label_badge(label, citation.get("part") or "正文"),
            validity_badge(validity),
            place_badge(citation.get("area") or citation.get("district"), context.level),
            tag("span", citation["doc_number"], class_="number")
            if citation.get("doc_number")
            else None,
            class_="badges",
        ),
        tag("p", " › ".join(context.path), class_="path") if context.path else None,
        _neighbour(context.before, "before"),
        tag(
            "div",
            clause_prose(str(citation.get("text", "")), *_spans(citation)),
            class_="clause",
        ),
        _neighbour(context.after, "after"),
        tag("p", validity["basis"], class_="basis") if validity.get("basis") else None,
        _particulars(citation, context),
        _also_in(citation.get("also_in") or ()),
        _actions(doc_id, label),
        class_="card evidence-card",
        id=f"e-{turn_id}-{n}",
        data_n=n,
        tabindex="-1",
        aria_label=f"[{n}] {citation.get('title', '')} {label or ''}",
    )


def _spans(citation: Mapping[str, Any]) -> list[str]:
    """What stands behind each mark; the whole quote where that is not known."""
    return [str(span) for span in citation.get("spans") or [citation.get("quote", "")]]


def open_link(doc_id: str, label: str | None, text: str, **attrs: object) -> Markup:
    """A link that opens a document, or one clause of it, on the page."""
    return tag(
        "a",
        text,
        href=document_link(doc_id, label),
        data_act="open",
        data_doc=doc_id,
        data_label=label or "",
        **attrs,
    )


def outward(url: object) -> Markup | None:
    """A link to where the issuer has a document, by its host, in a tab of its own.

    Conversations come back from the browser: what is no address is not made a link.
    """
    address = usable(str(url)) if url else None
    if address is None:
        return None
    return tag(
        "a",
        urlsplit(address).hostname,
        " ↗",
        href=address,
        target="_blank",
        rel="noopener noreferrer",
        class_="outward",
    )


def _neighbour(neighbour: Neighbour | None, key: str) -> Markup | None:
    if neighbour is None:
        return None
    return tag(
        "details",
        tag(
            "summary",
            both(key),
            tag("span", neighbour.label or neighbour.part, class_="label-text"),
            tag("span", shorten(neighbour.text, 34), class_="peek"),
        ),
        tag("p", shorten(neighbour.text, NEIGHBOUR_CHARS * 4)),
        class_=f"neighbour {key}",
    )


def _particulars(citation: Mapping[str, Any], context: Context) -> Markup | None:
    rows: list[tuple[str, object]] = []
    if context.depts:
        rows.append(("depts", context.depts))
    if context.deadline:
        rows.append(("deadline", context.deadline))
    if citation.get("apply"):
        rows.append(("apply", citation["apply"]))
    where = both(
        "located",
        source=citation.get("source", ""),
        start=citation.get("line_start", ""),
        end=citation.get("line_end", ""),
    )
    page = both("page", page=citation["page"]) if citation.get("page") else None
    rows.append(("source_file", tag("span", where, " " if page else None, page)))
    if citation.get("url"):
        rows.append(("official", outward(citation["url"])))
    return tag(
        "dl",
        [tag("div", tag("dt", both(key)), tag("dd", value)) for key, value in rows],
        class_="particulars",
    )


def _also_in(places: Sequence[Mapping[str, Any]]) -> Markup | None:
    if not places:
        return None
    items = [
        tag(
            "li",
            " ".join(
                str(p[key]) for key in ("title", "doc_number", "measure", "district") if p.get(key)
            ),
        )
        for p in places[:ALSO_SHOWN]
    ]
    more = len(places) - ALSO_SHOWN
    return tag(
        "details",
        tag("summary", both("also_in"), tag("span", len(places), class_="count")),
        tag("ul", items, tag("li", f"… +{more}") if more > 0 else None),
        class_="also-in",
    )


def _actions(doc_id: str, label: str | None) -> Markup:
    return tag(
        "footer",
        tag(
            "a",
            both("open_document"),
            href=document_link(doc_id, label),
            data_act="open",
            data_doc=doc_id,
            data_label=label or "",
            class_="link-button",
        ),
        labelled(
            "button",
            "copy_quote",
            both("copy_quote"),
            type="button",
            class_="link-button",
            data_act="copy-quote",
        ),
    )
