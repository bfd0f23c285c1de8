"""A question in English → the Chinese one that is searched for and read.

Words are looked up in ``data/lexicon/english.tsv``, the longest entry at a place first, and put in
the order of a Chinese question.  No sentence is rewritten beyond that; what is not found is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from assistant.question.english_glossary import WORD, Item, Rows, glossary, stem
from assistant.question.wordings import smalltalk, wording
from embeddings.characters import unified

UNDERSTOOD = 0.6  # share of the words that say something from which a question is answered
TOLD = 12  # unknown words that are named
_LATIN = 0.6  # share of the text from which it is English: a Chinese character is two letters
_NAMED = re.compile(r"《[^》]{1,200}》|“[^”]{1,200}”")
_CJK = re.compile(r"[\u3400-\u9fff]")
_KEPT = 0xE000  # private characters stand for names until the rest is in Chinese
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_INSIDE = re.compile(r"(?<=[A-Za-z\d])[-/](?=[A-Za-z])")  # a word of two: loan-interest
_TOKEN = re.compile(
    rf"{_PRIVATE.pattern}|[\d\u3400-\u9fff〔][\d\u3400-\u9fff〔〕%.]*|{WORD.pattern}"
)
_SENTENCE = re.compile(r"(?<!\d)\.|\.(?!\d)|[?!;:\n]")
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_TIMES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_Written = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
_NUMBERS: tuple[_Written, ...] = (  # notation, no wording: dates, sums, articles, numbers
    (
        re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? {_MONTH},? (20\d\d)", re.I),
        lambda m: _date(m[3], m[2], m[1]),
    ),
    (
        re.compile(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (20\d\d)", re.I),
        lambda m: _date(m[3], m[1], m[2]),
    ),
    (re.compile(r"\[(20\d\d)\]"), lambda m: f"〔{m[1]}〕"),
    (re.compile(r"\bno\. ?(\d{1,4})", re.I), lambda m: f"第{m[1]}号"),
    (re.compile(r"\barticle (\d{1,3})", re.I), lambda m: f"第{m[1]}条"),
    (re.compile(r"(?<=\d),(?=\d{3})"), lambda m: ""),
    (
        re.compile(rf"\b(\d{{1,9}}(?:\.\d{{1,3}})?) ({'|'.join(_TIMES)})\b", re.I),
        lambda m: f"{float(m[1]) * _TIMES[m[2].lower()]:.0f}",
    ),
    (re.compile(r"\b(?:RMB|CNY) ?(\d[\d.]{0,15})", re.I), lambda m: f"{m[1]}元"),
    (re.compile(r"\b(20\d\d)(?![\d年.%〕])"), lambda m: f"{m[1]}年"),
)


@dataclass(frozen=True, slots=True)
class Heard:
    """An English turn in Chinese.

    Attributes:
        text: the Chinese question; empty when nothing of it is known.
        unknown: the first words that say something and are not known, as typed.
        share: how many of the words that say something are known, 0 to 1.
    """

    text: str
    unknown: tuple[str, ...] = ()
    share: float = 1.0


def is_english(turns: Sequence[str]) -> bool:
    """Whether the last of the turns is English, not Chinese with names in Latin letters.

    Small talk in one word (hello) is of the language of the turns before it.
    """
    text = " ".join(turns) if smalltalk(turns[-1]) else turns[-1]
    plain = _NAMED.sub(" ", unified(text))
    words = WORD.findall(plain)
    letters, chinese = sum(map(len, words)), len(_CJK.findall(plain))
    if not letters or letters < _LATIN * (letters + 2 * chinese):
        return False
    known = sum(w[1:] == w[1:].lower() and stem(w) in glossary().words for w in words)
    return known > bool(chinese)  # one may be a technical name beside Chinese words


def hear(text: str) -> Heard:
    """An English turn in Chinese."""
    if wording("steering").search(text):
        return Heard(text)  # is refused as it is
    names: list[str] = []

    def kept(match: re.Match[str]) -> str:
        if not _CJK.search(match[0]):
            return match[0]
        names.append(match[0])
        return chr(_KEPT + len(names) - 1)

    plain = _NAMED.sub(kept, _PRIVATE.sub("", text))
    plain = _INSIDE.sub(" ", unified(plain).replace("’", "'"))
    for pattern, written in _NUMBERS:
        plain = pattern.sub(written, plain)
    whole = tuple(map(stem, WORD.findall(plain)))
    if whole in glossary().talk:
        return Heard(glossary().talk[whole].chinese)
    said: list[str] = []
    items: list[Item] = []
    for tokens in _clauses(plain):
        frame, found = _read(tokens)
        items += found
        words = _framed(frame, found)
        if words:
            said.append(words + ("？" if frame else "，"))
    unknown = tuple(dict.fromkeys(i.typed for i in items if i.kind == "unknown"))
    known = sum(i.kind in ("term", "verb", "place", "number", "name") for i in items)
    share = known / (known + len(unknown)) if known or unknown else 1.0
    chinese = "".join(said).rstrip("，")
    for n, name in enumerate(names):
        chinese = chinese.replace(chr(_KEPT + n), name)
    return Heard(chinese, unknown[:TOLD], share if chinese else 0.0)


def _date(year: str, month: str, day: str) -> str:
    return f"{year}年{_MONTHS.index(month[:3].lower()) + 1}月{day}日"


def _clauses(text: str) -> list[list[str]]:
    """The words of each clause; what follows a comma and asks nothing belongs to what asked."""
    clauses: list[list[str]] = []
    for sentence in _SENTENCE.split(text):
        asked = False
        for clause in _COMMA.split(sentence):
            words = _TOKEN.findall(clause)
            asks = _frame(words)[0] is not None
            if asked and not asks:
                clauses[-1] += ["and", *words]
            else:
                clauses.append(words)
                asked = asks
    return clauses


def _read(tokens: Sequence[str]) -> tuple[Item | None, list[Item]]:
    """What a clause asks, and the rest of it entry by entry."""
    stems = tuple(map(stem, tokens))
    frame, used = _frame(tokens)
    items: list[Item] = []
    at = 0
    while at < len(tokens):
        if at in used:
            at += 1
            continue
        rows = glossary().units if items and items[-1].kind == "number" else {}
        size, item = _longest(rows, stems, at, used)
        if item is None:
            size, item = _longest(glossary().terms, stems, at, used)
        items.append(item or _unlisted(tokens[at]))
        at += size
    return frame, items


def _frame(tokens: Sequence[str]) -> tuple[Item | None, set[int]]:
    """The longest frame of a clause and its places; one of a single word only begins a clause."""
    stems = tuple(map(stem, tokens))
    first = glossary().terms.get(stems[:1])
    leads = first is not None and first.kind in ("and", "prep", "with")  # and by what …
    present = set(stems)
    for parts, item in glossary().frames:
        if not present.issuperset(chain.from_iterable(parts)):
            continue
        at = 0
        used: set[int] = set()
        opens = item.kind == "aux" or sum(map(len, parts)) == 1
        for part in parts:
            last = 1 + leads if opens and not used else len(stems)
            start = next((i for i in range(at, last) if stems[i : i + len(part)] == part), None)
            if start is None:
                break
            at = start + len(part)
            used |= set(range(start, at))
        else:
            return item, used
    return None, set()


def _longest(
    rows: Rows, stems: tuple[str, ...], at: int, used: set[int]
) -> tuple[int, Item | None]:
    for size in range(min(6, len(stems) - at), 0, -1):
        item = rows.get(stems[at : at + size])
        if item is not None and not used.intersection(range(at, at + size)):
            return size, item
    return 1, None


def _unlisted(token: str) -> Item:
    """Numbers, Chinese and technical names (ESG, G60) stay as they are."""
    if token[0].isdigit():
        return Item("number", token.rstrip("."))
    if not token[0].isascii() or token[1:] != token[1:].lower() or any(map(str.isdigit, token)):
        return Item("name", token)
    return Item("unknown", "", token)


def _framed(frame: Item | None, items: Sequence[Item]) -> str:
    """The clause as Chinese puts it: the place, then when and if, then what is asked."""
    places = dict.fromkeys(i.chinese for i in items if i.kind == "place")
    groups: list[tuple[str, list[Item]]] = [("", [])]
    for item in items:
        own = groups[-1][1]
        if item.kind in ("place", "post", "and") and own and own[-1].kind == "and":
            own.pop()  # nothing of this kind stands behind it
        if item.kind == "post":
            groups.append((item.chinese, []))
        elif item.kind not in ("place", "stop", "unknown") and (own or item.kind != "and"):
            own.append(item)
    where = "和".join(places)
    where += "".join(_joined(_ordered(own)) + post for post, own in reversed(groups[1:]) if own)
    main = _ordered(groups[0][1])
    cut = next((n for n, item in enumerate(main) if item.kind == "verb"), 0)
    before, after = _joined(main[:cut]), _joined(main[cut:])
    template = frame.chinese if frame else "{x}"
    return where + template.format(x=before + after, a=before, b=after)


def _ordered(items: Sequence[Item]) -> list[Item]:
    """What qualifies before what is qualified: loans for small firms → 小企业 贷款."""
    ordered: list[Item] = []
    segments: list[list[Item]] = [[]]
    done = False  # a verb was said: what is with it stands behind it
    for item in (*items, Item("end", "")):
        if item.kind == "prep" or (item.kind == "with" and not done):
            segments.append([])
        elif item.kind in ("end", "with") or (
            item.kind == "verb" and (segments[-1] or not segments[1:])
        ):
            said = [own for segment in reversed(segments) for own in segment] + [item]
            done = done or any(own.kind == "verb" for own in said)
            ordered += said
            segments = [[]]
        else:
            segments[-1].append(item)
    return ordered


def _joined(items: Sequence[Item]) -> str:
    """Chinese runs on; two Latin names or numbers keep a space between them."""
    text = ""
    for word in (item.chinese for item in items):
        text += " " if text[-1:].isascii() and text and word[:1].isascii() and word else ""
        text += word
    return text
