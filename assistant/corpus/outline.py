"""Pieces of one document → the tree of its numbered units.

Levels are learned from nesting and sequence: a unit is taken when its ordinal is the plausible
next one at an open level, opens a level with 1, or runs on from where its kind stopped.  Anything
else that looks like an enumerator is text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from assistant.corpus.candidates import ARTICLE_KINDS, Candidate, find_candidates
from assistant.corpus.clean import Piece
from assistant.corpus.decimals import decimal_outline
from assistant.corpus.numbering import RANK, Enumerator, Kind
from assistant.corpus.text import squash
from assistant.corpus.tree import Node, Outline

_LIST_END = ("；", ";", "，", ",", "、")
_MAX_JUMP = 3
_HEADING_LINES = 6


def outline(pieces: Sequence[Piece], first: int, last: int, wrapped: float) -> Outline:
    """The tree of numbered units among ``pieces[first:last]``.

    Args:
        pieces: all pieces of the document.
        wrapped: width at which lines are broken, so that one may begin with anything; or 0.
    """
    decimal = decimal_outline(pieces, first, last, wrapped)
    if decimal:
        return decimal
    candidates = find_candidates(pieces, first, last, wrapped)
    return _Builder(pieces, candidates, last, wrapped).build()


@dataclass(slots=True)
class _Level:
    node: Node

    @property
    def kind(self) -> Kind:
        return self.node.mark.kind

    @property
    def value(self) -> int:
        return self.node.mark.value


class _Builder:
    def __init__(
        self, pieces: Sequence[Piece], candidates: list[Candidate], last: int, wrapped: float
    ) -> None:
        self.pieces, self.candidates, self.last, self.wrapped = pieces, candidates, last, wrapped
        self.stack: list[_Level] = []
        self.roots: list[Node] = []
        self.seen: dict[Kind, int] = {}  # last structural value of a kind
        self.inner: dict[Kind, int] = {}  # open lists inside the current unit
        self.warnings: list[str] = []
        self.ordinals: dict[Kind, list[tuple[int, int]]] = defaultdict(list)  # index and value
        for index, candidate in enumerate(candidates):
            self.ordinals[candidate.mark.kind].append((index, candidate.mark.value))
        self.values = {kind: {v for _, v in found} for kind, found in self.ordinals.items()}
        self.seconds = {
            kind: [i for i, v in found if v == 2] for kind, found in self.ordinals.items()
        }

    def build(self) -> Outline:
        for index, candidate in enumerate(self.candidates):
            depth = self._depth(index, candidate)
            if depth is not None:
                self._add(candidate, depth)
        for node in Outline(self.roots, []).nodes():
            node.last = max(node.last, node.first)
        self._close(self.last - 1)
        return Outline(self.roots, self.warnings)

    def _add(self, candidate: Candidate, depth: int) -> None:
        self._close(candidate.at - 1)
        parent = self.stack[depth - 1].node if depth else None
        node = Node(candidate.mark, candidate.at, candidate.at, parent)
        (parent.children if parent else self.roots).append(node)
        del self.stack[depth:]
        self.stack.append(_Level(node))
        self.seen[candidate.mark.kind] = candidate.mark.value
        self.inner.clear()

    def _close(self, at: int) -> None:
        """The newest unit's own text ends at piece ``at``."""
        if self.stack:
            node = self.stack[-1].node
            node.last = max(at, node.first)

    def _depth(self, index: int, candidate: Candidate) -> int | None:
        """Depth at which the candidate is a unit; ``None`` when it is text."""
        mark = candidate.mark
        if not (candidate.firm or self._below_heading(candidate)):
            return None
        open_at = next(
            (d for d in reversed(range(len(self.stack))) if self.stack[d].kind == mark.kind), None
        )
        listed = self.inner.get(mark.kind)
        if (
            listed is not None
            and mark.value == listed + 1
            and self._list_goes_on(candidate, open_at)
        ):
            self.inner[mark.kind] = mark.value
            return None
        if open_at is not None:
            return self._at_open_level(index, candidate, open_at)
        if mark.value == 1:
            return self._new_level(index, candidate)
        seen = self.seen.get(mark.kind)
        if seen == mark.value - 1:
            return self._outward(mark.kind)
        if seen and seen < mark.value <= seen + _MAX_JUMP and self._jump(index, seen):
            return self._jumped(self._outward(mark.kind), f"第{seen}项", mark)
        if mark.kind not in self.seen and self._begins_late(index):
            return self._outward(mark.kind)
        return None

    def _begins_late(self, index: int) -> bool:
        """An excerpt: the first of its kind is not 1, and the next one follows it."""
        mark = self.candidates[index].mark
        same = self.values[mark.kind]
        return (
            1 not in same and mark.value + 1 in same and not (self.stack and mark.kind != "article")
        )

    def _below_heading(self, candidate: Candidate) -> bool:
        """The lines right above are a unit's heading, which needs no full stop."""
        if not self.stack:
            return False
        first = self.stack[-1].node.first
        return candidate.at - first <= _HEADING_LINES and not any(
            "。" in p.text for p in self.pieces[first : candidate.at]
        )

    def _list_goes_on(self, candidate: Candidate, open_at: int | None) -> bool:
        if open_at is None or self.stack[open_at].value != candidate.mark.value - 1:
            return True
        return self.pieces[candidate.at - 1].text.endswith(_LIST_END)

    def _at_open_level(self, index: int, candidate: Candidate, open_at: int) -> int | None:
        mark, level = candidate.mark, self.stack[open_at]
        if mark.value == level.value + 1 and not mark.insert:
            return open_at
        if mark.value == level.value and mark.insert > level.node.mark.insert:
            return open_at
        if mark.value == 1:
            if mark.kind in ARTICLE_KINDS - {"article"}:
                return None
            self.inner[mark.kind] = 1
            return None
        if level.value + 1 < mark.value <= level.value + _MAX_JUMP and self._jump(
            index, level.value
        ):
            return self._jumped(open_at, level.node.label, mark)
        return None

    def _jumped(self, depth: int, before: str, mark: Enumerator) -> int:
        self.warnings.append(f"编号不连续：{before}之后是{mark.label}")
        return depth

    def _jump(self, index: int, last: int) -> bool:
        """No later candidate closes the gap, and the next one of the kind goes on from here."""
        mark = self.candidates[index].mark
        ordinals = self.ordinals[mark.kind]
        at = bisect_right(ordinals, index, key=itemgetter(0))
        later = [value for _, value in ordinals[at : at + 3]]
        if last + 1 in later:
            return False
        return bool(later and later[0] == mark.value + 1) and self.candidates[index].firm

    def _new_level(self, index: int, candidate: Candidate) -> int | None:
        kind = candidate.mark.kind
        if not self.stack:
            return 0
        if RANK[kind] < RANK[self.stack[0].kind]:
            return 0
        if self._is_list(index, candidate):
            self.inner[kind] = 1
            return None
        return self._outward(kind)

    def _outward(self, kind: Kind) -> int:
        """Depth right below the deepest open level that customarily encloses ``kind``."""
        for depth in reversed(range(len(self.stack))):
            if RANK[self.stack[depth].kind] < RANK[kind]:
                return depth + 1
        return 0 if not self.stack else len(self.stack)

    def _is_list(self, index: int, candidate: Candidate) -> bool:
        """Whether ``1`` opens a list of conditions inside a unit rather than a level of units."""
        kind = candidate.mark.kind
        at = bisect_right(self.seconds[kind], index)
        following = (
            self.candidates[self.seconds[kind][at]] if at < len(self.seconds[kind]) else None
        )
        lead = self.pieces[candidate.at - 1].text
        own = self.stack[-1].node.first == candidate.at - 1
        if following is None:
            return True
        after = self.candidates[index + 1]
        if squash(self.pieces[after.at - 1].text).endswith(_LIST_END):
            return True
        if lead.endswith(("：", ":")) and not own:
            body = "".join(p.text for p in self.pieces[candidate.at : following.at])
            return RANK[self.stack[-1].kind] >= RANK["cn_bracket"] or body.count("。") == 0
        return kind in ("arabic_bracket", "circled") and lead.endswith(("：", ":"))
