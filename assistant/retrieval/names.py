"""The documents and labels a question names: 文号, 《title》, a bare title, 第N条."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.question.query import LabelRef, Query
from assistant.question.references import enumerators, labels, nicknames
from assistant.records import Document
from embeddings.characters import unified

_NOISE = re.compile(r"[\s《》〈〉“”\"'‘’（）()\[\]〔〕【】<>\-—–－_·,，、:：。.]")
_ISSUED = re.compile(
    r"^.{0,80}?关于(?:印发|发布|公布|转发)(?:实施)?[《<](.{1,200})[》>]的(?:通知|决定|公告)$"
)
_OPENING = re.compile(r"^(?:上海市人民政府办公厅|上海市人民政府|上海市|关于|本市|20\d\d年)+")
_YEARS = re.compile(r"(?:19|20)\d\d(?:年)?(?:(?:至|到)?(?:19|20)\d\d年?)?")
SHORT_TITLE = 0.5  # how surely 那个专精特新的文件 names a document
MOST_ABOUT = 3
_SHORTEST_BARE = 8  # characters of a title that may be recognised without 《》


def squeezed(text: str) -> str:
    """Without spaces, quotes, brackets and dashes, so that spellings of one name agree."""
    return _NOISE.sub("", unified(text)).lower()


@dataclass(frozen=True, slots=True)
class Named:
    """Documents that a question names, with how surely (1: by number or full title)."""

    documents: dict[str, float]
    rest: str  # the question without the names: what is left to search for


class Names:
    """Looks documents up by the ways people name them."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._by_number: dict[str, list[str]] = {}
        self._titles: list[tuple[str, str]] = []
        self._cores: dict[str, str] = {}
        self._by_pair: dict[str, list[tuple[str, str]]] = {}
        for document in documents:
            if document.doc_number:
                number = squeezed(document.doc_number)
                self._by_number.setdefault(number, []).append(document.doc_id)
            full = _full(document.title)
            self._titles.append((full, document.doc_id))
            self._cores[full] = _core(full)
            for pair in {full[i : i + 2] for i in range(len(full) - 1)} - {"上海", "海市"}:
                self._by_pair.setdefault(pair, []).append((full, document.doc_id))

    def find(self, query: Query) -> Named:
        """Every document that the question names by number or title."""
        found: dict[str, float] = {}
        for number in query.doc_numbers:
            for doc_id in self._numbered(number):
                found[doc_id] = 1.0
        for title in query.titles:
            for doc_id, sure in self._titled(squeezed(title)):
                found[doc_id] = max(found.get(doc_id, 0.0), sure)
        for subject in query.short_titles:
            for doc_id in self._about(squeezed(subject)):
                found.setdefault(doc_id, SHORT_TITLE)
        for words, kind in nicknames(query.text):
            for doc_id in self._nicknamed(squeezed(words), kind):
                found.setdefault(doc_id, SHORT_TITLE)
        text = squeezed(query.text)
        rest = query.text
        for core, doc_id in self._bare(text):
            found.setdefault(doc_id, 0.9)
            rest = _cut(rest, core)
        return Named(found, rest)

    def _numbered(self, number: str) -> list[str]:
        wanted = squeezed(number)
        exact = self._by_number.get(wanted)
        if exact:
            return exact
        # 市政府令第37号 is written with and without the full name of the government
        tail = re.search(r"令第?\d+号$", wanted)
        if not tail:
            return []
        return [d for n, ids in self._by_number.items() if n.endswith(tail[0]) for d in ids]

    def _titled(self, title: str) -> list[tuple[str, float]]:
        exact = [doc_id for full, doc_id in self._titles if full == title]
        if exact:
            return [(doc_id, 1.0) for doc_id in exact]
        core = _core(title)
        same = [doc_id for full, doc_id in self._titles if self._cores[full] == core]
        if same:
            return [(doc_id, 1.0) for doc_id in same]
        # a shortened title: all of it stands in the full one; the shortest full one is meant
        holding = sorted(
            (len(full), doc_id) for full, doc_id in self._titles if core and core in full
        )
        return [(doc_id, 0.7) for length, doc_id in holding if length == holding[0][0]]

    def _about(self, subject: str) -> list[str]:
        """Documents whose titles hold ``subject``; none when it is too common to mean one."""
        holding = [doc_id for full, doc_id in self._titles if subject and subject in full]
        return holding if len(holding) <= MOST_ABOUT else []

    def _nicknamed(self, words: str, kind: str) -> list[str]:
        """Documents whose title reads ``words`` and ``kind`` with gaps (停车办法: 停车场管理办法).

        Of ``words`` the longest end counts that fits: what stands before belongs to the sentence.
        """
        words = words.removesuffix("的")
        for start in range(max(len(words) - 1, 0)):
            said = words[start:]
            titles = self._by_pair.get(said[:2], ())
            holding = [doc for full, doc in titles if _with_gaps(said + kind, full)]
            if holding:
                return holding if len(holding) <= MOST_ABOUT else []
        return []

    def _bare(self, text: str) -> list[tuple[str, str]]:
        """Titles said without 《》; a title inside a longer one that is said too is not meant."""
        said = [
            (core, doc_id)
            for full, doc_id in self._titles
            for core in (full if full in text else self._cores[full],)
            if len(core) >= _SHORTEST_BARE and core in text
        ]
        return [
            (core, doc_id)
            for core, doc_id in said
            if not any(core != other and core in other for other, _ in said)
        ]


def label_refs(query: Query, named: Named) -> tuple[LabelRef, ...]:
    """The labels named; read again behind a title that was recognised without 《》."""
    if named.rest == query.text:
        return query.labels
    return tuple(labels(named.rest)) or query.labels


def label_match(ref: LabelRef, label: str | None) -> float:
    """How well a label of a document answers to the one named: 1 same path, 0 not at all.

    第14条 is met by 四/（十四）, and 第五条第二款 by 第五条.
    """
    if not label:
        return 0.0
    annex = label.startswith("附件")
    if annex != (ref.kind == "annex"):
        return 0.0
    path = enumerators(label.partition("/")[2] if annex else label)
    if not path or not ref.path:
        return 0.0
    if path == ref.path:
        return 1.0
    if len(path) > len(ref.path) and path[-len(ref.path) :] == ref.path:
        return 0.8
    if len(path) < len(ref.path) and ref.path[: len(path)] == path:
        return 0.6
    if len(path) > len(ref.path) and path[: len(ref.path)] == ref.path:
        return 0.3
    return 0.0


def best_match(refs: Sequence[LabelRef], label: str | None) -> float:
    return max((label_match(ref, label) for ref in refs), default=0.0)


def _with_gaps(said: str, title: str) -> bool:
    """Whether the characters of ``said`` stand in ``title`` in this order, the first two joined."""
    begins = title.find(said[:2])
    rest = iter(title[begins:]) if begins >= 0 else iter("")
    return all(char in rest for char in said)


def _full(title: str) -> str:
    issued = _ISSUED.match(title)
    return squeezed(issued[1] if issued else title)


def _core(title: str) -> str:
    """The title without 上海市, 关于 and years, which people leave out."""
    return _YEARS.sub("", _OPENING.sub("", title))


def _cut(text: str, core: str) -> str:
    """``text`` with the stretch that reads ``core`` replaced by a mark."""
    letters = [(i, s) for i, c in enumerate(text) for s in squeezed(c)]
    plain = "".join(c for _, c in letters)
    at = plain.find(core)
    if at < 0:
        return text
    return f"{text[: letters[at][0]]}|{text[letters[at + len(core) - 1][0] + 1 :]}"
