"""Answer and clause text as markup: paragraphs, lists, citation marks, highlighted quotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markupsafe import Markup

from ui.html import join, tag
from ui.texts import TEXTS

LONG_LINE = 110
_FULL_WIDTH = 0xFEE0  # from ! to its full-width form, and so on to ~
_AFTER_MARKS = re.compile(r"(?<=\])(?=[^\[\s，。；、：！？])")
_MARK = re.compile(r"\[(\d{1,2})\]")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BULLET = re.compile(r"^\s*(?:[-*•]|(?P<number>\d{1,2})[.、)])\s+")


def answer_prose(text: str, turn_id: str, names: Mapping[int, str]) -> Markup:
    """An answer's text; ``[n]`` becomes a button where citation ``n`` has a name, and knows which
    of the marks of ``n`` it is.

    Lines that begin with a bullet or a number form lists, blank lines part paragraphs, ``**``
    is emphasis; everything else is literal.
    """
    blocks: list[Markup] = []
    items: list[Markup] = []
    kind = "ul"
    seen = _Seen(turn_id, names)
    for line in [*text.split("\n"), ""]:
        bullet = _BULLET.match(line)
        if bullet:
            kind = "ol" if bullet["number"] else "ul"
            items.append(tag("li", _inline(line[bullet.end() :], seen)))
            continue
        if items:
            blocks.append(tag(kind, items))
            items = []
        if line.strip():
            blocks += [tag("p", _inline(part, seen)) for part in _parts(line.strip())]
    return join(blocks)


def _parts(line: str) -> list[str]:
    """A long line in parts that each end with their citations, so that they can be told apart."""
    return _AFTER_MARKS.split(line) if len(line) > LONG_LINE else [line]


@dataclass
class _Seen:
    """Counts the marks of each citation, in the order of the text."""

    turn_id: str
    names: Mapping[int, str]
    marks: Counter[int] = field(default_factory=Counter)

    def cited(self, match: re.Match[str]) -> Markup:
        n = int(match.group(1))
        if n not in self.names:
            return join([match.group(0)])
        self.marks[n] += 1
        return cite_button(self.turn_id, n, self.names[n], self.marks[n] - 1)


def cite_button(turn_id: str, n: int, name: str, place: int = 0) -> Markup:
    """The mark of citation ``n``, called ``name``; ``place``: which of its marks."""
    chinese, english = TEXTS["source_n"]
    return tag(
        "button",
        n,
        type="button",
        class_="cite",
        data_act="cite",
        data_turn=turn_id,
        data_n=n,
        data_place=place,
        title=chinese.format(n=n, name=name),
        aria_label=chinese.format(n=n, name=name),
        data_label_zh=chinese.format(n=n, name=name),
        data_label_en=english.format(n=n, name=name),
    )


def clause_prose(text: str, *quotes: str) -> Markup:
    """A clause's text in paragraphs, with each of ``quotes`` marked wherever its span lies.

    A mark bears the numbers of the quotes that it is part of.
    """
    spans = [find_quote(text, quote) for quote in quotes]
    paragraphs: list[Markup] = []
    offset = 0
    for line in text.split("\n"):
        if line.strip():
            paragraphs.append(tag("p", _marked(line, offset, spans)))
        offset += len(line) + 1
    return join(paragraphs)


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Where ``quote`` stands in ``text``, white space set aside; ``None`` when it does not."""
    if not quote.strip():
        return None
    start = text.find(quote)
    if start >= 0:
        return start, start + len(quote)
    kept = [i for i, char in enumerate(text) if not char.isspace()]
    squeezed = "".join(text[i] for i in kept)
    wanted = re.sub(r"\s+", "", quote)
    at = squeezed.find(wanted)
    return (kept[at], kept[at + len(wanted) - 1] + 1) if at >= 0 else None


def shorten(text: str, limit: int) -> str:
    flat = re.sub(r"\s+", " ", text).strip()
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def mark_words(text: str, words: Collection[str]) -> Markup:
    """``text`` with each of ``words`` marked, for search results."""
    pattern = word_pattern(words)
    if pattern is None:
        return join([text])
    return _alternate(text, pattern, lambda m: tag("mark", m.group(0)))


def word_pattern(words: Collection[str]) -> re.Pattern[str] | None:
    """Finds any of ``words`` (half-width, as a search has them) in either width and case."""
    wanted = sorted({w for w in words if w}, key=len, reverse=True)
    if not wanted:
        return None
    return re.compile("|".join("".join(map(_either_width, word)) for word in wanted), re.IGNORECASE)


def _either_width(char: str) -> str:
    if char in "()":
        return r"[(（〔\[［【﹝〈{]" if char == "(" else r"[)）〕\]］】﹞〉}]"
    if "!" <= char <= "~":
        return f"(?:{re.escape(char)}|{chr(ord(char) + _FULL_WIDTH)})"
    return re.escape(char)


def _inline(text: str, seen: _Seen) -> Markup:
    parts: list[Markup] = []
    at = 0
    for bold in _BOLD.finditer(text):
        parts.append(_alternate(text[at : bold.start()], _MARK, seen.cited))
        parts.append(tag("strong", _alternate(bold.group(1), _MARK, seen.cited)))
        at = bold.end()
    parts.append(_alternate(text[at:], _MARK, seen.cited))
    return join(parts)


def _alternate(
    text: str, pattern: re.Pattern[str], render: Callable[[re.Match[str]], Markup]
) -> Markup:
    parts: list[object] = []
    at = 0
    for match in pattern.finditer(text):
        parts += [text[at : match.start()], render(match)]
        at = match.end()
    return join([*parts, text[at:]])


def _marked(line: str, offset: int, spans: Sequence[tuple[int, int] | None]) -> Markup:
    inside = [
        (max(s[0] - offset, 0), min(s[1] - offset, len(line))) if s else (0, 0) for s in spans
    ]
    cuts = sorted({0, len(line), *(at for a, b in inside if a < b for at in (a, b))})
    parts: list[object] = []
    for start, end in pairwise(cuts):
        places = [n for n, (a, b) in enumerate(inside) if a <= start and end <= b and a < b]
        piece = line[start:end]
        parts.append(
            tag("mark", piece, data_places=" ".join(map(str, places))) if places else piece
        )
    return join(parts)
