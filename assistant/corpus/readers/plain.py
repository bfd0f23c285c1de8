"""Plain text and Markdown: the lines of the file; of Markdown, without its marks.

Of Markdown the front matter (``---`` … ``---``) is left out, emphasis loses its stars, and table
rows have tabs between their cells; a line stays the line that it is in the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.corpus.readers.encodings import decode
from assistant.corpus.readers.source_text import DroppedText, SourceText

_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.{1,400}?)(?<=\S)\1")
_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$")
_TABLE_RULE = re.compile(r"^\s*+\|?\s*+:?-{2,}:?\s*+(?:\|\s*+:?-{2,}:?\s*+)*\|?\s*+$")
_LONGEST_FRONT = 60  # lines of front matter


def read_plain(name: str, data: bytes, sha256: str, kind: str) -> SourceText:
    """Lines of a text file; CR LF and lone CR count as line ends, a byte order mark is dropped."""
    text, encoding, warnings = decode(data, name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return SourceText(name, sha256, kind, encoding, tuple(text.split("\n")), warnings=warnings)


def read_txt(name: str, data: bytes, sha256: str) -> SourceText:
    return read_plain(name, data, sha256, "txt")


def read_md(name: str, data: bytes, sha256: str) -> SourceText:
    text = read_plain(name, data, sha256, "md")
    front = _front_matter(text.lines)
    dropped = [DroppedText(line, "文件头") for line in text.lines[:front] if line.strip()]
    lines = ["" if n < front else _unmarked(line) for n, line in enumerate(text.lines)]
    return replace(text, lines=tuple(lines), dropped=tuple(dropped))


def _front_matter(lines: Sequence[str]) -> int:
    """How many lines at the start are front matter."""
    if not lines or lines[0].strip() != "---":
        return 0
    ends = (
        n for n, line in enumerate(lines[1:_LONGEST_FRONT], 1) if line.strip() in ("---", "...")
    )
    return next(ends, -1) + 1


def _unmarked(line: str) -> str:
    if _TABLE_RULE.match(line) and "|" in line:
        return ""
    if _TABLE_ROW.match(line):
        line = "\t".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    return _EMPHASIS.sub(r"\2", line)
