"""English words → Chinese ones: the rows of ``data/lexicon/english.tsv``, looked up by stem."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.corpus.areas import areas
from embeddings.segment import LEXICON

FILE = LEXICON / "english.tsv"
WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:['’&][A-Za-z]+)*")


@dataclass(frozen=True, slots=True)
class Item:
    """A row, or a word that has none: its kind, its Chinese or template, the word as typed."""

    kind: str
    chinese: str
    typed: str = ""


Rows = dict[tuple[str, ...], Item]
Frame = tuple[tuple[tuple[str, ...], ...], Item]


@dataclass(frozen=True, slots=True)
class Glossary:
    """Stems → kind and Chinese.

    ``frames``: stems of an ask in their order → template; ``places``: Chinese → English.
    """

    terms: Rows
    units: Rows
    talk: Rows
    frames: tuple[Frame, ...]
    words: frozenset[str]
    places: dict[str, str]


def stem(word: str) -> str:
    """Singular and plural, forms of a verb, British and American spelling in one form."""
    if word.lower().endswith("n't"):
        return "not"  # the verb before it says nothing
    w = word.lower().partition("'")[0].replace("isation", "ization")
    if len(w) <= 3:
        return w
    if w.endswith(("ies", "ied")):
        w = w[:-3] + "y"
    elif w.endswith(("sses", "xes", "ches", "shes")):
        w = w[:-2]
    elif w.endswith("s") and not w.endswith(("ss", "us", "is")):
        w = w[:-1]
    for end in ("ing", "ed"):
        if w.endswith(end) and len(w) >= len(end) + 3:
            w = w.removesuffix(end)
            w = w[:-1] if w[-1] == w[-2] and w[-1] not in "lsz" else w
            break
    w = w.removesuffix("e") if len(w) > 3 else w
    return w[:-2] + "iz" if w.endswith("is") and len(w) > 5 else w


def stems(phrase: str) -> tuple[str, ...]:
    """The stems of the words of a phrase, by which it is looked up."""
    return tuple(map(stem, WORD.findall(phrase)))


@lru_cache(maxsize=1)
def glossary() -> Glossary:
    """The rows of ``english.tsv``; of two with the same words the first counts."""
    return read_glossary(FILE.read_text(encoding="utf-8").splitlines())


def read_glossary(lines: Iterable[str]) -> Glossary:
    """A glossary of lines ``kind<TAB>english|…<TAB>中文<TAB>sense``; ``#`` begins a remark."""
    found: dict[str, Rows] = {"unit": {}, "talk": {}, "term": {}}
    frames: list[Frame] = []
    places: dict[str, str] = {}
    for line in lines:
        if not line or line.startswith("#"):
            continue
        kind, english, chinese, _ = line.split("\t")
        if kind == "place":
            places.setdefault(chinese, english.partition("|")[0])
        for phrase in english.split("|"):
            if kind in ("ask", "aux"):
                parts = tuple(stems(part) for part in phrase.split("*"))
                frames.append((parts, Item(kind, chinese)))
            else:
                found.get(kind, found["term"]).setdefault(stems(phrase), Item(kind, chinese))
    frames.sort(key=lambda row: -sum(map(len, row[0])))
    words = {w for rows in found.values() for key in rows for w in key}
    words |= {w for parts, _ in frames for part in parts for w in part}
    units, talk, terms = found.values()
    return Glossary(terms, units, talk, tuple(frames), frozenset(words), places)


def place_name(chinese: str) -> str:
    """A district, area or city in English; as it is where none is known."""
    area = areas().get(chinese)
    return area.english if area else glossary().places.get(chinese, chinese)
