"""Which measures apply to a company: every measure of the corpus is looked at, none by top-k.

A measure is listed when it makes an offer that (1) holds where the company is, (2) is in force or
states no end on the date, (3) requires nothing the company is known not to have, and (4) is about
what the company told or asked.  What fails only (1), (2) or (3) is a near miss with its reason.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest

from assistant.corpus.dates import chinese_date
from assistant.corpus.facts_channel import how_to_apply
from assistant.corpus.links import Links
from assistant.corpus.own_period import own_periods
from assistant.finder.benefit import amount_of, exclusive_of, payer_of
from assistant.finder.checks import checklist, contradiction, verdict
from assistant.finder.listing import Row, cut, once
from assistant.finder.place import area_of, holds_for, located, place_check
from assistant.finder.profile import held
from assistant.finder.relevance import Relevance, Relevant
from assistant.finder.requirements import GIVES, Offer, offers
from assistant.finder.vocabulary import Held, TermKind, named, vocabulary
from assistant.records import (
    Citation,
    ConditionCheck,
    Document,
    Hit,
    Match,
    Measure,
    Place,
    Profile,
    Validity,
)
from assistant.validity import validity

LIMIT = 24
NEAR_LIMIT = 8
# Measures looked at closely, by relevance: below lies what nobody asked about.
POOL = 160
# What being aimed at just such companies adds to relevance.
AFFINITY = 0.4
# What the offer's own sentence saying what is asked adds, beside its measure as a whole.
WORDING = 0.6
# Share of the best offer's wording at which another offer of the measure counts as asked about.
PERTINENT = 0.45
# Share of its relevance that a measure keeps which gives nothing, where nobody asked in words.
KEPT = 0.5
_JUDGED = 20_000  # verdicts of validity remembered
_NARROW: tuple[TermKind, ...] = ("industry", "qualification")
_ARE: tuple[TermKind, ...] = (*_NARROW, "size")
_OVER = ("expired", "repealed", "not_yet")


@dataclass(frozen=True, slots=True)
class Found:
    """What applies, best first, and what just fails."""

    matches: tuple[Match, ...]
    near_misses: tuple[Match, ...]


class Finder:
    """Matches companies against the measures of one index.

    Args:
        relevance: scores of every measure for a set of asks.
        twins: other places of the same rule, by measure id.
    """

    def __init__(
        self,
        measures: Sequence[Measure],
        documents: Mapping[str, Document],
        links: Links,
        twins: Mapping[str, tuple[Place, ...]],
        relevance: Relevance,
    ) -> None:
        self._documents = documents
        self._links = links
        self._twins = twins
        self._relevance = relevance
        self._offers: dict[str, tuple[Measure, tuple[Offer, ...]]] = {}
        for measure in measures:
            if measure.label is None:
                continue
            found = offers(measure, documents[measure.doc_id])
            if found:
                self._offers[measure.measure_id] = (measure, found)
        self._rarity = self._rarities()
        # validity by day, measure and stated end: most matches ask about the same day
        self._judged: dict[tuple[str, str, str | None], Validity] = {}

    def match(
        self, profile: Profile, *, question: str = "", as_of: str, limit: int = LIMIT
    ) -> Found:
        """What applies to the company on a date.

        Args:
            question: what it asks, in its own words; narrows what is listed.
            as_of: ISO date.
            limit: most rows listed.
        """
        profile = located(profile)
        holds = held(profile)
        relevant = self._relevance.of(profile, question, as_of)
        rows = [
            self._row(measure_id, relevant, profile, holds, as_of)
            for measure_id in nlargest(
                POOL, self._offers, key=lambda i: relevant.scores.get(i, 0.0)
            )
            if measure_id in relevant.scores
        ]
        rows = self._weighed(rows, relevant, holds)
        if not relevant.asked:  # then the question is what there is to get
            rows = [row for row in rows if row.giving >= GIVES]
        fits = once([row for row in rows if row.why_not is None], self._twins)
        fails = once([row for row in rows if row.why_not], self._twins)
        listed = cut(fits, asked=relevant.asked)[:limit]
        if relevant.money:  # what gives something comes first, rules beside it
            listed.sort(key=lambda row: row.giving < GIVES)
        missed = cut(fails, asked=relevant.asked)[:NEAR_LIMIT]
        return Found(
            tuple(self._match(n, row, profile, holds) for n, row in enumerate(listed, 1)),
            tuple(
                self._match(n, row, profile, holds) for n, row in enumerate(missed, len(listed) + 1)
            ),
        )

    def _row(
        self, measure_id: str, relevant: Relevant, profile: Profile, holds: Held, as_of: str
    ) -> Row:
        measure, found = self._offers[measure_id]
        document = self._documents[measure.doc_id]
        failing = [_fails(offer, measure.heading, profile, holds) for offer in found]
        weight = relevant.pertinence(found)
        offer, why_not = _pertinent(found, failing, weight, holds, asked=relevant.asked)
        fitting = (o.giving for o, no in zip(found, failing, strict=True) if no is None)
        giving = max(fitting, default=offer.giving)
        valid = self._valid(measure, document, offer, as_of)
        if _elsewhere(document, profile):
            why_not = f"这是{document.elsewhere or document.place}的规定"
        elif valid.status in _OVER and not _year_plan(document):
            why_not = valid.basis.rstrip("。")
        score = relevant.scores[measure_id]
        meant = _meant(offer, holds, _ARE)
        return Row(measure, document, offer, score, valid, why_not, giving=giving, meant=meant)

    def _weighed(self, rows: Sequence[Row], relevant: Relevant, holds: Held) -> list[Row]:
        """The rows by relevance, with what their own offers say of the matter and the company."""
        said = relevant.wording([row.offer for row in rows])
        most = max(said, default=0.0) or 1.0
        weighed = []
        for row, words in zip(rows, said, strict=True):
            score = row.score + WORDING * words / most
            if not relevant.asked:
                score *= KEPT + (1 - KEPT) * row.giving
            if row.why_not is None:
                score += AFFINITY * self._aimed(row.offer, holds)
            weighed.append(replace(row, score=score))
        return sorted(weighed, key=lambda row: (-row.score, row.measure.measure_id))

    def _valid(self, measure: Measure, document: Document, offer: Offer, as_of: str) -> Validity:
        """Validity of the offer: a period stated by another sentence of the measure is not its."""
        if measure.expires and not own_periods(offer.text):
            measure = replace(measure, effective_from=None, expires=None)
        key = (as_of, measure.measure_id, measure.expires)
        known = self._judged.get(key)
        if known is None:
            if len(self._judged) > _JUDGED:
                self._judged.clear()
            known = self._judged[key] = validity(measure, document, as_of, self._links)
        return known

    def _aimed(self, offer: Offer, holds: Held) -> float:
        """0 to 1: how narrowly the offer is aimed at companies like this one."""
        met = [n for r in offer.requirements for n in r.names if n in holds.all]
        return max((self._rarity[name] for name in met), default=0.0)

    def _rarities(self) -> dict[str, float]:
        """1 for a term that few offers require, towards 0 for one that most do."""
        count: Counter[str] = Counter()
        for _, found in self._offers.values():
            count.update({n for o in found for r in o.requirements for n in r.names})
        total = len(self._offers) or 1
        return {n: 1 - math.log1p(c) / math.log1p(total) for n, c in count.items()}

    def _match(self, n: int, row: Row, profile: Profile, holds: Held) -> Match:
        hit = Hit(row.measure, row.document, row.score, also_in=row.also)
        return Match(
            citation=Citation(n, hit, row.offer.text, row.validity),
            amount=amount_of(row.measure, row.offer),
            why=row.why_not or _why(row, holds),
            conditions=(*_places(row, profile), *checklist(row.offer, profile, holds)),
            status=_status(row.validity),
            payer=payer_of(row.measure, row.document),
            apply=how_to_apply(row.measure),
            exclusive=exclusive_of(row.measure),
        )


def _elsewhere(document: Document, company: Profile) -> bool:
    """Whether the document's rules are those of another place; of an area, known to be another."""
    if document.area:
        return holds_for(frozenset(), area_of(document), company) == "不符合"
    return bool(document.elsewhere) or document.district not in (None, company.district)


def _places(row: Row, company: Profile) -> tuple[ConditionCheck, ...]:
    """Where the offer holds, if only in some districts or areas."""
    within = row.offer.areas | area_of(row.document)
    if not row.offer.places and not within:
        return ()
    return (place_check(row.offer.places, within, company),)


def _pertinent(
    found: Sequence[Offer],
    failing: Sequence[str | None],
    weight: Sequence[float],
    holds: Held,
    *,
    asked: bool,
) -> tuple[Offer, str | None]:
    """The offer that the company asks about, and why it fails (``None``: it does not).

    An offer for others is not passed over for one that is hardly about the matter, unless that one
    is meant for just such companies.  Who asks in words may mean a right or a rule; without a
    question only what gives something counts.
    """
    order = sorted(range(len(found)), key=lambda i: (-weight[i], found[i].start))
    order = [i for i in order if asked or found[i].gives] or order
    for i in order:
        about = weight[i] >= PERTINENT * weight[order[0]]
        if failing[i] is None and (about or _meant(found[i], holds)):
            return found[i], None
    return found[order[0]], failing[order[0]]


def _fails(offer: Offer, heading: str, profile: Profile, holds: Held) -> str | None:
    for requirement in offer.requirements:
        implied = requirement.implied and requirement.kind == "industry"
        if implied and _own_industry(offer.text, holds):
            continue
        if verdict(requirement, profile, holds) == "不符合":
            return f"只面向{'、'.join(requirement.names)}，贵司未说明属于其中"
    bound = offer.places | offer.areas
    if bound and holds_for(offer.places, offer.areas, profile) == "不符合":
        return f"只在{'、'.join(sorted(bound))}适用"
    if clash := contradiction(f"{heading}\n{offer.text}", holds):
        return f"说的是{clash}，与贵司情况不符"
    return None


def _year_plan(document: Document) -> bool:
    """A plan for one year says when things are to begin, seldom when they end."""
    start, end = document.plan_start, document.plan_end
    return document.expires is None and bool(start and end) and start[:4] == end[:4]  # type: ignore[index]


def _meant(offer: Offer, holds: Held, kinds: Sequence[TermKind] = _NARROW) -> bool:
    """Whether the sentence itself names what the company is: its industry, its standing …"""
    return any(
        not r.implied and r.kind in kinds and not holds.all.isdisjoint(r.names)
        for r in offer.requirements
    )


def _own_industry(text: str, holds: Held) -> bool:
    terms = vocabulary().terms
    return any(terms[name].kind == "industry" for name in named(text) & holds.all)


def _why(row: Row, holds: Held) -> str:
    met = [n for r in row.offer.requirements for n in r.names if n in holds.all]
    place = f"{row.document.place}规定" if row.document.place else "全市适用"
    return f"{place}，面向{'、'.join(dict.fromkeys(met))}" if met else place


def _status(valid: Validity) -> str:
    if valid.status in ("in_force", "extended", "amended"):
        return f"有效，至{chinese_date(valid.expires)}" if valid.expires else "有效"
    if valid.status == "unknown":
        return "未写明有效期，请向主管部门核实"
    return f"{valid.basis.rstrip('。')}，是否仍在执行请向主管部门核实"


def renumbered(found: Found) -> Found:
    """Citations numbered 1.. in the order shown."""
    rows = [*found.matches, *found.near_misses]
    numbered = [replace(m, citation=replace(m.citation, n=i)) for i, m in enumerate(rows, 1)]
    cut = len(found.matches)
    return Found(tuple(numbered[:cut]), tuple(numbered[cut:]))
