"""What an offer gives: the amount as written, who pays, what it excludes."""

from __future__ import annotations

import re

from assistant.finder.requirements import MONEY, Offer
from assistant.records import Document, Fact, Measure

_CLAUSE = re.compile(r"[^，。；;\n]+")
_BACK = re.compile(r"\s{0,3}(?:上述|前述|前款)")
_EXCLUSIVE = re.compile(
    r"(?<![^。；;\n])[^。；;\n]*?(?:不重复|不得重复|从优|从高|就高不就低|择优不重复|不可兼得|不同时享受)[^。；;\n]*"
)
_PAYER = re.compile(
    r"(?:市区联动|市、区(?:两级)?联动|市级层面|市级财政|区级财政|市、区两级|各区|市级[^，。；]{2,14}?资金|"
    r"区级[^，。；]{2,14}?资金|专项资金|市财政(?!局)|区财政(?!局)|失业保险基金)"
)


def amount_of(measure: Measure, offer: Offer) -> str | None:
    """The words of the offer that state amounts and ratios, verbatim; ``None``: not stated.

    The span runs from the clause of the first figure to that of the last, so that 最高 and what a
    ratio is taken of stay with it.
    """
    inside = [f for f in measure.facts if f.kind in MONEY and _within(f, offer)]
    if not inside:
        return _said_after(measure, offer)
    clauses = [
        c
        for c in _CLAUSE.finditer(offer.text)
        if any(c.start() <= f.start - offer.start < c.end() for f in inside)
    ]
    if not clauses:
        return "、".join(dict.fromkeys(f.text for f in inside))
    return "；".join(dict.fromkeys(c.group().strip() for c in clauses))


def _said_after(measure: Measure, offer: Offer) -> str | None:
    """A later clause that looks back (上述奖励金额最高不超过50万元) states the amount."""
    end = offer.start + len(offer.text)
    facts = [f for f in measure.facts if f.kind in MONEY and f.start >= end]
    for clause in _CLAUSE.finditer(measure.text, end):
        if _BACK.match(clause.group()) and any(
            clause.start() <= f.start < clause.end() for f in facts
        ):
            return clause.group().strip() if offer.gives else None
    return None


def payer_of(measure: Measure, document: Document) -> str | None:
    """Who pays, as far as the text says; else the departments responsible."""
    stated = next((f.text for f in measure.facts if f.kind == "payer"), None)
    named = _PAYER.search(measure.text)
    return stated or (named.group() if named else None) or measure.depts


def exclusive_of(measure: Measure) -> str | None:
    found = _EXCLUSIVE.search(measure.text)
    return found.group().strip() if found else None


def _within(fact: Fact, offer: Offer) -> bool:
    return offer.start <= fact.start and fact.end <= offer.start + len(offer.text)
