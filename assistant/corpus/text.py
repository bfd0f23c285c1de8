"""Characters of Chinese official texts: blanks, widths, numerals, joining of broken lines."""

from __future__ import annotations

import html
import re

# what may be added or taken away while a text is tidied; nothing else is ever changed
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u00ad"))
_ENTITY = re.compile(
    r"&(?:#\d{2,5}|#x[0-9a-fA-F]{2,4}|nbsp|ensp|emsp|thinsp|amp|lt|gt|quot|middot);"
)
_WORDS = re.compile(r"[0-9A-Za-z%.,:;!?'\")\]]")
_WORD_START = re.compile(r"^[0-9A-Za-z'\"(\[]")
_SPACES = r"[ \u3000\xa0\u2000-\u200b]"
_UNIT = re.compile(
    r"(第\s*[一二三四五六七八九十百千万零〇\d\s]{1,16}[编編章节節条條](?:之[一二三四五六七八九十]+)?)"
    r"[ \u3000\xa0\u2000-\u200b]+(?=\S)"
)
_SPACE = r"[ \u3000\xa0\u2000-\u200b]"
_INNER = re.compile(rf"(?<=[^\x00-\x7f]){_SPACE}+|(?<!{_SPACE}){_SPACE}+(?=[^\x00-\x7f])")

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
NUMERAL = "[一二三四五六七八九十百千万零〇两]{1,15}"  # 九千九百九十九万九千九百九十九
SENTENCE_ENDS = "。！？；…"
CLOSERS = "）)】」』”’》〉"


def unescape(text: str) -> str:
    """Resolve the HTML entities that careless copies leave in plain text."""
    return _ENTITY.sub(lambda m: html.unescape(m.group()), text) if "&" in text else text


def squash(text: str) -> str:
    """The text without any blank: two tidied copies of one text are equal under it."""
    return "".join(unescape(text).translate(_INVISIBLE).split())


def tidy(text: str) -> str:
    """Take out the blanks that typesetting leaves beside Chinese characters.

    Blanks between two Latin words or numbers stay (one each), and so do those in table rows.
    """
    text = unescape(text).strip()
    if text.count("\t") > 1:  # a table row: blanks may part several names in one cell
        return re.sub(r"[ \u3000\xa0]+", " ", text)
    unit = _UNIT.match(text)
    if unit:  # 第三条 所有单位…: the blank shows where the unit's number ends
        return f"{_INNER.sub('', unit.group(1))} {_INNER.sub('', text[unit.end() :])}"
    return re.sub(r" {2,}", " ", _INNER.sub("", text))


def join(parts: list[str]) -> str:
    """Join the lines of one paragraph: without a blank, but between two Latin words or numbers."""
    out = ""
    for part in parts:
        if out and part and _WORDS.match(out[-1]) and _WORD_START.match(part):
            both_numbers = out[-1].isdigit() and part[0].isdigit()
            out += part if both_numbers else f" {part}"
        else:
            out += part
    return out


def number(text: str) -> int | None:
    """Value of a Chinese or Arabic numeral below 100 million; ``None`` when it is none.

    >>> number("二十三"), number("一百零八"), number("〇"), number("12")
    (23, 108, 0, 12)
    """
    text = text.strip()
    if text.isdigit():
        return int(text)
    if not text:
        return None
    ahead = total = current = 0
    for char in text:
        if char in DIGITS:
            current = DIGITS[char]
        elif char in "十百千":
            total += (current or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            current = 0
        elif char == "万":
            ahead, total, current = (total + current) * 10_000, 0, 0
        else:
            return None
    return ahead + total + current


def width(text: str) -> float:
    """Width in Chinese characters: Latin letters, digits and blanks take a half.

    Chinese characters and marks take three bytes in UTF-8, Latin ones take one.
    """
    wide = (len(text.encode()) - len(text)) / 2
    return wide + (len(text) - wide) / 2


def size(text: str) -> int:
    """Number of characters without blanks."""
    if not text.isprintable() or "&" in text:
        text = unescape(text).translate(_INVISIBLE)
    return len("".join(text.split()))
