"""``assistant diff``: two documents side by side, measure by measure."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from assistant.cli.docs import iso_day
from assistant.cli.output import console, emit_json, table
from assistant.corpus.links import Links
from assistant.diff import Change, FigureChange, Piece
from assistant.diff_sheet import FIGURES, KINDS, NOT_VERSIONS, write
from assistant.errors import BadInputError
from assistant.records import Document, Measure, ParsedDocument, Validity
from assistant.settings import get_settings
from assistant.store.catalogue import Catalogue
from assistant.store.lookup import find_document
from assistant.store.open import open_index
from assistant.validity import STATUS, validity
from assistant.versions import GROUNDS, Compared, compared
from assistant.wire import validity_to_json

_STYLES = {"same": "", "removed": "red strike", "added": "green"}
_CONTEXT = 40  # characters of unchanged text shown on each side of a change


def diff(
    old: Annotated[str, typer.Argument(help="旧文件：doc_id、文号或标题")],
    new: Annotated[str, typer.Argument(help="新文件：doc_id、文号或标题")],
    show_all: Annotated[bool, typer.Option("--all", help="也列出没有变化的条款")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", help="有效性的日期，默认今天")] = None,
    out: Annotated[Path | None, typer.Option(help="另存为 .xlsx")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
) -> None:
    """逐条比较两份文件：新增、删除、修改、改编号；金额和日期的变化另列。"""
    day = iso_day(as_of) if as_of else date.today().isoformat()
    catalogue = open_index(get_settings()).catalogue
    one, other = find_document(catalogue, old), find_document(catalogue, new)
    if one.doc_id == other.doc_id:
        raise BadInputError("两份文件是同一份", "请给出两份不同的文件")
    links = Links(catalogue.documents())
    result = compared(
        _parsed(catalogue, one),
        _parsed(catalogue, other),
        lambda document: validity(None, document, day, links),
    )
    if out is not None:
        write(result, out)
        typer.echo(f"已保存 {out}", err=True)
    if as_json:
        emit_json(_plain(result))
        return
    _print(result, show_all=show_all)


def _parsed(catalogue: Catalogue, document: Document) -> ParsedDocument:
    return ParsedDocument(document, catalogue.measures(document.doc_id))


def _print(result: Compared, *, show_all: bool) -> None:
    screen, found = console(), result.found
    both = zip("旧新", (result.old, result.new), result.validity, strict=True)
    for mark, document, valid in both:
        number = document.doc_number or document.doc_id
        status = f"{valid.as_of} {STATUS[valid.status]}"
        screen.print(f"{mark}：{document.title}（{number}），{status}", markup=False)
    ground = GROUNDS[result.ground]
    screen.print(ground if result.versions else f"注意：{NOT_VERSIONS}。{ground}。", markup=False)
    screen.print("，".join(f"{word} {found.count(kind)}" for kind, word in KINDS.items()))
    for change in found.changes:
        if show_all or change.kind != "same":
            _print_change(screen, change)
    figures = [(c, f) for c in found.changes for f in c.figures]
    if figures:
        rows = ([_name(c), FIGURES.get(f.kind, f.kind), f.old, f.new] for c, f in figures)
        screen.print(table(["条款", "种类", "原来", "现在"], rows, title="金额、比例和日期的变化"))


def _print_change(out: Any, change: Change) -> None:
    line = Text(f"\n[{KINDS[change.kind]}] {_name(change)} ", style="bold")
    if change.kind == "changed":
        out.print(line)
        out.print(Text.assemble(*_shown(change.pieces)))
        return
    measure = change.new or change.old
    assert measure is not None
    style = {"added": "green", "removed": "red"}.get(change.kind, "")
    out.print(line)
    out.print(Text(measure.text if change.kind in ("added", "removed") else _brief(measure), style))


def _shown(pieces: tuple[Piece, ...]) -> list[tuple[str, str]]:
    """Styled pieces; marks as well as colours, so that a pipe shows the change too."""
    shown: list[tuple[str, str]] = []
    for place, piece in enumerate(pieces):
        if piece.kind == "same":
            text, first, last = piece.text, place == 0, place == len(pieces) - 1
            if len(text) > 2 * _CONTEXT:
                head = "" if first else text[:_CONTEXT]
                tail = "" if last else text[-_CONTEXT:]
                text = f"{head}……{tail}"
            shown.append((text, ""))
        else:
            marks = "[-{}-]" if piece.kind == "removed" else "[+{}+]"
            shown.append((marks.format(piece.text), _STYLES[piece.kind]))
    return shown


def _name(change: Change) -> str:
    labels = [m.label or m.part for m in (change.old, change.new) if m is not None]
    return " → ".join(dict.fromkeys(labels))


def _brief(measure: Measure) -> str:
    return (measure.heading or measure.text.replace("\n", " "))[:60]


def _plain(result: Compared) -> dict[str, Any]:
    def document(held: Document, valid: Validity) -> dict[str, Any]:
        named = {"doc_id": held.doc_id, "title": held.title, "doc_number": held.doc_number}
        return named | {"validity": validity_to_json(valid)}

    def side(measure: Measure | None) -> dict[str, Any] | None:
        if measure is None:
            return None
        return {"measure": measure.label, "part": measure.part, "text": measure.text}

    def figure(change: FigureChange) -> dict[str, Any]:
        return {"kind": change.kind, "old": change.old, "new": change.new}

    return {
        "old": document(result.old, result.validity[0]),
        "new": document(result.new, result.validity[1]),
        "versions": result.versions,
        "ground": result.ground,
        "changes": [
            {
                "kind": change.kind,
                "old": side(change.old),
                "new": side(change.new),
                "likeness": round(change.likeness, 3),
                "pieces": [{"kind": p.kind, "text": p.text} for p in change.pieces],
                "figures": [figure(f) for f in change.figures],
            }
            for change in result.found.changes
        ],
    }
