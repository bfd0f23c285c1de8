"""Records ↔ JSON text, as the catalogue keeps them.

The whole record is stored, so that a new field needs no change here; a record written by
another version that no longer fits raises :class:`IndexMismatchError`.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from assistant.errors import IndexMismatchError
from assistant.records import Document, Fact, Measure, ParsedDocument, Place, Relation


def to_plain(value: Any) -> Any:
    """A record and the records inside it as dicts, lists and plain values.

    Fields that hold the default of the record are left out (most fields of a fact are empty);
    they come back when the record is made again.
    """
    if is_dataclass(value) and not isinstance(value, type):
        plain = ((name, getattr(value, name), default) for name, default in _defaults(type(value)))
        return {name: to_plain(item) for name, item, default in plain if item != default}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return value


@cache
def _defaults(record: type) -> tuple[tuple[str, Any], ...]:
    """Field names with their defaults; ``MISSING``, which equals nothing, where there is none."""
    return tuple((f.name, f.default) for f in fields(record))


def dumps(value: Any) -> str:
    return json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":"))


def document_from(text: str) -> Document:
    return _document(json.loads(text))


def measure_from(text: str) -> Measure:
    return _measure(json.loads(text))


def relation_from(text: str) -> Relation:
    return _record(Relation, json.loads(text))


def place_from(text: str) -> Place:
    return _record(Place, json.loads(text))


def parsed_from(plain: dict[str, Any]) -> ParsedDocument:
    return ParsedDocument(
        _document(plain["document"]), tuple(_measure(m) for m in plain.get("measures", ()))
    )


def _document(plain: dict[str, Any]) -> Document:
    plain["relations"] = tuple(_record(Relation, r) for r in plain.get("relations", ()))
    for name in ("issuers", "warnings"):
        plain[name] = tuple(plain.get(name, ()))
    return _record(Document, plain)


def _measure(plain: dict[str, Any]) -> Measure:
    plain["facts"] = tuple(_record(Fact, f) for f in plain.get("facts", ()))
    plain["path"] = tuple(plain.get("path", ()))
    return _record(Measure, plain)


def _record(kind: type, plain: dict[str, Any]) -> Any:
    try:
        return kind(**plain)
    except TypeError as error:
        raise IndexMismatchError(
            "索引由另一版本的程序建立，记录无法读取",
            "请运行 assistant ingest --rebuild 重新建立索引",
        ) from error
