"""A measure's text as sentences with their spans, so that an answer can quote them verbatim.

Enumerated items are sentences of their own that remember the lead they hang on (``应当符合
下列条件：``), rows of a table their header; the heading and the bracket of responsible departments
are told apart.  Nothing is cut inside brackets, quotation marks and titles, nor in mid-word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

from assistant.records import Measure
from embeddings.segment import raw_words

Part = Literal["heading", "text", "item", "depts"]

_ENUMERATOR = (
    r"（[一二三四五六七八九十\d]{1,3}）|\([一二三四五六七八九十\d]{1,3}\)"
    r"|\d{1,2}[.．、](?!\d)|[①-⑳]|[一二三四五六七八九十]{1,3}、"
)
_BREAK = re.compile(rf"[。！？]+[”’」』）)]*|[；;](?!\s*$)|\n+|[：:](?=\s*(?:{_ENUMERATOR}))")
_ITEM = re.compile(
    rf"\s{{0,9}}+(?:{_ENUMERATOR}|第[一二三四五六七八九十]+[，、]|[一二三四五六七八九]是)"
)
_LABEL = re.compile(
    rf"\s{{0,9}}+(?:{_ENUMERATOR}|第[一二三四五六七八九十百千万零〇\d]+条)\s*[*＊]?\s*"
)
_BRACKET_START = re.compile(
    r"[（(\[【]\s*(?:责任(?:单位|部门)|牵头(?:单位|部门)|负责(?:单位|部门)|配合单位)"
)
_LONGEST_HEADING = 30
_ENCLOSED = re.compile(r"《[^《》]{0,80}》|“[^“”]{0,160}”|（[^（）]{0,160}）|【[^【】]{0,80}】")
_GOES_ON = "，、,；;：:的"  # behind a closing mark: the sentence is not at its end
_SHORT_BRACKET = 4  # with its marks: what is put into a word
_ENDED = "。！？；;：:…”’」』）)】》|"


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text == measure.text[start:end]``; ``lead`` is the index of the sentence it hangs on."""

    text: str
    start: int
    end: int
    index: int
    part: Part = "text"
    lead: int | None = None


def split(measure: Measure) -> tuple[Sentence, ...]:
    """The sentences of ``measure.text`` in order; together they cover it but for white space."""
    text = measure.text
    body_start = _heading_end(measure)
    body_end = _depts_start(measure)
    found: list[Sentence] = []
    if body_start:
        _add(found, text, 0, body_start, "heading", None)
    lead: int | None = None
    start = body_start
    header: int | None = None
    for end in _cuts(text, body_start, body_end):
        row = "\t" in text[start:end].strip()
        if row:
            part: Part = (
                "heading" if header is None and not re.search(r"\d", text[start:end]) else "item"
            )
            if _add(found, text, start, end, part, header) and part == "heading":
                header = found[-1].index
            start = end
            continue
        header = None
        item = _ITEM.match(text, start, end) is not None
        added = _add(found, text, start, end, "item" if item and lead is not None else "text", lead)
        if added and found[-1].text[-1] in "：:":
            lead = found[-1].index
        elif added and lead is not None and not item and text[start - 1 : start] in "。\n":
            lead = None
            found[-1] = _without_lead(found[-1])
        start = end
    if body_end < len(text):
        _add(found, text, body_end, len(text), "depts", None)
    return tuple(found)


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Where a sentence ends: not inside what is enclosed, nor where a line breaks a word."""
    enclosed = [m.span() for m in _ENCLOSED.finditer(text, start, end)]
    opened = [a for a, _ in enclosed]
    cuts = []
    for match in _BREAK.finditer(text, start, end):
        at = match.end()
        last = bisect_left(opened, match.start()) - 1  # they do not overlap: no other can hold it
        inside = last >= 0 and _holds(text, *enclosed[last], at)
        broken = match[0].isspace() and _in_mid_word(text, match)
        if not inside and not broken:
            cuts.append(at)
    return [*cuts, end]


def _holds(text: str, opened: int, closed: int, at: int) -> bool:
    return at < closed or (at == closed and _goes_on(text, opened, closed))


def _goes_on(text: str, opened: int, closed: int) -> bool:
    """Whether the sentence goes on behind it: “马上就办！”，并…, 办理（…。）后归档."""
    if closed == len(text) or text[closed] in _GOES_ON:
        return closed < len(text)
    in_sentence = opened > 0 and text[opened - 1] not in "。！？；;：:\n"
    return text[closed - 1] == "）" and in_sentence and not text[closed].isspace()


def _in_mid_word(text: str, line_end: re.Match[str]) -> bool:
    """Whether a line was broken in mid-sentence: in a word (治⏎理), or behind a bracket that
    closed in one (退（免）⏎税)."""
    before = text[max(0, line_end.start() - 4) : line_end.start()]
    after = text[line_end.end() : line_end.end() + 4]
    if not before or not after or "\t" in before + after or _ITEM.match(after):
        return False
    if before[-1] in "）)":
        opened = max(text.rfind("（", 0, line_end.start()), text.rfind("(", 0, line_end.start()))
        alone = opened <= 0 or text[opened - 1] in "。；\n"
        return not alone and line_end.start() - opened <= _SHORT_BRACKET
    if after[0] in "，、；。：）》" or before[-1] in "，、":
        return True
    if before[-1] in _ENDED:
        return False
    place = 0
    for word in raw_words(before + after):
        place += len(word)
        if place == len(before):
            return False
    return True


def _add(
    found: list[Sentence], text: str, start: int, end: int, part: Part, lead: int | None
) -> bool:
    """Append the stretch without outer white space; False when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return False
    found.append(Sentence(text[start:end], start, end, len(found), part, lead))
    return True


def _without_lead(sentence: Sentence) -> Sentence:
    return Sentence(sentence.text, sentence.start, sentence.end, sentence.index, "text", None)


def _heading_end(measure: Measure) -> int:
    """Where the body begins: after enumerator and heading, or 0 when the heading is the text."""
    label = _LABEL.match(measure.text)
    start = label.end() if label else 0
    heading = measure.heading.strip().rstrip("。.：:")
    if not heading or len(heading) > _LONGEST_HEADING:
        return start
    place = measure.text.find(heading, 0, start + len(heading) + 8)
    if place < 0:
        return start
    end = place + len(heading)
    after = re.compile(r"[）)]?[。.：:\s]+").match(measure.text, end)
    if not after or after.end() >= len(measure.text):
        return start if start < len(measure.text) else 0
    return after.end()


def _depts_start(measure: Measure) -> int:
    """Where the closing bracket of responsible departments begins, else the text's length."""
    text = measure.text
    named = None
    for match in _BRACKET_START.finditer(text):
        named = match.start()
    if named is not None and len(text) - named < 400 and "。" not in text[named:].rstrip("。 ）)"):
        return named
    if not measure.depts:
        return len(text)
    place = text.rfind(measure.depts)
    if place <= 0:
        return len(text)
    bracket = max(text.rfind("（", 0, place), text.rfind("(", 0, place), text.rfind("[", 0, place))
    near = bracket >= 0 and place - bracket < 12
    closes = len(text) - place - len(measure.depts) < 6
    if not closes:
        return len(text)
    return bracket if near else place
