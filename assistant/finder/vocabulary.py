"""The vocabulary of companies: industries, qualifications, sizes and events, and what implies what.

Read from ``data/lexicon/companies.jsonl``; ``within`` says of which wider terms a term is a case
(a 小巨人 is a 专精特新中小企业; a maker of chip machines is in 集成电路 and in 工业), ``against``
names terms that cannot hold beside it, ``means`` marks those who mostly carry a benefit to others
(banks, guarantors) instead of receiving it, and ``told`` are words of everyday speech that are
looked for in what companies say only.  An industry's ``section`` is its letter in GB/T 4754-2017
(:mod:`assistant.finder.industries`), its ``label`` what people call it where texts say more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from assistant.settings import ROOT
from embeddings.characters import unified

TermKind = Literal["industry", "qualification", "size", "event"]
_QUOTES = re.compile(r"[“”\"「」『』‘’\s]")


@dataclass(frozen=True, slots=True)
class Term:
    kind: TermKind
    name: str
    words: tuple[str, ...]
    within: tuple[str, ...]
    against: tuple[str, ...] = ()
    means: bool = False
    told: tuple[str, ...] = ()  # how companies speak of it; texts of the authorities do not
    label: str = ""
    section: str = ""
    special: bool = False  # a narrower trade that policies single out

    @property
    def said(self) -> str:
        """Its name as companies say it."""
        return self.label or self.name


@dataclass(frozen=True, slots=True)
class Held:
    """What holds for a company: the terms told, and with them all wider ones; what it denies."""

    named: frozenset[str]
    all: frozenset[str]
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A term where a text names it: ``text[start:end]`` of the text as plain() gives it."""

    term: Term
    start: int
    end: int


def plain(text: str) -> str:
    """NFKC in lower case without quotation marks and spaces."""
    return _QUOTES.sub("", unified(text)).lower()


class _Words:
    """The terms by their words, found in one pass."""

    def __init__(self, terms: Iterable[tuple[Term, Iterable[str]]]) -> None:
        self._by_word: dict[str, list[Term]] = {}
        for term, words in terms:
            for word in dict.fromkeys(map(plain, words)):
                self._by_word.setdefault(word, []).append(term)
        longest_first = sorted(self._by_word, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def mentions(self, text: str) -> list[Mention]:
        return [
            Mention(term, match.start(), match.end())
            for match in self._pattern.finditer(text)
            for term in self._by_word[match.group()]
        ]


class Vocabulary:
    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = {term.name: term for term in terms}

    @cached_property
    def _written(self) -> _Words:
        return _Words((t, (t.name, *t.words)) for t in self.terms.values())

    @cached_property
    def _spoken(self) -> _Words:
        return _Words((t, (t.name, t.said, *t.words, *t.told)) for t in self.terms.values())

    def mentions(self, text: str, *, spoken: bool = False) -> list[Mention]:
        """Terms named in ``text`` (already plain), the longest word at each place.

        Args:
            spoken: the text is what a company says of itself, not a measure.
        """
        return (self._spoken if spoken else self._written).mentions(text)

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

    def excluded(self, names: Iterable[str]) -> frozenset[str]:
        """Terms that cannot hold for one who holds ``names``."""
        return frozenset(a for n in names if n in self.terms for a in self.terms[n].against)


@lru_cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the repository."""
    path = ROOT / "data" / "lexicon" / "companies.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return Vocabulary(
        Term(
            row["kind"],
            row["name"],
            tuple(row["words"]),
            tuple(row["within"]),
            tuple(row.get("against", ())),
            row.get("means", False),
            tuple(row.get("told", ())),
            row.get("label", ""),
            row.get("section", ""),
            row.get("special", False),
        )
        for row in rows
    )


@lru_cache(maxsize=16384)
def named(text: str) -> frozenset[str]:
    """Names of all terms in a text of the corpus; the same texts are read at every match."""
    return frozenset(m.term.name for m in vocabulary().mentions(plain(text)))
