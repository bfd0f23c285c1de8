"""What the retriever knows of every row of the lexical index, read from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.records import Document, Measure, Place
from assistant.retrieval import features

if TYPE_CHECKING:
    from assistant.store.catalogue import Catalogue

_PART = re.compile(r"(?:正文|导语|附则|落款|附件)\d+")
_REPEATED = re.compile(r"@\d+$")


class Rows:
    """The rows of an index in its order, with their documents; measures are read when needed.

    Args:
        catalogue: holds every id.
        ids: measure ids, ``doc_id#label``.
    """

    def __init__(self, catalogue: Catalogue, ids: Sequence[str]) -> None:
        self._catalogue = catalogue
        self.ids = ids
        self.documents = {document.doc_id: document for document in catalogue.documents()}
        self.doc_ids = list(self.documents)
        position = {doc_id: i for i, doc_id in enumerate(self.doc_ids)}
        self.doc_of_row = np.array([position[i.partition("#")[0]] for i in ids], np.intp)
        self.years = [features.years_of(document) for document in self.documents.values()]
        self.districts = {d.district for d in self.documents.values() if d.district}
        self._measures: dict[int, Measure] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def document(self, row: int) -> Document:
        return self.documents[self.doc_ids[self.doc_of_row[row]]]

    def measure(self, row: int) -> Measure:
        """Reads the one measure if :meth:`read` has not been asked for it."""
        if row not in self._measures:
            self.read([row])
        return self._measures[row]

    def read(self, rows: Iterable[int]) -> None:
        """Read the measures of ``rows`` at once; kept for later questions."""
        missing = {self.ids[row]: row for row in rows if row not in self._measures}
        if missing:
            for measure_id, measure in self._catalogue.measures_by_id(missing).items():
                self._measures[missing[measure_id]] = measure

    def label(self, row: int) -> str | None:
        """The label, without reading the measure; None for text outside the measures."""
        name = _REPEATED.sub("", self.ids[row].partition("#")[2])
        return None if _PART.fullmatch(name) else name

    def of_document(self, doc_id: str) -> NDArray[np.intp]:
        if doc_id not in self.documents:
            return np.zeros(0, np.intp)
        return np.flatnonzero(self.doc_of_row == self.doc_ids.index(doc_id))

    def of_places(self, places: Set[str]) -> NDArray[np.bool_]:
        """bool of shape (rows,): which rows belong to documents of these districts or areas."""
        inside = [document.place in places for document in self.documents.values()]
        return np.array(inside, bool)[self.doc_of_row]

    @cached_property
    def twins(self) -> dict[str, tuple[Place, ...]]:
        """Where else a rule stands, by measure id."""
        return self._catalogue.all_twins()


class Chunks:
    """Cosines of the chunks of given rows, compared exactly.

    Args:
        owner: row of each chunk, chunks of one row side by side.
        vectors: float32 of shape (chunks, dimension), unit rows.
    """

    def __init__(self, owner: NDArray[np.intp], vectors: NDArray[np.float32], rows: int) -> None:
        self._vectors = vectors.view(np.ndarray)
        self._order = np.argsort(owner, kind="stable")
        self._starts = np.searchsorted(owner[self._order], np.arange(rows + 1))

    def nearness(self, vector: NDArray[np.float32], rows: Sequence[int]) -> NDArray[np.float32]:
        """Cosine of each row's nearest chunk, never below 0; shape (len(rows),)."""
        values = np.zeros(len(rows), np.float32)
        if not len(rows) or not vector.any():
            return values
        spans = [self._order[self._starts[r] : self._starts[r + 1]] for r in rows]
        cosines = self._vectors[np.concatenate(spans)] @ vector
        sizes = np.array([len(span) for span in spans])
        filled = sizes > 0
        begins = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        values[filled] = np.maximum.reduceat(cosines, begins[filled])
        return np.maximum(values, 0)
