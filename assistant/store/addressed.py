"""The addresses that an operator gives (``data/links.tsv``) → the documents that they are of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.corpus.addresses import checked
from assistant.errors import BadInputError, SettingsError
from assistant.records import ParsedDocument
from assistant.store.authored import plain

_NEXT = "每行写“文件编号、文号或标题”，一个制表符，再写网址；改好后重新运行"


def with_addresses(
    documents: Sequence[ParsedDocument], path: Path
) -> tuple[list[ParsedDocument], list[str]]:
    """The documents with the addresses of the table, which count before what the texts state,
    and Chinese sentences on the rows that fit no document.

    Raises:
        SettingsError: the table cannot be read, or a row of it is wrong.
    """
    rows = _rows(path)
    used: set[str] = set()
    found = []
    for parsed in documents:
        own = parsed.document
        names = (own.doc_id, plain(own.doc_number or ""), plain(own.title))
        name = next((name for name in names if name in rows), None)
        if name:
            used.add(name)
            parsed = replace(parsed, document=replace(own, url=rows[name][1]))
        found.append(parsed)
    unused = [
        f"{path.name} 第 {line} 行没有用上：没有这个编号、文号或标题的文件"
        for name, (line, _) in rows.items()
        if name not in used
    ]
    return found, unused


def _rows(path: Path) -> dict[str, tuple[int, str]]:
    """Name of a document as compared → line of the table, address."""
    if not path.is_file():
        return {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name} 无法读取，或不是 UTF-8 编码", _NEXT) from error
    rows: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, tab, url = line.partition("\t")
        name = name.strip() if "~" in name else plain(name)
        if not tab or not name:
            raise SettingsError(f"{path.name} 第 {number} 行缺少文件或网址", _NEXT)
        if name in rows:
            raise SettingsError(f"{path.name} 第 {number} 行与第 {rows[name][0]} 行重复", _NEXT)
        try:
            rows[name] = number, checked(url)
        except BadInputError as error:
            raise SettingsError(f"{path.name} 第 {number} 行：{error.message}", _NEXT) from error
    return rows
