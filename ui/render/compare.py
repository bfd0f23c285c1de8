"""Two documents side by side: what was added, removed, changed, with the figures apart."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.diff import Change, ChangeKind, FigureChange, Piece
from assistant.records import Document, Measure, Validity
from assistant.versions import Compared
from ui.html import both, tag
from ui.render.badges import label_badge, validity_badge
from ui.render.document import actions, link_button, validity_json
from ui.render.evidence import comparison_link, open_link
from ui.texts import TEXTS

COUNTED: tuple[ChangeKind, ...] = ("changed", "added", "removed", "renumbered", "same")


def comparison(compared: Compared) -> Markup:
    """The page: both documents, whether they are versions, the counts, one row a measure; equal
    measures folded away."""
    found = compared.found
    counts = [
        tag("span", both(f"d_{kind}"), " ", found.count(kind), class_=f"badge d-{kind}")
        for kind in COUNTED
    ]
    changed = [c for c in found.changes if c.kind not in ("same", "renumbered")]
    equal = [c for c in found.changes if c.kind in ("same", "renumbered")]
    folded = (
        tag(
            "details",
            tag("summary", both("d_equal_rows", n=len(equal))),
            _table(_heads(compared, short=True), equal),
            class_="also-in",
        )
        if equal
        else None
    )
    ground = both(f"g_{compared.ground}")
    day = compared.validity[0].as_of
    return tag(
        "article",
        _nav(compared),
        tag("h2", both("compare_title"), class_="doc-title"),
        tag("p", both("checked", date=day), class_="muted small"),
        tag("p", ground, class_="muted small")
        if compared.versions
        else tag("p", both("not_versions"), ground, class_="notes warnings", role="status"),
        tag("p", counts, class_="badges"),
        _table(_heads(compared), changed),
        None if changed else tag("p", both("d_nothing"), class_="muted"),
        folded,
        class_="document comparison",
        data_doc=f"{compared.old.doc_id} {compared.new.doc_id}",
    )


def _nav(compared: Compared) -> Markup:
    pair = {"data_doc": compared.old.doc_id, "data_other": compared.new.doc_id}
    link = comparison_link(compared.old.doc_id, compared.new.doc_id)
    return actions(
        link,
        TEXTS["compare_title"][0],
        link_button("print", "print"),
        link_button("export_excel", "export-comparison", **pair),
    )


def _table(heads: Sequence[Markup], changes: Sequence[Change]) -> Markup:
    return tag(
        "table",
        tag("thead", tag("tr", [tag("th", head, scope="col") for head in heads])),
        tag("tbody", [_row(change) for change in changes]),
        class_="diff",
    )


def _heads(compared: Compared, *, short: bool = False) -> list[Markup]:
    """Title of each side and, unless short, its number, date and status."""
    sides = zip((compared.old, compared.new), compared.validity, strict=True)
    return [
        open_link(document.doc_id, None, document.title)
        + (_particulars(document, valid) if not short else "")
        for document, valid in sides
    ]


def _particulars(document: Document, validity: Validity) -> Markup:
    known = " · ".join(p for p in (document.doc_number, document.issued) if p)
    return tag(
        "p",
        tag("span", known, class_="number"),
        validity_badge(validity_json(validity)),
        class_="badges",
    ) + (tag("p", validity.basis, class_="basis") if validity.basis else "")


def _row(change: Change) -> Markup:
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
