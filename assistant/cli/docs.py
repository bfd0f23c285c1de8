"""``assistant docs``: the documents of the index with their validity on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from assistant.cli.output import console, emit_json, table
from assistant.corpus.districts import full_name
from assistant.corpus.links import Links
from assistant.errors import BadInputError
from assistant.records import Document, Validity
from assistant.settings import get_settings
from assistant.store.authored import plain
from assistant.store.open import open_index
from assistant.validity import STATUS, validity

_CITY = "市级"


def docs(
    search: Annotated[str | None, typer.Argument(help="标题或文号中的字")] = None,
    district: Annotated[
        str | None, typer.Option("--district", "-d", help="区名；“市级”只看市级文件")
    ] = None,
    status: Annotated[
        str | None, typer.Option("--status", "-s", help=f"有效性：{'、'.join(STATUS)}")
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--type", "-t", help="类型：政策、解读、决定 …")
    ] = None,
    since: Annotated[str | None, typer.Option(help="成文或印发不早于 YYYY-MM-DD")] = None,
    until: Annotated[str | None, typer.Option(help="成文或印发不晚于 YYYY-MM-DD")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="有效性的日期，默认今天")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
) -> None:
    """列出已入库的文件，可按区、有效性、日期和类型筛选。"""
    if status is not None and status not in STATUS:
        raise BadInputError(f"没有“{status}”这种有效性", f"可用：{'、'.join(STATUS)}")
    day = iso_day(as_of) if as_of else date.today().isoformat()
    first, last = iso_day(since) if since else "", iso_day(until) if until else "9999"
    catalogue = open_index(get_settings()).catalogue
    links = Links(catalogue.documents())
    rows: list[tuple[Document, Validity]] = []
    for document in catalogue.documents():
        if not _fits(document, search, district, kind) or not _between(document, first, last):
            continue
        valid = validity(None, document, day, links)
        if status is None or valid.status == status:
            rows.append((document, valid))
    if as_json:
        emit_json([_plain(document, valid) for document, valid in rows])
        return
    out = console()
    addressed = any(d.url for d, _ in rows)
    cells = (
        [
            d.doc_id,
            d.title,
            d.doc_number,
            d.place or d.elsewhere or _CITY,
            d.kind if d.language == "zh" else f"{d.kind}（英文）",
            d.issued,
            STATUS[v.status],
            v.expires,
            *([d.url] if addressed else []),
        ]
        for d, v in rows
    )
    columns = ["编号", "标题", "文号", "地区", "类型", "印发", f"{day} 是否有效", "至"]
    columns += ["原文网址"] if addressed else []
    out.print(table(columns, cells))
    out.print(f"{len(rows)} 份文件", markup=False)


def iso_day(text: str) -> str:
    """Raises :class:`BadInputError` for what is no ISO date."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise BadInputError(f"“{text}”不是日期", "请写成 2025-01-31 的样子") from error


def _fits(document: Document, search: str | None, district: str | None, kind: str | None) -> bool:
    if search and plain(search) not in plain(document.title + (document.doc_number or "")):
        return False
    if kind and document.kind != kind:
        return False
    if district is None:
        return True
    if district in (_CITY, "市", "上海市"):
        return document.district is None
    name = full_name(district)
    if name is None:
        raise BadInputError(f"没有“{district}”这个区", f"请写区的全名，或“{_CITY}”")
    return document.district == name


def _between(document: Document, first: str, last: str) -> bool:
    if not first and last == "9999":
        return True
    return first <= (document.issued or "") <= last and document.issued is not None


def _plain(document: Document, valid: Validity) -> dict[str, Any]:
    from assistant.cli.export import document_to_json
    from assistant.wire import validity_to_json

    return document_to_json(document) | {"validity": validity_to_json(valid)}
