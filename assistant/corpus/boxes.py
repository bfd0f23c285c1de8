"""Boxes (专栏1：…) that stand inside a unit: measures of their own below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.corpus.clean import Piece

_BOX = re.compile(r"^(专栏\s*[\d一二三四五六七八九十]{1,3})\s*+[：:]?\s*+(.{2,60})$")
_IN_CHARGE = re.compile(r"[（(][^（）()]*(?:（[^（）]*）[^（）()]*)*[）)]$")


@dataclass(frozen=True, slots=True)
class Box:
    first: int
    end: int  # piece behind the last one of the box
    label: str  # 专栏3
    heading: str


def boxes(pieces: Sequence[Piece], first: int, end: int) -> list[Box]:
    """The boxes among ``pieces[first:end]``, the own text of one unit.

    A box ends where the next one begins or, in a document that closes every task with the
    bracket of those in charge, with its first paragraph that has one: what follows it belongs
    to the unit again.
    """
    starts = [i for i in range(first, end) if _box(pieces[i].text)]
    if not starts:
        return []
    bracketed = starts[0] > first and bool(_IN_CHARGE.search(pieces[starts[0] - 1].text))
    found = []
    for at, limit in zip(starts, [*starts[1:], end], strict=True):
        stop = limit
        if bracketed:
            stop = next(
                (i + 1 for i in range(at + 1, limit) if _IN_CHARGE.search(pieces[i].text)), limit
            )
        match = _box(pieces[at].text)
        if match:
            label = re.sub(r"\s", "", match.group(1))
            found.append(Box(at, stop, label, match.group(2).strip()))
    return found


def outside(found: Sequence[Box], first: int, end: int) -> tuple[tuple[int, int], ...]:
    """The stretches of ``first … end`` (exclusive) that lie in no box."""
    stretches: list[tuple[int, int]] = []
    at = first
    for box in found:
        if box.first > at:
            stretches.append((at, box.first))
        at = box.end
    if end > at:
        stretches.append((at, end))
    return tuple(stretches)


def _box(text: str) -> re.Match[str] | None:
    match = _BOX.match(text)
    return None if match is None or match.group(2).endswith(("。", "；", "，")) else match
