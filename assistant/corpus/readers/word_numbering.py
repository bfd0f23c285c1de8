"""The numbers that Word writes before paragraphs (一、 （一） 1. 第一条) and keeps in no text."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_PLACEHOLDER = re.compile(r"%([1-9])")
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "ideographDigital",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
}


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    pattern: str  # "%1、", "第%1条", "%1.%2"
    start: int


@dataclass(slots=True)
class Numbering:
    """Counts along while the paragraphs of a document are read in order."""

    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)  # by numId and depth
    lists: dict[str, str] = field(default_factory=dict)  # numId → abstract list: they share counts
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)  # style → numId and depth
    counts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0] * 9))

    @classmethod
    def of(cls, document: Any) -> Numbering:
        made = cls()
        root = next(
            (
                relation.target_part.element
                for relation in document.part.rels.values()
                if relation.reltype.endswith("/numbering") and not relation.is_external
            ),
            None,
        )
        if root is None:
            return made
        abstract = {a.get(f"{_W}abstractNumId"): a for a in root.findall(f"{_W}abstractNum")}
        for number in root.findall(f"{_W}num"):
            id_ = number.get(f"{_W}numId")
            base = _value(number, "abstractNumId")
            made.lists[id_] = base
            for level in abstract[base].findall(f"{_W}lvl") if base in abstract else ():
                made._add_level(id_, level)
            for override in number.findall(f"{_W}lvlOverride"):
                made.lists[id_] = f"{base}/{id_}"  # counts of its own
                for level in override.findall(f"{_W}lvl"):
                    made._add_level(id_, level)
        for style in document.styles.element.findall(f"{_W}style"):
            place = _place(style)
            if place:
                made.styles[style.get(f"{_W}styleId")] = place
        return made

    def prefix(self, paragraph: Any) -> str:
        """What Word writes before the paragraph; ``""`` for bullets and plain paragraphs."""
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        place = _place(paragraph) or self.styles.get(
            style.get(f"{_W}val") if style is not None else ""
        )
        if place is None or (level := self.levels.get(place)) is None:
            return ""
        number, depth = place
        counts = self.counts[self.lists.get(number, number)]
        counts[depth] = counts[depth] + 1 if counts[depth] else level.start
        counts[depth + 1 :] = [0] * (8 - depth)
        if level.format in ("bullet", "none"):
            return ""
        return _PLACEHOLDER.sub(
            lambda m: self._written(number, int(m[1]) - 1, counts), level.pattern
        )

    def _written(self, number: str, depth: int, counts: list[int]) -> str:
        level = self.levels.get((number, depth))
        if level is None:
            return ""
        return written(counts[depth] or level.start, level.format)

    def _add_level(self, number: str, level: Any) -> None:
        depth = int(level.get(f"{_W}ilvl"))
        self.levels[number, depth] = _Level(
            _value(level, "numFmt") or "decimal",
            _value(level, "lvlText"),
            int(_value(level, "start") or 1),
        )


def written(number: int, form: str) -> str:
    """``number`` in one of Word's number formats; an unknown format gives digits."""
    if form in _CHINESE and 0 < number < 100:
        tens, ones = divmod(number, 10)
        head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
        return head + (_DIGITS[ones] if ones or not tens else "")
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    if form in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        return chr((97 if form == "lowerLetter" else 65) + number - 1)
    if form in ("lowerRoman", "upperRoman") and 0 < number < 40:
        roman = (
            "X" * (number // 10)
            + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[number % 10]
        )
        return roman.lower() if form == "lowerRoman" else roman
    return str(number)


def _place(element: Any) -> tuple[str, int] | None:
    """``(numId, depth)`` of a paragraph or style."""
    properties = element.find(f"{_W}pPr/{_W}numPr")
    if properties is None:
        return None
    number = _value(properties, "numId")
    return (number, int(_value(properties, "ilvl") or 0)) if number and number != "0" else None


def _value(element: Any, child: str) -> str:
    found = element.find(f"{_W}{child}")
    return "" if found is None else found.get(f"{_W}val", "")
