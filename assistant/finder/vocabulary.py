"""The vocabulary of companies: industries, qualifications, sizes and events, and what implies what.

Read from ``data/lexicon/companies.jsonl``; ``within`` says of which wider terms a term is a case
(a 小巨人 is a 专精特新中小企业; a maker of chip machines is in 集成电路 and in 工业).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from assistant.settings import ROOT

TermKind = Literal["industry", "qualification", "size", "event"]
_QUOTES = re.compile(r"[“”\"「」『』‘’\s]")


@dataclass(frozen=True, slots=True)
class Term:
    kind: TermKind
    name: str
    words: tuple[str, ...]
    within: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A term where a text names it: ``text[start:end]`` of the text as plain() gives it."""

    term: Term
    start: int
    end: int


def plain(text: str) -> str:
    """NFKC in lower case without quotation marks and spaces."""
    return _QUOTES.sub("", unicodedata.normalize("NFKC", text)).lower()


class Vocabulary:
    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = {term.name: term for term in terms}

    @cached_property
    def _by_word(self) -> dict[str, list[Term]]:
        words: dict[str, list[Term]] = {}
        for term in self.terms.values():
            for word in dict.fromkeys((plain(term.name), *map(plain, term.words))):
                words.setdefault(word, []).append(term)
        return words

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._by_word, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)))

    def mentions(self, text: str) -> list[Mention]:
        """Terms named in ``text`` (already plain), the longest word at each place."""
        return [
            Mention(term, match.start(), match.end())
            for match in self._pattern.finditer(text)
            for term in self._by_word[match.group()]
        ]

    def names(self, text: str, kind: TermKind) -> tuple[str, ...]:
        """Names of the terms of one kind in ``text``, in order of appearance."""
        found = (m.term.name for m in self.mentions(plain(text)) if m.term.kind == kind)
        return tuple(dict.fromkeys(found))

    def wider(self, names: Iterable[str]) -> frozenset[str]:
        """``names`` and every term they are a case of."""
        found: set[str] = set()
        todo = list(names)
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo.extend(self.terms[name].within if name in self.terms else ())
        return frozenset(found)

    def related(self, name: str, held: frozenset[str]) -> bool:
        """Whether one who holds ``held`` (already widened) is, or may well be, a ``name``."""
        return name in held or any(name in self.wider((h,)) for h in held)


@lru_cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the repository."""
    path = ROOT / "data" / "lexicon" / "companies.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return Vocabulary(
        Term(row["kind"], row["name"], tuple(row["words"]), tuple(row["within"])) for row in rows
    )
