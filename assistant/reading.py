"""Hits → reading: the passages of the best measures, each judged by the reader.

The first measures are read at once; more are read only while nothing answers surely, so that an
easy question costs little; the rest of a document before it is said not to state something.  The
final order joins the ranker's score with the reader's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.passages import Passage, passages
from assistant.question.query import Query
from assistant.records import Document, Hit
from assistant.sentences import Sentence
from embeddings.reader import Judgement, ReadsPassages
from embeddings.segment import tokens

FIRST, THEN = 3, 5  # measures read at once, and then if nothing answers surely
SURE = 0.8  # probability of an answer from which no more is read
LONG = 3  # passages of one measure: those that share most with the question


@dataclass(frozen=True, slots=True)
class Judged:
    """A passage of a hit with the reader's judgement of it.

    ``share``: how likely its measure is the right one, as a share of the likeliest one's.
    """

    hit: Hit
    passage: Passage
    judgement: Judgement
    share: float = 1.0

    @property
    def best(self) -> Sentence:
        """The sentence most likely to answer; a heading or bracket of departments only alone."""
        chances = zip(self.passage.sentences, self.judgement.sentences, strict=True)
        return max(chances, key=lambda sp: (sp[0].part not in ("heading", "depts"), sp[1]))[0]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read for one question.

    Attributes:
        judged: passages in the order of their measures, best measure first.
        hits: all hits in that order, those not read behind.
        stated: probability that some passage states what is asked.
        held: probability that some passage is where it would be stated.
        standing: probability that the question asks whether or until when a rule holds.
        parts: what was read for each of several things asked.
    """

    judged: tuple[Judged, ...] = ()
    hits: tuple[Hit, ...] = ()
    stated: float = 0.0
    held: float = 0.0
    standing: float = 0.0
    parts: tuple[Part, ...] = ()

    @property
    def nearest(self) -> Document | None:
        """The document where what is asked would most likely be stated."""
        judged = max(self.judged, key=lambda j: j.judgement.topic, default=None)
        return judged.hit.document if judged else None


@dataclass(frozen=True, slots=True)
class Part:
    """One of several things that a question asks."""

    text: str
    reading: Reading


def read(reader: ReadsPassages, turns: Sequence[str], query: Query, hits: Sequence[Hit]) -> Reading:
    """Read the best hits for the last of the turns.

    Args:
        hits: from the retriever, best first; exact names stay in front of all others.
    """
    judged = _judged(reader, turns, query, hits[:FIRST])
    if max((j.judgement.answers for j in judged), default=0.0) < SURE:
        judged += _judged(reader, turns, query, hits[FIRST : FIRST + THEN])
    return _in_order(reader, hits, judged)


def read_on(
    reader: ReadsPassages, turns: Sequence[str], query: Query, before: Reading, hits: Sequence[Hit]
) -> Reading:
    """The reading with further hits read as well; those that were read are not read again."""
    own = {j.hit.measure.measure_id: j.hit for j in before.judged}  # with the ranker's own score
    more = {h.measure.measure_id: h for h in hits if h.measure.measure_id not in own}
    judged = [*before.judged, *_judged(reader, turns, query, list(more.values()))]
    every = {h.measure.measure_id: h for h in before.hits} | more | own
    return _in_order(reader, list(every.values()), judged)


def _judged(
    reader: ReadsPassages, turns: Sequence[str], query: Query, hits: Sequence[Hit]
) -> list[Judged]:
    """Every passage of the hits with the reader's judgement."""
    pieces = [(hit, p) for hit in hits for p in _chosen(query, hit)]
    texts = [(p.context, [s.text for s in p.sentences]) for _, p in pieces]
    found = reader.read(turns, texts)
    return [Judged(hit, p, j) for (hit, p), j in zip(pieces, found, strict=True)]


def _in_order(reader: ReadsPassages, hits: Sequence[Hit], judged: Sequence[Judged]) -> Reading:
    """Measures by the joined score, exact names first; hits that were not read behind."""
    if not judged:
        return Reading(hits=tuple(hits))
    best: dict[str, float] = {}
    for j in judged:
        key = j.hit.measure.measure_id
        best[key] = max(best.get(key, 0.0), j.judgement.answers)
    ordered = sorted(
        (hit for hit in hits if hit.measure.measure_id in best),
        key=lambda hit: (-exact(hit), -joined(reader, hit, best[hit.measure.measure_id])),
    )
    place = {hit.measure.measure_id: n for n, hit in enumerate(ordered)}
    judged = sorted(
        judged, key=lambda j: (place[j.hit.measure.measure_id], j.passage.sentences[0].start)
    )
    scored = [replace(h, score=joined(reader, h, best[h.measure.measure_id])) for h in ordered]
    top_score = max(h.score for h in scored)
    share = {h.measure.measure_id: math.exp(h.score - top_score) for h in scored}
    judged = [replace(j, share=share[j.hit.measure.measure_id]) for j in judged]
    rest = [h for h in hits if h.measure.measure_id not in best]
    top = sorted((j.judgement.standing for j in judged), reverse=True)[:3]
    return Reading(
        judged=tuple(judged),
        hits=(*scored, *rest),
        stated=max(best.values()),
        held=max(j.judgement.topic for j in judged),
        standing=sum(top) / len(top),
    )


def exact(hit: Hit) -> bool:
    """Found by the name of its document and its label."""
    return hit.features.get("label", 0.0) > 0 and hit.features.get("named", 0.0) > 0


def joined(reader: ReadsPassages, hit: Hit, answers: float) -> float:
    """Ranker and reader in one score; the weights are fitted on held-out documents."""
    own, readers = reader.order
    odds = math.log(max(answers, 1e-6) / max(1 - answers, 1e-6))
    return own * hit.score + readers * odds


def _chosen(query: Query, hit: Hit) -> list[Passage]:
    """The passages of a measure that are read: all, or of a long one the most alike."""
    every = passages(hit.document, hit.measure)
    if len(every) <= LONG:
        return list(every)
    weights = [
        sum(query.terms.get(t, 0.0) for t in set(tokens("".join(s.text for s in p.sentences))))
        for p in every
    ]
    best = sorted(range(len(every)), key=lambda i: -weights[i])[:LONG]
    return [every[i] for i in sorted(best)]
