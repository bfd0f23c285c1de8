"""How much every measure of the corpus is about what a company told and asked.

Each ask (the whole question, its clauses, every event and need told) is scored against every
measure by BM25 over fields and by the encoder; a measure counts by its best ask, so that an offer
for one of five events is not drowned by the other four.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.finder.requirements import Offer
from assistant.finder.vocabulary import plain, vocabulary
from assistant.question import understand
from assistant.records import Profile
from embeddings.lexical_index import LexicalIndex

# question, district, day → measure id: score of the retriever's ranker, best first
RankedScores = Callable[[str, str | None, str], Mapping[str, float]]
DenseScores = Callable[[Sequence[str]], np.ndarray]  # texts → float32 (texts, measures)

FIELDS = {"title": 0.25, "path": 0.4, "heading": 0.8, "body": 1.0}
DENSE = 1.5  # weight of the cosine beside the lexical share
RANKED = 0.5  # weight of the ranker's score for the whole question, as a share of its best
WHOLE = 0.9  # weight of the whole question beside the best single ask
# Words for what the company is count little: requirements judge them, and every measure for its
# kind would come up otherwise.
STANDING = 0.6
PAYS = 0.3  # for an offer that states money when money is asked for
IDLE = 0.15  # off for a sentence that gives nothing
_MONEY = re.compile(r"补|奖|钱|赔|税|利率|利息|便宜|多少|贴|费")
_CLAUSE = re.compile(r"[^，,。？?！!；;、：:\n]{4,}")
_FILLER = re.compile(
    r"(?:我们|公司|企业|政府|市里|区里|能不能|有没有|什么|怎么|多少|哪些|这几样|可以|能给|能|吗|呢|的|了)"
)


@dataclass(frozen=True, slots=True)
class Relevant:
    """``scores``: measure id → relevance, 0 to about 2.5; ``terms``: what is asked, with idf."""

    scores: Mapping[str, float]
    terms: Mapping[str, float]

    money: bool = False  # the question asks for money
    asked: bool = False  # there is a question in words

    def pertinence(self, found: Sequence[Offer]) -> list[float]:
        """How well each offer of one measure answers what is asked, about 0 to 1."""
        said = self.wording(found)
        most = max(said, default=0.0) or 1.0
        return [
            words / most + (PAYS if self.money and offer.money else 0.0) - IDLE * (1 - offer.giving)
            for words, offer in zip(said, found, strict=True)
        ]

    def wording(self, found: Sequence[Offer]) -> list[float]:
        """How much of what is asked each offer's own sentence says, by the rarity of the terms."""
        return [sum(w for t, w in self.terms.items() if t in offer.text) for offer in found]


class Relevance:
    """Scores measures; one instance an index.

    Args:
        lexical: the index whose rows are measures.
        dense: cosine of each text with each row's nearest chunk.
        ranked: the retriever's scores for a question; it knows the wording of questions best.
    """

    def __init__(self, lexical: LexicalIndex, dense: DenseScores, ranked: RankedScores) -> None:
        self._lexical = lexical
        self._dense = dense
        self._ranked = ranked

    def of(self, profile: Profile, question: str, as_of: str) -> Relevant:
        """How much each measure is about what ``profile`` and ``question`` tell."""
        asks = asks_of(profile, question)
        if not asks:
            return Relevant({}, {})
        standing = _standing(asks[0])
        queries = [
            {t: w * (STANDING if t in standing else 1.0) for t, w in _terms(ask).items()}
            for ask in asks
        ]
        matrix = np.stack([self._share(q) for q in queries])
        matrix += DENSE * np.maximum(self._dense(asks), 0.0)
        single = matrix[1:].max(axis=0) if len(asks) > 1 else matrix[0]
        total = WHOLE * matrix[0] + (1 - WHOLE) * single
        ranked = self._ranked(asks[0], profile.district, as_of)
        best = max(ranked.values(), default=0.0)
        scores = dict(zip(self._lexical.ids, total.tolist(), strict=True))
        for measure_id, score in ranked.items():
            if score > 0:
                scores[measure_id] += RANKED * score / best
        return Relevant(
            {k: v for k, v in scores.items() if v > 0},
            self._rarity(queries),
            money=not question.strip() or _MONEY.search(question) is not None,
            asked=bool(question.strip()),
        )

    def _rarity(self, queries: Sequence[Mapping[str, float]]) -> dict[str, float]:
        terms = {t: 1.0 for q in queries for t in q if len(t) > 1}
        return dict(zip(terms, self._lexical.match(terms).idf.tolist(), strict=True))

    def _share(self, terms: Mapping[str, float]) -> np.ndarray:
        """BM25 over the fields, as a share of the best row's."""
        found = self._lexical.match(terms)
        total = sum(
            (weight * found.scores(field) for field, weight in FIELDS.items()),
            start=np.zeros(len(self._lexical), np.float32),
        )
        best = float(total.max()) if len(total) else 0.0
        return total / best if best > 0 else total


@lru_cache(maxsize=4096)
def _terms(text: str) -> Mapping[str, float]:
    """Token weights of one ask; the names of events and standings come again and again."""
    return understand(text).terms


def _standing(text: str) -> frozenset[str]:
    """Lexical tokens of the industries, qualifications and sizes named in ``text``."""
    flat = plain(text)
    words = {
        word
        for m in vocabulary().mentions(flat, spoken=True)
        if m.term.kind != "event"
        for word in (flat[m.start : m.end], plain(m.term.name))
    }
    return frozenset(token for word in words for token in _terms(word))


def asks_of(profile: Profile, question: str) -> list[str]:
    """The whole ask first, then its parts; none when nothing was told or asked."""
    told = [*profile.events, *profile.needs]
    clauses = [c for c in _CLAUSE.findall(question) if len(_FILLER.sub("", c)) >= 4]
    names = [m.term.name for c in clauses for m in vocabulary().mentions(plain(c), spoken=True)]
    events = [n for n in dict.fromkeys(names) if vocabulary().terms[n].kind == "event"]
    sizes = vocabulary().wider(vocabulary().names(profile.size or "", "size"))
    standing = [*profile.qualifications, *profile.industry, *sorted(sizes)]
    if not (question.strip() or told or standing):
        return []
    whole = " ".join([question, *told] if question else [*told, *standing])
    parts = dict.fromkeys([*told, *clauses, *events] if question else [*told, *standing])
    return [text for text in (whole.strip(), *parts) if text]
