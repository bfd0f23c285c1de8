"""What staff put right about a source: title, number, district and period of its documents.

Kept in ``.corrections/SHA256.json`` beside the source, under the digest of the content that was
looked at: every later parse of that content applies them, another version of the file does not.
The text itself stays; what was read from it is named in the warnings of the document.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.corpus.readers import file_sha256
from assistant.errors import SourceError
from assistant.records import Document, ParsedDocument

FIELDS = {
    "title": "标题",
    "doc_number": "文号",
    "district": "区",
    "effective_from": "施行日期",
    "expires": "有效期止",
    "url": "原文网址",
}
_FOLDER = ".corrections"  # hidden, so that nothing in it is a source
_ANSWERED = {"doc_number": "未找到文号", "title": "标题过短"}  # field → warning that it ends


@dataclass(frozen=True, slots=True)
class Correction:
    """Of one document, what is to be said instead; ``None`` where nothing is stated."""

    line_start: int  # of the document in its source
    values: Mapping[str, str | None]  # by names in FIELDS


def place(source: Path, content: Path) -> Path:
    """Where corrections of this content of a source are kept; the file may not be there."""
    return source.parent / _FOLDER / f"{file_sha256(content)}.json"


def version(source: Path, content: Path) -> str:
    """Digest of the content, with its corrections where there are any: equal, equally parsed."""
    kept = place(source, content)
    if not kept.is_file():
        return kept.stem
    return hashlib.sha256(kept.stem.encode() + kept.read_bytes()).hexdigest()


def load(source: Path, content: Path) -> list[Correction]:
    """The corrections of this content; none when nothing was put right.

    Raises:
        OSError: they cannot be read.
        SourceError: they are damaged.
    """
    kept = place(source, content)
    if not kept.is_file():
        return []
    try:
        rows = json.loads(kept.read_text(encoding="utf-8"))
        return [_correction(row) for row in rows]
    except (ValueError, TypeError, KeyError) as error:
        raise SourceError(
            f"{source.name} 的更正记录 {kept.name} 已损坏", "请删除该记录后重新收入此文件并更正"
        ) from error


def dumps(corrections: Iterable[Correction]) -> str:
    rows = [{"line_start": c.line_start, **c.values} for c in corrections]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _correction(row: object) -> Correction:
    """Raises ValueError, TypeError or KeyError when it is none."""
    values = dict(row)  # type: ignore[call-overload]
    line = values.pop("line_start")
    if not isinstance(line, int) or not values.keys() <= FIELDS.keys():
        raise ValueError("no correction")
    if not all(value is None or isinstance(value, str) for value in values.values()):
        raise ValueError("neither text nor nothing")
    return Correction(line, values)


def apply(
    documents: Sequence[ParsedDocument], corrections: Sequence[Correction]
) -> tuple[tuple[ParsedDocument, ...], list[str]]:
    """The documents put right, and Chinese sentences on what fits none of them.

    A document is known by the line that it begins on; the only correction of the only document
    is its own wherever a newer parser lets it begin.
    """
    lines = {parsed.document.line_start for parsed in documents}
    by_line = {c.line_start: c for c in corrections}
    if len(documents) == len(by_line) == 1:
        by_line = dict.fromkeys(lines, corrections[0])
    unused = [
        f"第 {line} 行起的文件已不存在，对它的更正没有用上" for line in by_line if line not in lines
    ]
    corrected = tuple(
        replace(parsed, document=_corrected(parsed.document, found.values))
        if (found := by_line.get(parsed.document.line_start))
        else parsed
        for parsed in documents
    )
    return corrected, unused


def _corrected(document: Document, values: Mapping[str, str | None]) -> Document:
    changes: dict[str, Any] = dict(values)
    if "district" in values:
        changes["level"] = "区" if values["district"] else "市"
        changes["elsewhere"] = None
    if "effective_from" in values or "expires" in values:
        # the sentence and the years that were read say something else
        changes |= {"validity_quote": None, "plan_start": None, "plan_end": None}
    if "effective_from" in values:
        # what it repeals and changes, it does when it takes effect
        read, right = (
            day or document.issued for day in (document.effective_from, changes["effective_from"])
        )
        changes["relations"] = tuple(
            replace(one, effective=right) if one.effective == read else one
            for one in document.relations
        )
    ended = tuple(said for name, said in _ANSWERED.items() if values.get(name))
    warnings = tuple(w for w in document.warnings if not ended or not w.startswith(ended))
    told = tuple(
        f"{FIELDS[name]}已由工作人员更正，原文读作：{getattr(document, name) or '没有写明'}"
        for name, value in values.items()
        if value != getattr(document, name)
    )
    return replace(document, **changes, warnings=warnings + told)
