"""Twins: the same rule in another document (districts copy the city's clauses and one another's).

Two measures are twins when they share most of their six-character shingles and state the same
numbers; a clause that gives 「相应奖励」 is no twin of one that gives 30万元.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations

from assistant.corpus.departments import departments
from assistant.records import Measure, ParsedDocument, Place

_WIDTH = 6
_SAMPLE = 4  # one shingle in so many is looked up for candidates
_COMMON = 40  # a shingle in more measures than this finds no candidates
_SHARE_OF_ALL = 0.5  # Jaccard
_SHARE_OF_SHORTER = 0.8  # containment, where neither is twice as long
_MIN_CHARS = 40
_PLAIN = re.compile(r"[\s“”\"'‘’「」《》〈〉，,。；;：:、（）()【】·—–\-]+")
_LABEL = re.compile(
    r"^(?:[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+、|\d+[.．、])\s*"
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?(?:%|万|亿|元|倍|个百分点|年|月|日|个工作日|天|小时)?")


def plain(text: str) -> str:
    """Text reduced to what can be compared: widths unified, no punctuation or blanks."""
    return _PLAIN.sub("", unicodedata.normalize("NFKC", text))


def shingles(text: str) -> set[int]:
    """Checksums of the six-character pieces of the reduced text."""
    data = plain(text)
    last = max(1, len(data) - _WIDTH + 1)
    return {zlib.crc32(data[i : i + _WIDTH].encode()) for i in range(last)}


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
    return set(_FIGURE.findall(unicodedata.normalize("NFKC", text).replace(" ", "")))


def find(documents: Sequence[ParsedDocument]) -> dict[str, tuple[Place, ...]]:
    """For each measure with twins, where they stand (city first, then by document order)."""
    entries = [
        (m, p) for p in documents for m in p.measures if m.label and len(m.text) >= _MIN_CHARS
    ]
    bodies = [_body(m) for m, _ in entries]
    sets = [shingles(b) for b in bodies]
    figures = [_figures(b) for b in bodies]
    duplicates = {
        (p.document.doc_id, r.target_doc_id)
        for p in documents
        for r in p.document.relations
        if r.type == "duplicates"
    }
    twins: dict[int, list[int]] = defaultdict(list)
    for (i, j), _ in _candidates(sets).items():
        one, other = entries[i][1].document, entries[j][1].document
        if one.doc_id == other.doc_id:
            continue
        copies = (one.doc_id, other.doc_id) in duplicates
        if _alike(sets[i], sets[j]) and (copies or figures[i] == figures[j]):
            twins[i].append(j)
            twins[j].append(i)
    return {
        entries[i][0].measure_id: tuple(_place(*entries[j]) for j in _ordered(found, entries))
        for i, found in twins.items()
    }


def _candidates(sets: list[set[int]]) -> Counter[tuple[int, int]]:
    holders: dict[int, list[int]] = defaultdict(list)
    for position, pieces in enumerate(sets):
        for piece in pieces:
            if piece % _SAMPLE == 0:
                holders[piece].append(position)
    pairs: Counter[tuple[int, int]] = Counter()
    for found in holders.values():
        if 1 < len(found) <= _COMMON:
            pairs.update(combinations(found, 2))
    return Counter({pair: n for pair, n in pairs.items() if n >= 3})


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
