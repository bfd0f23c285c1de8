"""Choose the sentences that answer: by the question's words, by meaning, by what is asked.

A sentence's score is a weighted sum of features that are all relative to the question, so that
long measures have no advantage.  The weights are kept in ``weights.json`` beside this file.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.answer.asks import Ask, asked, stated
from assistant.answer.sentences import Sentence, split
from assistant.question.query import Query
from assistant.records import Hit, Measure
from embeddings.segment import tokens

Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""Question and sentences → one cosine a sentence."""

FEATURES = (
    "cover",
    "dense",
    "context",
    "own",
    "similarity",
    "measure",
    "top",
    "types",
    "types_missed",
    "figure",
    "first",
    "long",
    "short",
    "item",
    "vague",
    "own_text",
    "same_district",
    "other_district",
    "city_asked",
    "numbers",
    "gap",
    "official",
    "whole",
    "heading",
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_VAGUE = ("加强", "推进", "完善", "深化", "持续", "健全", "优化", "提升", "加快", "推动")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit with its features and score."""

    hit: Hit
    rank: int  # of the hit
    sentence: Sentence
    covered: Mapping[str, float]  # question tokens it contains → their weight
    kinds: frozenset[Ask]
    features: tuple[float, ...]
    score: float
    subject: float  # the score without what the kinds of fact contribute


@dataclass(frozen=True, slots=True)
class Analysis:
    """What does not depend on the question: sentences, their tokens and kinds of fact."""

    sentences: tuple[Sentence, ...]
    bags: tuple[frozenset[str], ...]
    kinds: tuple[frozenset[Ask], ...]
    whole: frozenset[str]  # tokens of text, heading and path


def analysed(measure: Measure) -> Analysis:
    """The analysis of a measure, kept for the next question."""
    return _analysed(
        measure.text, measure.heading, measure.path, measure.label, measure.depts or ""
    )


@lru_cache(maxsize=4096)
def _analysed(
    text: str, heading: str, path: tuple[str, ...], label: str | None, depts: str
) -> Analysis:
    sentences = split(Measure("", "", label, heading, text, 0, 0, path=path, depts=depts or None))
    bags = tuple(frozenset(tokens(s.text)) for s in sentences)
    around = frozenset(tokens(" ".join((heading, *path))))
    kinds = tuple(stated(s.text) for s in sentences)
    return Analysis(sentences, bags, kinds, around.union(*bags))


@lru_cache(maxsize=1)
def _weights() -> tuple[dict[str, float], float]:
    data = json.loads((Path(__file__).parent / "weights.json").read_text(encoding="utf-8"))
    return data["weights"], float(data["bias"])


def candidates(
    query: Query,
    question: str,
    hits: Sequence[Hit],
    similarity: Similarity | None = None,
) -> list[Candidate]:
    """Every sentence of the hits with its score, in the order of hits and text.

    Args:
        question: the wording to answer: that of the query, or one side of its comparison.
    """
    wanted = asked(question)
    terms = query.terms
    read = [analysed(hit.measure) for hit in hits]
    parts = [r.sentences for r in read]
    bags = [r.bags for r in read]
    weight = _rarity(terms, [bag for row in bags for bag in row])
    total = sum(weight.values()) or 1.0
    close = _similarities(query, question, hits, parts, similarity)
    best = max((hit.score for hit in hits), default=0.0)
    found: list[Candidate] = []
    for rank, (hit, analysis) in enumerate(zip(hits, read, strict=True)):
        row = analysis.bags
        reach = sum(w for t, w in weight.items() if t in analysis.whole) / total
        for sentence, bag, kinds in zip(analysis.sentences, row, analysis.kinds, strict=True):
            if sentence.part == "heading":
                continue
            covered = {t: w for t, w in weight.items() if t in bag}
            values = _features(
                query=query,
                hit=hit,
                sentence=sentence,
                bag=bag,
                kinds=kinds,
                covered=sum(covered.values()) / total,
                near=_near(sentence, row, weight) / total,
                reach=reach,
                close=close.of(rank, sentence.index),
                rank=rank,
                behind=best - hit.score,
                wanted=wanted,
            )
            found.append(
                Candidate(
                    hit,
                    rank,
                    sentence,
                    covered,
                    kinds,
                    values,
                    _score(values),
                    _subject(values),
                )
            )
    return found


def _rarity(terms: Mapping[str, float], bags: Sequence[frozenset[str]]) -> dict[str, float]:
    """Question tokens weighted by how few of the candidate sentences contain them."""
    counts = Counter(t for bag in bags for t in bag if t in terms)
    n = len(bags)
    return {t: w * math.log(1 + (n + 1) / (counts[t] + 0.5)) for t, w in terms.items() if counts[t]}


def _near(sentence: Sentence, row: Sequence[frozenset[str]], weight: Mapping[str, float]) -> float:
    around: set[str] = set()
    for index in (sentence.index - 1, sentence.lead):
        if index is not None and 0 <= index < len(row):
            around |= row[index]
    return sum(w for t, w in weight.items() if t in around and t not in row[sentence.index])


class _Closeness:
    """Cosines of the question, as asked and with official terms, with sentences and measures."""

    def __init__(
        self,
        plain: Sequence[float],
        official: Sequence[float],
        starts: Sequence[int],
    ) -> None:
        self._plain, self._official, self._starts = plain, official, starts

    def of(self, rank: int, index: int) -> dict[str, float]:
        if not self._starts:
            return {"similarity": 0.0, "official": 0.0, "whole": 0.0, "heading": 0.0}
        at = self._starts[rank]
        return {
            "similarity": float(self._plain[at + 2 + index]),
            "official": float(self._official[at + 2 + index]),
            "whole": float(self._official[at]),
            "heading": float(self._official[at + 1]),
        }


def _similarities(
    query: Query,
    question: str,
    hits: Sequence[Hit],
    parts: Sequence[Sequence[Sentence]],
    similarity: Similarity | None,
) -> _Closeness:
    if similarity is None:
        return _Closeness((), (), ())
    texts: list[str] = []
    starts: list[int] = []
    for hit, part in zip(hits, parts, strict=True):
        starts.append(len(texts))
        texts += [hit.measure.text, " ".join((*hit.measure.path, hit.measure.heading))]
        texts += [_with_lead(s, part) for s in part]
    official = question
    for said, meant in query.expansions:
        official = official.replace(said, meant) if said in official else f"{official} {meant}"
    plain = similarity(question, texts)
    return _Closeness(plain, similarity(official, texts) if query.expansions else plain, starts)


def _with_lead(sentence: Sentence, part: Sequence[Sentence]) -> str:
    """An item means what it means under its lead (申请认定甲，应当符合下列条件：)."""
    if sentence.part != "item" or sentence.lead is None:
        return sentence.text
    return part[sentence.lead].text[-60:] + sentence.text


def _features(
    *,
    query: Query,
    hit: Hit,
    sentence: Sentence,
    bag: frozenset[str],
    kinds: frozenset[Ask],
    covered: float,
    near: float,
    reach: float,
    close: Mapping[str, float],
    rank: int,
    behind: float,
    wanted: frozenset[Ask],
) -> tuple[float, ...]:
    hard = wanted - {"yes_no", "condition", "list"}
    length = len(sentence.text)
    values = {
        "cover": covered,
        "dense": covered / math.log(8 + len(bag)),
        "context": near,
        "own": reach,
        **close,
        "measure": -min(behind, 5.0),
        "top": 1.0 / (1 + rank),
        "types": len(wanted & kinds) / max(1, len(wanted)),
        "types_missed": len(hard - kinds) / max(1, len(hard)),
        "figure": float(any(c.isdigit() for c in sentence.text)),
        "first": 1.0 / (1 + sentence.index),
        "long": max(0.0, (length - 90) / 90),
        "short": float(length < 14),
        "item": float(sentence.part == "item"),
        "vague": float(sentence.text.startswith(_VAGUE)),
        "own_text": float(hit.measure.label is None),
        **_place(query, hit),
        "numbers": _shared_numbers(query.normalised, sentence.text),
        "gap": covered / (1.0 + behind),
    }
    return tuple(values[name] for name in FEATURES)


def _place(query: Query, hit: Hit) -> dict[str, float]:
    """Whether the document is of the district that the question is about."""
    district = hit.document.district
    named = query.districts or ((query.district,) if query.district else ())
    return {
        "same_district": float(bool(district) and district in named),
        "other_district": float(bool(district) and district not in named),
        "city_asked": float(query.level == "市" and district is None),
    }


def _shared_numbers(question: str, sentence: str) -> float:
    """Whether figures of the question (not years) stand in the sentence."""
    wanted = {n for n in _NUMBER.findall(question) if len(n) != 4}
    return float(bool(wanted & set(_NUMBER.findall(sentence)))) if wanted else 0.0


def _score(values: tuple[float, ...]) -> float:
    weights, bias = _weights()
    return bias + sum(weights.get(n, 0.0) * v for n, v in zip(FEATURES, values, strict=True))


def _subject(values: tuple[float, ...]) -> float:
    weights, bias = _weights()
    return bias + sum(
        weights.get(n, 0.0) * v
        for n, v in zip(FEATURES, values, strict=True)
        if n not in ("types", "types_missed", "figure", "numbers")
    )
