"""Two documents side by side, measure by measure: added, removed, changed, renumbered, same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from assistant.corpus.twins import shingles
from assistant.records import Fact, Measure, ParsedDocument

ChangeKind = Literal["same", "renumbered", "changed", "added", "removed"]
PieceKind = Literal["same", "removed", "added"]

_ENUMERATOR = re.compile(
    r"^(?:第[一二三四五六七八九十百零\d]+条|[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+、|"
    r"\d+[.．、])\s*"
)
_TOKEN = re.compile(r"[0-9０-９]+(?:[.．,，][0-9０-９]+)*[%％]?|[A-Za-z]+|.", re.DOTALL)
_BLANK = re.compile(r"\s+")
_PAIR = 0.3  # least likeness for two measures to be one another's versions
_PAIR_SAME_LABEL = 0.15
_FIGURE_KINDS = frozenset({"amount", "ratio", "threshold", "period", "time_limit"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that both versions have, or only one of them."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class FigureChange:
    """An amount, ratio, date or limit that only one version states."""

    kind: str  # the fact's kind
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one measure; ``old``/``new`` is ``None`` where it has no counterpart."""

    kind: ChangeKind
    old: Measure | None
    new: Measure | None
    likeness: float = 0.0  # share of common text, 0 to 1
    pieces: tuple[Piece, ...] = ()
    figures: tuple[FigureChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes in the order of the new text; a removed measure stands where it stood before."""

    changes: tuple[Change, ...]

    def count(self, kind: ChangeKind) -> int:
        """How many changes of one kind."""
        return sum(change.kind == kind for change in self.changes)


def compare(old: ParsedDocument, new: ParsedDocument) -> Comparison:
    """Compare two documents; only numbered measures take part, own text (附则 …) by its part."""
    before = [m for m in old.measures if m.text.strip()]
    after = [m for m in new.measures if m.text.strip()]
    pairs = _pairs(before, after)
    partner = {j: i for i, j in pairs.items()}
    changes: list[Change] = []
    told: set[int] = set()
    for j, measure in enumerate(after):
        i = partner.get(j)
        if i is None:
            changes.append(Change("added", None, measure))
            continue
        changes += _gone(before, pairs, told, upto=i)
        told.add(i)
        changes.append(_change(before[i], measure))
    changes += _gone(before, pairs, told, upto=len(before))
    return Comparison(tuple(changes))


def _gone(
    before: Sequence[Measure], pairs: dict[int, int], told: set[int], upto: int
) -> list[Change]:
    found = []
    for i in range(upto):
        if i not in pairs and i not in told:
            told.add(i)
            found.append(Change("removed", before[i], None))
    return found


def body(measure: Measure) -> str:
    """The measure's words without its enumerator."""
    return _ENUMERATOR.sub("", measure.text.strip())


def _pairs(before: Sequence[Measure], after: Sequence[Measure]) -> dict[int, int]:
    """Each old measure's new version: the likest first, equal labels and headings preferred."""
    old_sets = [shingles(body(m)) for m in before]
    new_sets = [shingles(body(m)) for m in after]
    scored = []
    for i, one in enumerate(old_sets):
        for j, other in enumerate(new_sets):
            if (before[i].label is None) != (after[j].label is None):
                continue
            shared = len(one & other) / max(1, len(one | other))
            same_label = before[i].label is not None and before[i].label == after[j].label
            same_heading = bool(before[i].heading) and before[i].heading == after[j].heading
            if shared >= (_PAIR_SAME_LABEL if same_label or same_heading else _PAIR):
                scored.append((shared + 0.1 * same_label + 0.1 * same_heading, -abs(i - j), i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, i, j in sorted(scored, reverse=True):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _change(old: Measure, new: Measure) -> Change:
    before, after = body(old), body(new)
    if _BLANK.sub("", before) == _BLANK.sub("", after):
        kind: ChangeKind = "same" if old.label == new.label else "renumbered"
        return Change(kind, old, new, 1.0, (Piece("same", after),))
    pieces, likeness = differences(before, after)
    return Change("changed", old, new, likeness, pieces, _figures(old, new))


def differences(before: str, after: str) -> tuple[tuple[Piece, ...], float]:
    """Runs of text in reading order and the share of common text; numbers stay whole."""
    ours, theirs = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    pieces: list[Piece] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(ours[a:b])))
            continue
        if b > a:
            pieces.append(Piece("removed", "".join(ours[a:b])))
        if d > c:
            pieces.append(Piece("added", "".join(theirs[c:d])))
    return tuple(pieces), matcher.ratio()


def _figures(old: Measure, new: Measure) -> tuple[FigureChange, ...]:
    """Figures of one version that the other lacks, paired in order within their kind."""
    found: list[FigureChange] = []
    for kind in sorted(_FIGURE_KINDS):
        ours = _stated(old.facts, kind)
        theirs = _stated(new.facts, kind)
        gone = [f for f in ours if f not in theirs]
        come = [f for f in theirs if f not in ours]
        for k in range(max(len(gone), len(come))):
            found.append(
                FigureChange(
                    kind,
                    gone[k] if k < len(gone) else None,
                    come[k] if k < len(come) else None,
                )
            )
    return tuple(found)


def _stated(facts: Sequence[Fact], kind: str) -> list[str]:
    return [f.text for f in facts if f.kind == kind]
