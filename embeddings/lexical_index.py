"""A fielded BM25 index in a few arrays.

Each field (title, path, heading, body, questions …) is scored apart, so that a ranker can weigh
them; ``search`` adds them with given weights.  The BM25 weight of every (term, row, field) is
computed at build time; a question costs one slice per term and field.  Terms are 64-bit hashes in
one sorted array.  The files are read whole (7 MB for 3,000 rows): mapped ones would end the
process when somebody shortens them.

Layout of the folder: ``meta.json``, ``ids.txt`` (one id a line), ``terms.npy`` (uint64, sorted),
``idf.npy`` (float32) and per field ``<field>.indptr.npy``, ``<field>.rows.npy`` and
``<field>.weights.npy`` (compressed sparse columns: one column a term).
"""

from __future__ import annotations

import hashlib
import json
from array import array as numbers
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings.arrays import array
from embeddings.segment import fingerprint, tokens

K1 = 1.2
# Long bodies are lists of many rules: their length counts less against them than in short fields.
LENGTH_PENALTY = {"body": 0.6, "questions": 0.4}
DEFAULT_LENGTH_PENALTY = 0.5
DEFAULT_WEIGHTS = {"title": 0.5, "path": 0.3, "heading": 0.7, "body": 1.0, "questions": 0.6}


Postings = tuple[np.ndarray, np.ndarray, np.ndarray]  # token position, row, weight


@dataclass(frozen=True, slots=True)
class Row:
    """What is indexed under one id: the text of each field, absent fields left out."""

    id: str
    fields: Mapping[str, str]


def term_hash(term: str) -> int:
    """A stable unsigned 64-bit hash (two terms of 2 million collide with probability 1e-7)."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


class LexicalIndex:
    """Opened with :meth:`open`; safe for concurrent readers, never changed after :meth:`build`."""

    def __init__(
        self,
        ids: Sequence[str],
        fields: Sequence[str],
        terms: np.ndarray,
        idf: np.ndarray,
        columns: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]],
        segmenter: str,
    ) -> None:
        self.ids = ids
        self.fields = tuple(fields)
        self.segmenter = segmenter  # embeddings.segment.fingerprint() at build time
        self._terms = terms
        self._idf = idf
        self._columns = columns
        self.position = {id_: row for row, id_ in enumerate(ids)}

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def build(cls, rows: Iterable[Row], path: Path) -> int:
        """Index ``rows`` into the folder ``path`` (made when missing) and return their number.

        Raises:
            ValueError: two rows bear the same id, or an id holds a line break.
        """
        path.mkdir(parents=True, exist_ok=True)
        ids, vocabulary, fields = _count(rows)
        terms, position = _sorted_terms(vocabulary)
        idf = _idf(len(ids), len(terms), position, fields)
        np.save(path / "terms.npy", terms)
        np.save(path / "idf.npy", idf)
        for field, counted in fields.items():
            indptr, where, weights = _columns(field, len(ids), counted, position, idf)
            np.save(path / f"{field}.indptr.npy", indptr)
            np.save(path / f"{field}.rows.npy", where)
            np.save(path / f"{field}.weights.npy", weights)
        (path / "ids.txt").write_text("".join(f"{id_}\n" for id_ in ids), encoding="utf-8")
        meta = {"fields": sorted(fields), "rows": len(ids), "segmenter": fingerprint()}
        (path / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
        return len(ids)

    @classmethod
    def open(cls, path: Path) -> LexicalIndex:
        """Read the index in ``path``.

        Raises:
            FileNotFoundError: a file of the index is missing.
            ValueError: the files do not belong together.
        """
        return cls.read(lambda name: (path / name).read_bytes())

    @classmethod
    def read(cls, contents: Callable[[str], bytes]) -> LexicalIndex:
        """The index whose files have these contents by name.

        Raises:
            ValueError: the files do not belong together.
        """
        meta = json.loads(contents("meta.json"))
        ids = contents("ids.txt").decode().splitlines()
        if len(ids) != meta["rows"]:
            raise ValueError(f"{len(ids)} ids for {meta['rows']} rows")

        def load(name: str) -> np.ndarray:
            return array(contents(f"{name}.npy"))

        columns = {
            field: (load(f"{field}.indptr"), load(f"{field}.rows"), load(f"{field}.weights"))
            for field in meta["fields"]
        }
        return cls(ids, meta["fields"], load("terms"), load("idf"), columns, meta["segmenter"])

    def match(self, query: Mapping[str, float]) -> LexicalMatch:
        """Everything in the index that a question touches.

        Args:
            query: token → weight (1 for a token of the question, less for an expansion).
        """
        weights = np.fromiter(query.values(), np.float32, len(query))
        codes = self._codes(list(query))
        known = np.flatnonzero(codes >= 0)
        idf = np.zeros(len(query), np.float32)
        idf[known] = self._idf[codes[known]]
        postings = {f: self._postings(f, codes, known, weights) for f in self.fields}
        return LexicalMatch(len(self), idf * weights, postings)

    def idf(self, term: str) -> float:
        """Inverse document frequency of ``term``; 0 when no row holds it."""
        return float(self.match({term: 1.0}).idf[0])

    def scores(self, query: Mapping[str, float]) -> dict[str, np.ndarray]:
        """BM25 of every row by field, see :meth:`LexicalMatch.scores`."""
        match = self.match(query)
        return {field: match.scores(field) for field in self.fields}

    def filled(self, field: str) -> np.ndarray:
        """bool of shape (rows,): which rows have any text in ``field``."""
        flags = np.zeros(len(self), bool)
        if field in self._columns:
            flags[self._columns[field][1]] = True
        return flags

    def search(
        self,
        query: Mapping[str, float] | str,
        k: int = 10,
        *,
        weights: Mapping[str, float] = DEFAULT_WEIGHTS,
        allowed: np.ndarray | None = None,
    ) -> list[tuple[str, float]]:
        """The best ``k`` ids with their weighted sum over the fields, best first (ties by id).

        Args:
            query: token weights, or a text to be segmented.
            allowed: bool array of shape (rows,): rows that may be returned; None allows all.
        """
        if isinstance(query, str):
            query = Counter(tokens(query))
        total = np.zeros(len(self), np.float32)
        match = self.match(query)
        for field in self.fields:
            if weight := weights.get(field, 0.0):
                total += weight * match.scores(field)
        if allowed is not None:
            total[~allowed] = 0.0
        found = np.flatnonzero(total > 0)
        if len(found) > k:
            cut = np.partition(total[found], -k)[-k]
            found = found[total[found] >= cut]
        order = sorted(found.tolist(), key=lambda row: (-total[row], self.ids[row]))[:k]
        return [(self.ids[row], float(total[row])) for row in order]

    def _codes(self, terms: Sequence[str]) -> np.ndarray:
        """Column of each term, −1 for terms that no row holds."""
        wanted = np.fromiter(map(term_hash, terms), np.uint64, len(terms))
        codes = np.searchsorted(self._terms, wanted)
        codes[codes == len(self._terms)] = 0
        if len(self._terms):
            codes[self._terms[codes] != wanted] = -1
        else:
            codes[:] = -1
        return codes

    def _postings(
        self, field: str, codes: np.ndarray, known: np.ndarray, weights: np.ndarray
    ) -> Postings:
        indptr, where, values = self._columns[field]
        starts, ends = indptr[codes[known]], indptr[codes[known] + 1]
        spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
        if not spans:
            nothing = np.zeros(0, np.intp)
            return nothing, nothing, np.zeros(0, np.float32)
        term = np.repeat(known, ends - starts)
        rows = np.concatenate([where[start:end] for start, end in spans])
        weighted = np.concatenate([values[start:end] for start, end in spans]) * weights[term]
        return term, rows, weighted


class LexicalMatch:
    """What one question touches in an index, by field.

    Attributes:
        idf: weighted idf of each token of the question, in its order; 0 for unknown tokens.
    """

    def __init__(self, rows: int, idf: np.ndarray, postings: Mapping[str, Postings]) -> None:
        self.rows = rows
        self.idf = idf
        self._postings = postings

    def scores(self, field: str) -> np.ndarray:
        """BM25 of every row: float32 of shape (rows,), 0 where nothing matches."""
        _, rows, weighted = self._postings[field]
        return np.bincount(rows, weighted, minlength=self.rows).astype(np.float32)

    def rows_of(self, position: int, leave: str = "questions") -> np.ndarray:
        """Rows that hold the token at ``position``, in any field but ``leave``."""
        held = [p[1][p[0] == position] for f, p in self._postings.items() if f != leave]
        return np.unique(np.concatenate(held)) if held else np.zeros(0, np.intp)

    def contributions(self, field: str, rows: np.ndarray) -> np.ndarray:
        """What each token adds to the score of each of ``rows``: shape (tokens, len(rows))."""
        term, where, weighted = self._postings[field]
        slot = np.full(self.rows, -1, np.intp)
        slot[rows] = np.arange(len(rows))
        at = slot[where]
        hit = at >= 0
        found = np.zeros((len(self.idf), len(rows)), np.float32)
        found[term[hit], at[hit]] = weighted[hit]
        return found


class _Counted:
    """Token counts of one field: three numbers for every (row, token) pair."""

    def __init__(self) -> None:
        self._rows = numbers("i")
        self._terms = numbers("i")
        self._counts = numbers("i")

    def add(self, row: int, counts: Counter[int]) -> None:
        self._rows.extend([row] * len(counts))
        self._terms.extend(counts.keys())
        self._counts.extend(counts.values())

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows, terms, counts, each of shape (pairs,)."""
        rows, terms, counts = (
            np.frombuffer(values, np.intc) if len(values) else np.zeros(0, np.intc)
            for values in (self._rows, self._terms, self._counts)
        )
        return rows, terms, counts


def _count(rows: Iterable[Row]) -> tuple[list[str], dict[str, int], dict[str, _Counted]]:
    """Ids in order, the number given to each term, and the counts of each field."""
    ids: list[str] = []
    vocabulary: dict[str, int] = {}
    fields: dict[str, _Counted] = {}
    for number, row in enumerate(rows):
        if "\n" in row.id:
            raise ValueError(f"id with a line break: {row.id!r}")
        ids.append(row.id)
        for field, text in row.fields.items():
            found = (vocabulary.setdefault(t, len(vocabulary)) for t in tokens(text))
            fields.setdefault(field, _Counted()).add(number, Counter(found))
    if len(set(ids)) != len(ids):
        raise ValueError("two rows bear the same id")
    return ids, vocabulary, fields


def _sorted_terms(vocabulary: Mapping[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Sorted hashes, and for each term's number its place among them."""
    hashes = np.fromiter(map(term_hash, vocabulary), np.uint64, len(vocabulary))
    terms, position = np.unique(hashes, return_inverse=True)
    return terms, position


def _idf(rows: int, terms: int, position: np.ndarray, fields: Mapping[str, _Counted]) -> np.ndarray:
    """One idf per term over all fields, so that the fields' scores can be compared.

    Authored questions do not count: a word that many questions use is no commoner in the texts.
    """
    pairs = [np.zeros(0, np.int64)]
    for field, counted in fields.items():
        if field != "questions":
            where, term, _ = counted.arrays()
            pairs.append(where.astype(np.int64) * max(terms, 1) + position[term])
    holding = np.unique(np.concatenate(pairs)) % max(terms, 1)
    frequency = np.bincount(holding, minlength=terms)
    return np.log1p((rows - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)


def _columns(
    field: str, rows: int, counted: _Counted, position: np.ndarray, idf: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The field as compressed sparse columns of finished BM25 weights."""
    row, term, count = counted.arrays()
    code = position[term]
    lengths = np.bincount(row, count, minlength=rows)
    filled = lengths[lengths > 0]
    mean = filled.mean() if len(filled) else 1.0
    b = LENGTH_PENALTY.get(field, DEFAULT_LENGTH_PENALTY)
    norm = K1 * (1 - b + b * lengths / mean)
    weight = (idf[code] * count * (K1 + 1) / (count + norm[row])).astype(np.float32)
    order = np.lexsort((row, code))
    indptr = np.zeros(len(idf) + 1, np.int64)
    np.cumsum(np.bincount(code, minlength=len(idf)), out=indptr[1:])
    return indptr, row[order].astype(np.int32), weight[order]
