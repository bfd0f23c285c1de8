"""Choose the sentences that answer: by the question's words, by meaning, by what is asked.

A sentence's score is a weighted sum of features that are all relative to the question, so that
long measures have no advantage.  The weights are kept in ``weights.json`` beside this file.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.answer.asks import Ask, asked, stated
from assistant.answer.sentences import Sentence, split
from assistant.records import Hit
from embeddings.segment import tokens

Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""Question and sentences → one cosine a sentence."""

_TYPES: tuple[Ask, ...] = (
    "amount",
    "ratio",
    "date",
    "duration",
    "count",
    "who",
    "list",
    "yes_no",
    "phone",
    "penalty",
    "validity",
    "definition",
    "condition",
    "payment_day",
)
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
)
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


@lru_cache(maxsize=1)
def _weights() -> tuple[dict[str, float], float]:
    data = json.loads((Path(__file__).parent / "weights.json").read_text(encoding="utf-8"))
    return data["weights"], float(data["bias"])


def candidates(
    question: str,
    terms: Mapping[str, float],
    hits: Sequence[Hit],
    similarity: Similarity | None = None,
) -> list[Candidate]:
    """Every sentence of the hits with its score, in the order of hits and text."""
    wanted = asked(question)
    parts = [split(hit.measure) for hit in hits]
    bags = [[set(tokens(s.text)) for s in part] for part in parts]
    weight = _rarity(terms, [bag for row in bags for bag in row])
    total = sum(weight.values()) or 1.0
    close = _similarities(question, parts, similarity)
    best = max((hit.score for hit in hits), default=1.0) or 1.0
    found: list[Candidate] = []
    for rank, (hit, part, row) in enumerate(zip(hits, parts, bags, strict=True)):
        around = set(tokens(hit.measure.heading + " " + " ".join(hit.measure.path)))
        whole = set().union(around, *row) if row else around
        reach = sum(w for t, w in weight.items() if t in whole) / total
        for sentence, bag in zip(part, row, strict=True):
            if sentence.part == "heading":
                continue
            covered = {t: w for t, w in weight.items() if t in bag}
            values = _features(
                sentence=sentence,
                bag=bag,
                covered=sum(covered.values()) / total,
                near=_near(sentence, row, weight) / total,
                reach=reach,
                cosine=close.get((rank, sentence.index), 0.0),
                rank=rank,
                relative=hit.score / best if best > 0 else 0.0,
                wanted=wanted,
            )
            found.append(
                Candidate(
                    hit, rank, sentence, covered, stated(sentence.text), values, _score(values)
                )
            )
    return found


def _rarity(terms: Mapping[str, float], bags: Sequence[set[str]]) -> dict[str, float]:
    """Question tokens weighted by how few of the candidate sentences contain them."""
    counts = Counter(t for bag in bags for t in bag if t in terms)
    n = len(bags)
    return {t: w * math.log(1 + (n + 1) / (counts[t] + 0.5)) for t, w in terms.items() if counts[t]}


def _near(sentence: Sentence, row: Sequence[set[str]], weight: Mapping[str, float]) -> float:
    around: set[str] = set()
    for index in (sentence.index - 1, sentence.lead):
        if index is not None and 0 <= index < len(row):
            around |= row[index]
    return sum(w for t, w in weight.items() if t in around and t not in row[sentence.index])


def _similarities(
    question: str, parts: Sequence[Sequence[Sentence]], similarity: Similarity | None
) -> dict[tuple[int, int], float]:
    if similarity is None:
        return {}
    keys = [(rank, s.index) for rank, part in enumerate(parts) for s in part]
    texts = [s.text for part in parts for s in part]
    return dict(zip(keys, map(float, similarity(question, texts)), strict=True))


def _features(
    *,
    sentence: Sentence,
    bag: set[str],
    covered: float,
    near: float,
    reach: float,
    cosine: float,
    rank: int,
    relative: float,
    wanted: frozenset[Ask],
) -> tuple[float, ...]:
    kinds = stated(sentence.text)
    hard = wanted - {"yes_no", "condition", "list"}
    length = len(sentence.text)
    values = {
        "cover": covered,
        "dense": covered / math.log(8 + len(bag)),
        "context": near,
        "own": reach,
        "similarity": cosine,
        "measure": relative,
        "top": 1.0 / (1 + rank),
        "types": len(wanted & kinds) / max(1, len(wanted)),
        "types_missed": len(hard - kinds) / max(1, len(hard)),
        "figure": float(any(c.isdigit() for c in sentence.text)),
        "first": 1.0 / (1 + sentence.index),
        "long": max(0.0, (length - 90) / 90),
        "short": float(length < 14),
        "item": float(sentence.part == "item"),
        "vague": float(sentence.text.startswith(_VAGUE)),
    }
    return tuple(values[name] for name in FEATURES)


def _score(values: tuple[float, ...]) -> float:
    weights, bias = _weights()
    return bias + sum(weights.get(n, 0.0) * v for n, v in zip(FEATURES, values, strict=True))
