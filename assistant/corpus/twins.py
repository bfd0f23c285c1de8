"""Twins: the same rule in another document (districts copy the city's clauses and one another's).

Two measures are twins when they share most of their six-character shingles and state the same
numbers; a clause that gives 「相应奖励」 is no twin of one that gives 30万元.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations

from assistant.corpus.departments import departments
from assistant.records import Measure, ParsedDocument, Place
from embeddings.characters import unified

_WIDTH = 6
_SAMPLE = 4  # one shingle in so many is looked up for candidates
_COMMON = 40  # a shingle in more measures than this finds no candidates
_SHARE_OF_ALL = 0.5  # Jaccard
_SHARE_OF_SHORTER = 0.8  # containment, where neither is twice as long
_MIN_CHARS = 40
_SHARED = 3  # sampled pieces that make a pair worth a look
_PLAIN = re.compile(r"[\s“”\"'‘’「」《》〈〉，,。；;：:、（）()【】·—–\-]+")
_LABEL = re.compile(
    r"^(?:[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+、|\d+[.．、])\s*"
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?(?:%|万|亿|元|倍|个百分点|年|月|日|个工作日|天|小时)?")


def plain(text: str) -> str:
    """Text reduced to what can be compared: widths unified, no punctuation or blanks."""
    return _PLAIN.sub("", unified(text))


def shingles(text: str) -> set[int]:
    """Checksums of the six-character pieces of the reduced text."""
    data = plain(text).encode("utf-16-le")  # two bytes a character: a piece is a slice
    last = max(1, len(data) - 2 * _WIDTH + 1)
    return {zlib.crc32(data[i : i + 2 * _WIDTH]) for i in range(0, last, 2)}


def overlap(part: str, whole: str) -> float:
    """Share of the part's shingles that the whole holds, 0 to 1."""
    pieces = shingles(part)
    return len(pieces & shingles(whole)) / len(pieces)


def _body(measure: Measure) -> str:
    """The rule itself: without its enumerator and the department bracket, which always differ."""
    text = measure.text
    for start, end in reversed(departments(text).spans):
        text = text[:start] + text[end:]
    return _LABEL.sub("", text)


def _figures(text: str) -> set[str]:
    return set(_FIGURE.findall(unified(text).replace(" ", "")))


def find(documents: Sequence[ParsedDocument]) -> dict[str, tuple[Place, ...]]:
    """For each measure with twins, where they stand (city first, then by document order)."""
    entries = [
        (m, p) for p in documents for m in p.measures if m.label and len(m.text) >= _MIN_CHARS
    ]
    texts = _Texts([m for m, _ in entries])
    duplicates = {
        (p.document.doc_id, r.target_doc_id)
        for p in documents
        for r in p.document.relations
        if r.type == "duplicates"
    }
    twins: dict[int, list[int]] = defaultdict(list)
    for i, j in _candidates(texts):
        one, other = entries[i][1].document, entries[j][1].document
        if one.doc_id == other.doc_id:
            continue
        copies = (one.doc_id, other.doc_id) in duplicates
        if _alike(texts.pieces(i), texts.pieces(j)) and (
            copies or texts.figures(i) == texts.figures(j)
        ):
            twins[i].append(j)
            twins[j].append(i)
    return {
        entries[i][0].measure_id: tuple(_place(*entries[j]) for j in _ordered(found, entries))
        for i, found in twins.items()
    }


class _Texts:
    """Pieces and figures of the measures, reckoned when asked for and then kept."""

    def __init__(self, measures: Sequence[Measure]) -> None:
        self._measures = measures
        self._pieces: dict[int, set[int]] = {}
        self._figures: dict[int, set[str]] = {}

    def __len__(self) -> int:
        return len(self._measures)

    def sample(self, i: int) -> list[int]:
        """One piece in :data:`_SAMPLE`; the others are not kept, a corpus of laws has millions."""
        return [p for p in shingles(_body(self._measures[i])) if p % _SAMPLE == 0]

    def pieces(self, i: int) -> set[int]:
        if i not in self._pieces:
            self._pieces[i] = shingles(_body(self._measures[i]))
        return self._pieces[i]

    def figures(self, i: int) -> set[str]:
        if i not in self._figures:
            self._figures[i] = _figures(_body(self._measures[i]))
        return self._figures[i]


def _candidates(texts: _Texts) -> list[tuple[int, int]]:
    """Pairs that share at least three sampled pieces which are not common to many measures."""
    holders: dict[int, list[int]] = defaultdict(list)
    for position in range(len(texts)):
        for piece in texts.sample(position):
            holders[piece].append(position)
    pairs: Counter[tuple[int, int]] = Counter()
    for found in holders.values():
        if 1 < len(found) <= _COMMON:
            pairs.update(combinations(found, 2))
    return [pair for pair, shared in pairs.items() if shared >= _SHARED]


def _alike(one: set[int], other: set[int]) -> bool:
    shared, shorter, longer = len(one & other), *sorted((len(one), len(other)))
    if shared >= _SHARE_OF_ALL * (len(one) + len(other) - shared):
        return True
    return shared >= _SHARE_OF_SHORTER * shorter and 2 * shorter >= longer


def _ordered(found: list[int], entries: list[tuple[Measure, ParsedDocument]]) -> list[int]:
    return sorted(found, key=lambda j: (entries[j][1].document.level != "市", j))


def _place(measure: Measure, parsed: ParsedDocument) -> Place:
    document = parsed.document
    return Place(
        document.doc_id, document.title, document.doc_number, measure.label, document.district
    )
