"""Answer and clause text as markup: paragraphs, lists, citation marks, highlighted quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from markupsafe import Markup

from ui.html import join, tag
from ui.texts import TEXTS

LONG_LINE = 110
_FULL_WIDTH = 0xFEE0  # from ! to its full-width form, and so on to ~
_AFTER_MARKS = re.compile(r"(?<=\])(?=[^\[\s，。；、：！？])")
_MARK = re.compile(r"\[(\d{1,2})\]")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BULLET = re.compile(r"^\s*(?:[-*•]|(?P<number>\d{1,2})[.、)])\s+")


def answer_prose(text: str, turn_id: str, known: Collection[int]) -> Markup:
    """An answer's text; ``[n]`` becomes a button where citation ``n`` exists.

    Lines that begin with a bullet or a number form lists, blank lines part paragraphs, ``**``
    is emphasis; everything else is literal.
    """
    blocks: list[Markup] = []
    items: list[Markup] = []
    kind = "ul"
    for line in [*text.split("\n"), ""]:
        bullet = _BULLET.match(line)
        if bullet:
            kind = "ol" if bullet["number"] else "ul"
            items.append(tag("li", _inline(line[bullet.end() :], turn_id, known)))
            continue
        if items:
            blocks.append(tag(kind, items))
            items = []
        if line.strip():
            blocks += [tag("p", _inline(part, turn_id, known)) for part in _parts(line.strip())]
    return join(blocks)


def _parts(line: str) -> list[str]:
    """A long line in parts that each end with their citations, so that they can be told apart."""
    return _AFTER_MARKS.split(line) if len(line) > LONG_LINE else [line]


def cite_button(turn_id: str, n: int) -> Markup:
    chinese, english = TEXTS["source_n"]
    return tag(
        "button",
        n,
        type="button",
        class_="cite",
        data_act="cite",
        data_turn=turn_id,
        data_n=n,
        aria_label=chinese.format(n=n),
        data_label_zh=chinese.format(n=n),
        data_label_en=english.format(n=n),
    )


def clause_prose(text: str, quote: str = "") -> Markup:
    """A clause's text in paragraphs, with ``quote`` marked wherever its span lies."""
    span = find_quote(text, quote)
    paragraphs: list[Markup] = []
    offset = 0
    for line in text.split("\n"):
        if line.strip():
            paragraphs.append(tag("p", _marked(line, offset, span)))
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
    if "!" <= char <= "~":
        return f"(?:{re.escape(char)}|{chr(ord(char) + _FULL_WIDTH)})"
    return re.escape(char)


def _inline(text: str, turn_id: str, known: Collection[int]) -> Markup:
    def cited(match: re.Match[str]) -> Markup:
        n = int(match.group(1))
        return cite_button(turn_id, n) if n in known else join([match.group(0)])

    parts: list[Markup] = []
    at = 0
    for bold in _BOLD.finditer(text):
        parts.append(_alternate(text[at : bold.start()], _MARK, cited))
        parts.append(tag("strong", _alternate(bold.group(1), _MARK, cited)))
        at = bold.end()
    parts.append(_alternate(text[at:], _MARK, cited))
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


def _marked(line: str, offset: int, span: tuple[int, int] | None) -> Markup:
    if span is None:
        return join([line])
    start, end = max(span[0] - offset, 0), min(span[1] - offset, len(line))
    if start >= end:
        return join([line])
    return join([line[:start], tag("mark", line[start:end]), line[end:]])
