"""``assistant export``: the parsed corpus as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.errors import BadInputError
from assistant.jsons import dumps
from assistant.records import Document, Measure
from assistant.settings import get_settings
from assistant.store.open import open_index


def export(
    documents: Annotated[Path | None, typer.Option(help="文件写到此处，每行一份")] = None,
    measures: Annotated[Path | None, typer.Option(help="条款写到此处，每行一条")] = None,
) -> None:
    """导出解析结果：文件和条款，每行一个 JSON 对象。"""
    if documents is None and measures is None:
        raise BadInputError("没有说明导出到哪里", "请给出 --documents 或 --measures")
    catalogue = open_index(get_settings()).catalogue
    if documents:
        _write(documents, (document_to_json(d) for d in catalogue.documents()))
    if measures:
        _write(measures, (measure_to_json(m) for m in catalogue.measures()))


def document_to_json(document: Document) -> dict[str, Any]:
    """All fields of the record under their own names."""
    return asdict(document)


def measure_to_json(measure: Measure) -> dict[str, Any]:
    """All fields of the record under their own names; ``label`` is null for own text (``part``)."""
    return asdict(measure)


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    count = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as stream:
            for row in rows:
                stream.write(dumps(row) + "\n")
                count += 1
    except OSError as error:
        raise BadInputError(f"无法写入 {path}：{error.strerror}", "请换一个可写的路径") from error
    typer.echo(f"{path}：{count} 行", err=True)
