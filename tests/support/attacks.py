"""Texts on which a regular expression may run long, made from the expression itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from re import _compiler, _parser  # type: ignore[attr-defined]
from re import _constants as sre  # type: ignore[attr-defined]
from typing import Any, NamedTuple

Part = Any  # a parsed stretch of a pattern: a sequence of (operation, argument)

# Characters tried for a class: the first that it holds stand for it.
EVERYDAY = "1一a区 、（《-年。，；：\n"
OTHERS = "1 一a《（"  # tried on every pattern
ENDS = ("", "\x01。，；》）\n")  # the second, so that a match that ran on fails at last
MOST = 24  # characters of a pattern, and loops, that are tried
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
SINGLE = (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN)


class Attack(NamedTuple):
    """``unit`` is to be repeated between the two others."""

    before: str
    unit: str
    end: str

    def text(self, size: int) -> str:
        return self.before + self.unit * (size // len(self.unit)) + self.end


def attacks(pattern: re.Pattern[Any]) -> list[Attack]:
    """Each character of the pattern repeated, neighbours in turn, and what each loop repeats.

    None where nothing repeats without bound: then the time is linear, whatever the text.
    """
    tree = _parser.parse(pattern.pattern, pattern.flags)
    if not _endless(tree):
        return []
    alphabet = list(dict.fromkeys((*_letters(tree), *OTHERS)))[:MOST]
    whole = _sample(tree)
    units = [*alphabet, *map("".join, pairwise(alphabet)), whole, whole[:-1]]
    loops = list(dict.fromkeys(_loops(tree)))[:MOST]
    led = [*(("", unit) for unit in units if unit), *loops, *(("", a + b) for a, b in loops)]
    return [Attack(*one, end) for one in dict.fromkeys(led) for end in ENDS]


def _inner(kind: Any, value: Any) -> list[Part]:
    """The parts inside an operation."""
    if kind in REPEATS:
        return [value[2]]
    if kind is sre.BRANCH:
        return list(value[1])
    if kind is sre.SUBPATTERN:
        return [value[3]]
    if kind is sre.ATOMIC_GROUP:
        return [value]
    return [value[1]] if kind in (sre.ASSERT, sre.ASSERT_NOT) else []


def _endless(part: Part) -> bool:
    return any(
        (kind in REPEATS and value[1] is sre.MAXREPEAT) or any(map(_endless, _inner(kind, value)))
        for kind, value in part
    )


def _characters(item: tuple[Any, Any]) -> list[str]:
    """Up to three characters that a literal or a class matches."""
    if item[0] is sre.LITERAL:
        return [chr(item[1])]
    fits = _compiler.compile(_parser.SubPattern(_parser.State(), [item])).match
    found = [c for c in EVERYDAY if fits(c)][:3]
    return found or [next(chr(code) for code in range(0x10000) if fits(chr(code)))]


def _letters(part: Part) -> Iterator[str]:
    """The alphabet of a pattern."""
    for kind, value in part:
        if kind in SINGLE:
            yield from _characters((kind, value))
        for inner in _inner(kind, value):
            yield from _letters(inner)


def _sample(part: Iterable[tuple[Any, Any]]) -> str:
    """A short text that matches, assertions aside."""
    text = ""
    for kind, value in part:
        if kind in SINGLE:
            text += _characters((kind, value))[0]
        elif kind not in (sre.ASSERT, sre.ASSERT_NOT):
            times = value[0] if kind in REPEATS else 1
            text += "".join(map(_sample, _inner(kind, value)[:1])) * times
    return text


def _ways(part: Part) -> Iterator[str]:
    """A text for each way through the choices of a part."""
    if len(part) == 1 and part[0][0] in SINGLE:
        yield from _characters(part[0])
    yield _sample(part)
    for kind, value in part:
        if kind in (sre.BRANCH, sre.SUBPATTERN):
            for inner in _inner(kind, value):
                yield from _ways(inner)


def _loops(part: Part, before: str = "") -> Iterator[tuple[str, str]]:
    """What repeats without bound, with a text that leads to it."""
    for kind, value in part:
        if kind in REPEATS and value[1] is sre.MAXREPEAT:
            yield from ((before, unit) for unit in _ways(value[2]) if unit)
        for inner in _inner(kind, value):
            yield from _loops(inner, before)
        before += _sample([(kind, value)])
