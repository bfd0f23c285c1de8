"""What a company says it is not, has not or did not: 不是首次升规, 没有获得过任何称号.

A denial holds for all that is narrower: who has no title has no city title, but who has no city
title may have another.  So it speaks against a condition that names all that is denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.finder.vocabulary import Mention, named, plain, vocabulary
from assistant.question.wordings import wording
from embeddings.segment import words

_CLAUSE = re.compile(r"[^，,。；;！!？?\n]+[？?]?")
_ASKS = re.compile(r"[吗呢么？?]$|怎么|如何")
_AND = re.compile(r"[、和或]")


@dataclass(frozen=True, slots=True)
class Denial:
    """A phrase without the word that denies: the terms it names and its other words."""

    terms: frozenset[str]
    tokens: frozenset[str]

    def covers(self, text: str) -> bool:
        """Whether what ``text`` names is among what is denied."""
        flat = plain(text)
        return self.terms <= vocabulary().wider(named(text)) and all(t in flat for t in self.tokens)


def denials(text: str) -> tuple[str, ...]:
    """The phrases denied in ``text``; what is asked (没有补贴吗？) is not denied."""
    found: dict[str, None] = {}
    for before, phrase, _ in _denying(plain(text)):
        subject = _standing(before) if not _told(phrase) else None
        if subject:  # 高企还没评上
            phrase = subject.term.name + phrase
        found.update((piece, None) for piece in _AND.split(phrase) if piece)
    return tuple(phrase for phrase in found if understood((phrase,)))


@lru_cache(maxsize=1024)
def understood(phrases: tuple[str, ...]) -> tuple[Denial, ...]:
    """What each phrase denied means; those that mean nothing are left out."""
    return tuple(read for phrase in phrases if (read := _read(plain(phrase))) is not None)


def denied(mention: Mention, text: str) -> bool:
    """Whether ``text``, plain, denies what ``mention`` names in it: 没评上高企, 高企还没评上.

    In 没钱招工 it is the money that is denied.
    """
    for before, phrase, start in _denying(text):
        if start <= mention.start < start + len(phrase):
            return not _told(phrase[: mention.start - start], terms=False)
        if start - len(before) <= mention.start < start:
            subject = _standing(before)
            return subject is not None and subject.term == mention.term and not _told(phrase)
    return False


def _denying(text: str) -> Iterator[tuple[str, str, int]]:
    """Of every clause that denies: what stands before and after the denying word, and where."""
    for clause in _CLAUSE.finditer(text):
        no = wording("denies").search(text, clause.start(), clause.end())
        if no is not None and not _ASKS.search(clause.group()):
            yield text[clause.start() : no.end()], text[no.end() : clause.end()], no.end()


def _read(phrase: str) -> Denial | None:
    mentions, rest = _apart(phrase)
    said = words(rest)
    tokens = _telling(said)
    if not (mentions or tokens):  # 通过认定: nothing but words for attaining
        tokens = said[-1:]
    terms = frozenset(m.term.name for m in mentions)
    return Denial(terms, frozenset(tokens)) if terms or tokens else None


def _told(phrase: str, *, terms: bool = True) -> bool:
    """Whether a phrase says more than 获得, 通过, 任何 and the like."""
    mentions, rest = _apart(phrase)
    return bool(_telling(words(rest))) or (terms and bool(mentions))


def _telling(said: Iterable[str]) -> list[str]:
    return [word for word in said if not wording("attained").fullmatch(word)]


def _apart(phrase: str) -> tuple[list[Mention], str]:
    """The terms of the vocabulary that a phrase names, and the phrase without them."""
    mentions = vocabulary().mentions(phrase, spoken=True)
    rest = list(phrase)
    for mention in mentions:
        rest[mention.start : mention.end] = "，" * (mention.end - mention.start)
    return mentions, "".join(rest)


def _standing(text: str) -> Mention | None:
    """The standing named last in ``text``."""
    found = [m for m in vocabulary().mentions(text, spoken=True) if m.term.kind == "qualification"]
    return found[-1] if found else None
