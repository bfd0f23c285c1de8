"""Plain text and Markdown: the lines of the file, unchanged."""

from __future__ import annotations

from assistant.corpus.readers.encodings import decode
from assistant.corpus.readers.source_text import SourceText


def read_plain(name: str, data: bytes, sha256: str, kind: str) -> SourceText:
    """Lines of a text file; CR LF and lone CR count as line ends, a byte order mark is dropped."""
    text, encoding, warnings = decode(data, name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return SourceText(name, sha256, kind, encoding, tuple(text.split("\n")), warnings=warnings)


def read_txt(name: str, data: bytes, sha256: str) -> SourceText:
    return read_plain(name, data, sha256, "txt")


def read_md(name: str, data: bytes, sha256: str) -> SourceText:
    return read_plain(name, data, sha256, "md")
