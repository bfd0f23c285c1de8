"""What an offer gives: the amount as written, who pays, what it excludes."""

from __future__ import annotations

import re

from assistant.finder.conditions import conditions
from assistant.finder.giving import giving
from assistant.finder.requirements import GIVES, MONEY, Offer, paid
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
    """The words of the offer that state what the company gets, verbatim; ``None``: not stated.

    They are the clauses with a sum or a share, so that 最高 and what a ratio is taken of stay with
    it; targets (贷款余额达1万亿元) and the size of funds are none.
    """
    if not offer.gives:
        return None
    inside = [f for f in measure.facts if f.kind in MONEY and _within(f, offer)]
    clauses: dict[str, bool] = {}
    asked = [condition.text for condition in conditions(offer.text)]
    for clause in _CLAUSE.finditer(offer.text):
        facts = [f for f in inside if clause.start() <= f.start - offer.start < clause.end()]
        words = clause.group().strip()
        if any(map(paid, facts)):
            clauses[words] = True
        elif facts and giving(words) >= GIVES:
            # a bound that the company must meet (连续两年增速20%) explains an amount beside it
            clauses.setdefault(words, not any(text in words for text in asked))
    if not any(clauses.values()):
        return _said_after(measure, offer)
    return "；".join(clauses)


def _said_after(measure: Measure, offer: Offer) -> str | None:
    """A later clause that looks back (上述奖励金额最高不超过50万元) states the amount."""
    end = offer.start + len(offer.text)
    facts = [f for f in measure.facts if f.kind in MONEY and f.start >= end]
    for clause in _CLAUSE.finditer(measure.text, end):
        if _BACK.match(clause.group()) and any(
            clause.start() <= f.start < clause.end() for f in facts
        ):
            return clause.group().strip()
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
