"""``assistant diff``: two documents side by side, measure by measure."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from assistant.cli.output import console, emit_json, table
from assistant.diff import Change, Comparison, FigureChange, Piece, compare
from assistant.errors import BadInputError
from assistant.records import Document, Measure, ParsedDocument
from assistant.settings import get_settings
from assistant.store.catalogue import Catalogue
from assistant.store.lookup import find_document
from assistant.store.open import open_index

_KINDS = {"changed": "改", "added": "增", "removed": "删", "renumbered": "改编号", "same": "同"}
_FIGURES = {
    "amount": "金额",
    "ratio": "比例",
    "threshold": "门槛",
    "period": "期限",
    "time_limit": "时限",
}
_STYLES = {"same": "", "removed": "red strike", "added": "green"}
_CONTEXT = 40  # characters of unchanged text shown on each side of a change


def diff(
    old: Annotated[str, typer.Argument(help="旧文件：doc_id、文号或标题")],
    new: Annotated[str, typer.Argument(help="新文件：doc_id、文号或标题")],
    show_all: Annotated[bool, typer.Option("--all", help="也列出没有变化的条款")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
) -> None:
    """逐条比较两份文件：新增、删除、修改、改编号；金额和日期的变化另列。"""
    catalogue = open_index(get_settings()).catalogue
    one, other = find_document(catalogue, old), find_document(catalogue, new)
    if one.doc_id == other.doc_id:
        raise BadInputError("两份文件是同一份", "请给出两份不同的文件")
    comparison = compare(_parsed(catalogue, one), _parsed(catalogue, other))
    if as_json:
        emit_json(_plain(one, other, comparison))
        return
    out = console()
    for mark, document in (("旧", one), ("新", other)):
        out.print(
            f"{mark}：{document.title}（{document.doc_number or document.doc_id}）", markup=False
        )
    out.print("，".join(f"{word} {comparison.count(kind)}" for kind, word in _KINDS.items()))  # type: ignore[arg-type]
    for change in comparison.changes:
        if show_all or change.kind != "same":
            _print_change(out, change)
    figures = [(c, f) for c in comparison.changes for f in c.figures]
    if figures:
        rows = ([_name(c), _FIGURES.get(f.kind, f.kind), f.old, f.new] for c, f in figures)
        out.print(table(["条款", "种类", "原来", "现在"], rows, title="金额、比例和日期的变化"))


def _parsed(catalogue: Catalogue, document: Document) -> ParsedDocument:
    return ParsedDocument(document, catalogue.measures(document.doc_id))


def _print_change(out: Any, change: Change) -> None:
    line = Text(f"\n[{_KINDS[change.kind]}] {_name(change)} ", style="bold")
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


def _plain(one: Document, other: Document, comparison: Comparison) -> dict[str, Any]:
    def side(measure: Measure | None) -> dict[str, Any] | None:
        if measure is None:
            return None
        return {"measure": measure.label, "part": measure.part, "text": measure.text}

    def figure(change: FigureChange) -> dict[str, Any]:
        return {"kind": change.kind, "old": change.old, "new": change.new}

    return {
        "old": {"doc_id": one.doc_id, "title": one.title, "doc_number": one.doc_number},
        "new": {"doc_id": other.doc_id, "title": other.title, "doc_number": other.doc_number},
        "changes": [
            {
                "kind": change.kind,
                "old": side(change.old),
                "new": side(change.new),
                "likeness": round(change.likeness, 3),
                "pieces": [{"kind": p.kind, "text": p.text} for p in change.pieces],
                "figures": [figure(f) for f in change.figures],
            }
            for change in comparison.changes
        ],
    }
