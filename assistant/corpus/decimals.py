"""Decimal numbering (1 / 1.1 / 1.1.1), as emergency plans and guides have it, → outline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.corpus.clean import Piece
from assistant.corpus.numbering import Enumerator, enumerator
from assistant.corpus.paragraphs import ends_paragraph
from assistant.corpus.tree import Node, Outline

_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})\.?\s?(?=[^\d.\s%％])")
_CHAPTER = re.compile(r"第?(\d{1,2})(?:章|\s)?\s?(?=[^\d.．、\s%％])")
_IN_DIGITS = re.compile(r"第\s?\d{1,2}\s?章")
_FEWEST = 4  # decimals that make a numbering; fewer are figures in the text
_CHAPTER_LENGTH = 30  # characters of a chapter's heading
_CHAPTER_ABOVE = 4  # pieces between a chapter's heading and its first section

Numbers = tuple[int, ...]


def decimal_outline(
    pieces: Sequence[Piece], first: int, last: int, wrapped: float
) -> Outline | None:
    """The outline of a document numbered 1 / 1.1 / 1.1.1; ``None`` when it is not."""
    found = _sequence(pieces, first, last, wrapped)
    if len(found) < _FEWEST:
        return None
    nodes: dict[Numbers, Node] = {}
    roots: list[Node] = []
    for at, numbers, end in _with_chapters(pieces, first, found):
        parent = nodes.get(numbers[:-1])
        label = ".".join(map(str, numbers))
        node = Node(Enumerator("decimal", numbers[-1], label, end), at, at, parent)
        (parent.children if parent else roots).append(node)
        nodes[numbers] = node
    ordered = sorted(nodes.values(), key=lambda n: n.first)
    for node, following in zip(ordered, [n.first for n in ordered[1:]] + [last], strict=True):
        node.last = max(node.first, following - 1)
    return Outline(roots, [])


def _sequence(
    pieces: Sequence[Piece], first: int, last: int, wrapped: float
) -> list[tuple[int, Numbers, int]]:
    """Decimals of which each is the plausible next one; empty where 一、 stands before them."""
    found: list[tuple[int, Numbers, int]] = []
    for i in range(first, last):
        text = pieces[i].text
        match = _DECIMAL.match(text)
        if match is None:
            mark = enumerator(text)
            other = mark and mark.value == 1 and mark.kind in ("cn", "article", "chapter")
            if not found and other and not _IN_DIGITS.match(text):
                return []
            continue
        if wrapped and i and not pieces[i].gap and _unfinished(pieces[i - 1].text):
            continue
        numbers = tuple(int(n) for n in match.group(1).split("."))
        if _plausible(numbers, found[-1][1] if found else None):
            found.append((i, numbers, match.end()))
    return found


def _unfinished(text: str) -> bool:
    """Whether a line goes on below: it is no short heading and ends in mid-sentence."""
    return len(text) > _CHAPTER_LENGTH and not ends_paragraph(text)


def _plausible(numbers: Numbers, before: Numbers | None) -> bool:
    if before is None:
        return numbers[0] <= 1 and numbers[-1] == 1
    if numbers == (*before, 1):
        return True
    shared = numbers[:-1]
    if before[: len(shared)] == shared and len(before) >= len(numbers):
        return numbers[-1] == before[len(shared)] + 1
    if len(numbers) > 2 and numbers[:2] == (before[0], before[1] + 1):
        return all(n == 1 for n in numbers[2:])  # 2.2.1 behind 2.1: 2.2 has no heading
    return numbers[0] == before[0] + 1 and all(n == 1 for n in numbers[1:])


def _with_chapters(
    pieces: Sequence[Piece], first: int, found: list[tuple[int, Numbers, int]]
) -> list[tuple[int, Numbers, int]]:
    """The decimals with the headings of their chapters (``3 组织体系``) in front."""
    made: list[tuple[int, Numbers, int]] = []
    chapters: set[int] = set()
    floor = first
    for at, numbers, end in found:
        if numbers[0] not in chapters:
            chapters.add(numbers[0])
            for i in range(at - 1, max(floor, at - 1 - _CHAPTER_ABOVE) - 1, -1):
                match = _CHAPTER.match(pieces[i].text)
                short = len(pieces[i].text) <= _CHAPTER_LENGTH
                if match and short and int(match.group(1)) == numbers[0]:
                    made.append((i, numbers[:1], match.end()))
                    break
        made.append((at, numbers, end))
        floor = at + 1
    return made
