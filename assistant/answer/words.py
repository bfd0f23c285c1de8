"""What an answer says around the clauses, in the language of the question.

``data/lexicon/phrases.tsv`` has one column for each language; nothing else words an answer.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from assistant.records import Language
from embeddings.segment import LEXICON

PHRASES = LEXICON / "phrases.tsv"


@lru_cache(maxsize=1)
def phrases() -> dict[str, dict[Language, str]]:
    """Key → language → the words, with names in braces."""
    lines = PHRASES.read_text(encoding="utf-8").replace("␣", " ").split("\n")[:-1]
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {
        key: {"zh": chinese, "en": english.replace("␤", "\n")} for key, chinese, english in rows
    }


def words(language: Language, key: str, **values: object) -> str:
    """The phrase with its names filled in.

    Raises:
        KeyError: there is no such phrase, or a name of it is not given.
    """
    return phrases()[key][language].format(**values)


def day(iso: str | None, language: Language = "zh") -> str:
    """``2023-04-01`` → ``2023年4月1日``, ``1 April 2023``; months and years alone stay so."""
    parts = [int(p) for p in (iso or "").split("-") if p.isdigit()]
    if language == "zh":
        return "".join(f"{value}{unit}" for value, unit in zip(parts, "年月日", strict=False))
    written = ("", "%Y", "%B %Y", "%-d %B %Y")[len(parts)]
    return date(*(*parts, 1, 1)[:3]).strftime(written) if parts else ""
