"""Two versions side by side: what was added, removed, changed, with the figures apart."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.diff import Change, Comparison, FigureChange, Piece
from assistant.records import Document, Measure
from ui.html import both, tag
from ui.render.badges import label_badge
from ui.render.evidence import document_link
from ui.texts import TEXTS

COUNTED = ("changed", "added", "removed", "renumbered", "same")


def comparison(old: Document, new: Document, found: Comparison) -> Markup:
    """The page: both titles, the counts, one row a measure; equal measures folded away."""
    counts = [
        tag("span", both(f"d_{kind}"), " ", found.count(kind), class_=f"badge d-{kind}")  # type: ignore[arg-type]
        for kind in COUNTED
    ]
    changed = [c for c in found.changes if c.kind not in ("same", "renumbered")]
    equal = [c for c in found.changes if c.kind in ("same", "renumbered")]
    folded = (
        tag(
            "details",
            tag("summary", both("d_equal_rows", n=len(equal))),
            _table(old, new, equal),
            class_="also-in",
        )
        if equal
        else None
    )
    return tag(
        "article",
        tag(
            "nav",
            tag("button", "← ", both("back"), type="button", class_="link-button", data_act="back"),
            class_="doc-nav",
            aria_label=TEXTS["compare_title"][0],
        ),
        tag("h2", both("compare_title"), class_="doc-title"),
        tag("p", counts, class_="badges"),
        _table(old, new, changed) if changed else tag("p", both("d_nothing"), class_="muted"),
        folded,
        class_="document",
    )


def _table(old: Document, new: Document, changes: Sequence[Change]) -> Markup:
    return tag(
        "table",
        tag(
            "thead",
            tag("tr", tag("th", _name(old), scope="col"), tag("th", _name(new), scope="col")),
        ),
        tag("tbody", [_row(change, old, new) for change in changes]),
        class_="diff",
    )


def _name(document: Document) -> Markup:
    return tag("a", document.title, href=document_link(document.doc_id)) + tag(
        "p", " · ".join(p for p in (document.doc_number, document.issued) if p), class_="number"
    )


def _row(change: Change, old: Document, new: Document) -> Markup:
    return tag(
        "tr",
        _cell(change.old, change.pieces, "removed"),
        _cell(change.new, change.pieces, "added", change.figures),
        class_=f"d-{change.kind}",
    )


def _cell(
    measure: Measure | None,
    pieces: Sequence[Piece],
    own: str,
    figures: Sequence[FigureChange] = (),
) -> Markup:
    if measure is None:
        return tag("td", tag("span", both("d_none"), class_="muted"))
    mark = "del" if own == "removed" else "ins"
    text: object = [
        piece.text if piece.kind == "same" else tag(mark, piece.text)
        for piece in pieces
        if piece.kind in ("same", own)
    ] or tag(mark, measure.text)
    return tag(
        "td",
        tag("p", label_badge(measure.label, measure.part), class_="badges"),
        tag("p", text, class_="diff-text"),
        [_figure(figure) for figure in figures],
    )


def _figure(figure: FigureChange) -> Markup:
    return tag(
        "p",
        both("d_figure"),
        "：",
        tag("del", figure.old) if figure.old else None,
        " → " if figure.old and figure.new else None,
        tag("ins", figure.new) if figure.new else None,
        class_="small",
    )
