"""Fingerprints of the code and data that an index depends on.

A parse is reused while the parser is the same, a generation while the indexing code is the same:
both are known by the bytes of their files, so nobody has to remember a version number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
QUESTIONS = ROOT / "data" / "questions" / "policies.jsonl"
LINKS = ROOT / "data" / "links.tsv"
_PARSER = ("assistant/corpus/**/*.py", "assistant/records.py")
_BUILDER = (
    "assistant/chunks.py",
    "assistant/store/a*.py",  # addressed, assemble, authored
    "assistant/store/codec.py",
    "assistant/store/lexical.py",
    "assistant/store/schema.sql",
    "assistant/store/writer.py",
    "embeddings/lexical_index.py",
    "embeddings/vector_index.py",
)


@cache
def parser() -> str:
    """Twelve hex digits over the code that turns a file into documents."""
    return _digest(_PARSER)


@cache
def builder() -> str:
    """Twelve hex digits over the code that turns documents into an index."""
    return _digest(_BUILDER)


def questions() -> str:
    """sha256 of the authored questions, ``""`` without any."""
    return _of_file(QUESTIONS)


def links() -> str:
    """sha256 of the operator's table of addresses, ``""`` without any."""
    return _of_file(LINKS)


def _of_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _digest(patterns: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
