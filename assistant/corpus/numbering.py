"""Enumerators at the beginning of a line: 第一章, 第五条, 一、, （一）, 1., （1） …"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.corpus.text import NUMERAL, number

Kind = Literal[
    "part",
    "chapter",
    "section",
    "article",
    "cn",
    "cn_bracket",
    "arabic",
    "arabic_bracket",
    "circled",
    "decimal",
]
# outermost first, as offices nest them by custom
RANK: dict[Kind, int] = {
    "part": 0,
    "chapter": 1,
    "section": 2,
    "article": 3,
    "cn": 4,
    "cn_bracket": 5,
    "arabic": 6,
    "arabic_bracket": 7,
    "circled": 8,
    "decimal": 9,  # 3.1.2: found by assistant.corpus.decimals, stands alone as a label
}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_FIRST = frozenset("第AC（(一二三四五六七八九十百" + _CIRCLED)
_B = r"[\s\u3000\xa0]{0,9}"
_ORDINAL = rf"第{_B}((?:{NUMERAL}|\d{{1,6}})(?:{_B}(?:{NUMERAL}))?){_B}"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"{_ORDINAL}(?:[编編]|篇|部分)(?![一-鿿]{{0,3}}[，。；、的])")),
    ("chapter", re.compile(rf"{_ORDINAL}章(?!的|规定|所|第)")),
    ("section", re.compile(rf"{_ORDINAL}[节節](?!的|规定|所)")),
    ("article", re.compile(rf"{_ORDINAL}[条條](之{NUMERAL})?(?![款项例约]|第)")),
    ("chapter", re.compile(r"(?:Chapter|CHAPTER)\s+(\d{1,3})\b")),
    ("article", re.compile(r"(?:Article|ARTICLE)\s+(\d{1,6})\b[.:]?()(?!\s*(?:of|and|or|to)\b)")),
    ("cn", re.compile(rf"({NUMERAL}){_B}[、．.]")),
    ("cn_bracket", re.compile(rf"[（(]{_B}({NUMERAL}){_B}[）)][、]?")),
    (
        "arabic",
        re.compile(r"(\d{1,3})\s?(?:[．、]|[.](?!\d)|[.](?=\d{2,}[^\d.%％]|\d[^\d.%％版]))"),
    ),
    ("arabic_bracket", re.compile(rf"[（(]?{_B}(\d{{1,3}}){_B}[）)]")),
    ("circled", re.compile(f"([{_CIRCLED}])")),
)


@dataclass(frozen=True, slots=True)
class Enumerator:
    """An enumerator as found at the start of a text."""

    kind: Kind
    value: int
    label: str  # as it goes into a path: 一, （一）, 3, （3）, 第五条
    end: int  # where the text after it begins
    insert: int = 0  # 第十条之一: 1


@lru_cache(8192)
def enumerator(text: str) -> Enumerator | None:
    """The enumerator with which ``text`` (already tidied) begins, if any."""
    head = text[:1]
    if not (head.isdigit() or head in _FIRST):
        return None
    for kind, pattern in _PATTERNS:
        match = pattern.match(text)
        if match:
            return _found(kind, match)
    return None


def _found(kind: Kind, match: re.Match[str]) -> Enumerator | None:
    written = re.sub(r"\s", "", match.group(1))
    value = _CIRCLED.index(written) + 1 if kind == "circled" else number(written)
    if not value:
        return None
    insert = 0
    match kind:
        case "cn" | "arabic" | "circled":
            label = written
        case "cn_bracket" | "arabic_bracket":
            label = f"（{written}）"
        case "article":
            suffix = match.group(2) or ""
            insert = number(suffix[1:]) or 0 if suffix else 0
            label = f"第{written}条{suffix}"
            if match[0].isascii():
                label = f"Article {written}"
        case _:
            label = re.sub(r"\s", "", match.group())
    return Enumerator(kind, value, label, match.end(), insert)
