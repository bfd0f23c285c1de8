"""What a sentence says, as typed values, and the clause sentences that it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.answer.figures import Figure, chinese_number, figures, plain
from assistant.answer.opposites import NEGATION, Sign, filler, signs
from embeddings.segment import raw_words

# Words an answer may add around what the clause says.
GLUE = frozenset(
    "的是了在可以有对为由按和与或及并等其中您贵企业根据规定条款没写明需应给予就所也不未无非要将把会被再"
)
NEAR = 10  # characters to both sides amid which a word stands: some five words
NEW = 0.12  # share of the sentence's pairs that another clause sentence must add to count
MOST = 4  # clause sentences that one sentence may join
ALIKE = 0.8  # a likeness of this share of the best one counts as much
_RIGHT_BEHIND = {
    "内": ("bound", "upper"),
    "前": ("side", "before"),
    "后": ("side", "after"),
    "起": ("side", "after"),
}
_SAME = re.compile(r"\(即?")  # 五十万元(500000元)
STOP = re.compile(r"[，。；：！？;:!?]|,(?!\d{3}(?!\d))")
_FEW = re.compile(r"[一二两三四五六七八九十](?=[家名人项个次]以[上下内])")  # 一家以上 is a bound
_MARKS = re.compile(r"[^\w%]+")
_CAPTION = re.compile(r"【[^】]{0,80}】")
_QUOTES = re.compile(r"[“”\"「」『』‘’]")


def bare(text: str) -> str:
    """The form in which statements are compared: plain, without quotation marks."""
    text = _QUOTES.sub("", _CAPTION.sub("", plain(text)))
    return _FEW.sub(lambda match: f"{chinese_number(match.group()):.0f}", text)


def pairs(text: str) -> list[str]:
    """Character pairs that tell something (glue words aside)."""
    every = (text[i : i + 2] for i in range(len(text) - 1))
    return [p for p in every if not (p[0] in GLUE or p[1] in GLUE or _MARKS.search(p))]


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of more than one character that tell something, whatever their order."""
    return tuple(w for w in raw_words(filler().sub("|", text)) if len(w) > 1 and w.isalpha())


def share(said: str, known: str) -> float:
    """Share of the telling pairs of ``said`` that stand in ``known``; 1 where none tells."""
    telling = pairs(filler().sub("|", said))
    return sum(p in known for p in telling) / len(telling) if telling else 1.0


@dataclass(frozen=True)
class Bounded:
    """A figure, and whether it bounds from above (``upper``), from below, or not."""

    figure: Figure
    bound: str


@dataclass(frozen=True)
class Statement:
    """One sentence in :func:`bare` form with its typed values."""

    text: str

    @cached_property
    def placed(self) -> list[tuple[int, str]]:
        """What stands between its marks, each with its place."""
        found, at = [], 0
        for stop in (*STOP.finditer(self.text), None):
            end = stop.start() if stop else len(self.text)
            if end > at:
                found.append((at, self.text[at:end]))
            at = stop.end() if stop else end
        return found

    @property
    def parts(self) -> list[str]:
        return [part for _, part in self.placed]

    @cached_property
    def bounded(self) -> list[Bounded]:
        return [Bounded(f, s.value if s else "") for f, s in self._figures]

    @cached_property
    def signs(self) -> list[Sign]:
        """Its signs but for those that bound a figure."""
        used = {id(s) for _, s in self._figures if s}
        return [s for s in signs(self.text) if id(s) not in used]

    @cached_property
    def _figures(self) -> list[tuple[Figure, Sign | None]]:
        """Every figure with the sign that bounds it: right behind it, or before it in its part."""
        bounds = [s for s in signs(self.text) if s.kind in ("bound", "side")]
        found: list[tuple[Figure, Sign | None]] = []
        left = 0
        for figure in figures(self.text):
            start, end = figure.start, figure.start + len(figure.text)
            behind = [
                s
                for s in bounds
                if end <= s.start and re.fullmatch(r"[(及含)]*", self.text[end : s.start])
            ]
            if not behind and (closing := _RIGHT_BEHIND.get(self.text[end : end + 1])):
                behind = [Sign(*closing, end, end + 1)]
            before = [
                s
                for s in bounds
                if s.kind == "bound"
                and left <= s.start
                and s.end <= start
                and not STOP.search(self.text, s.end, start)
            ]
            sign = behind[0] if behind else before[-1] if before else None
            if not sign and found and _SAME.fullmatch(self.text[left:start]):
                sign = found[-1][1] if found[-1][0].value == figure.value else None
            found.append((figure, sign))
            left = sign.end if behind and sign else end
        return found

    def around(self, start: int, end: int) -> dict[str, float]:
        """Character pairs near ``text[start:end]``, those close by with more weight."""
        near: dict[str, float] = {}
        sides = (self.text[max(0, start - NEAR) : start][::-1], self.text[end : end + NEAR])
        for side, text in enumerate(sides):
            for i in range(len(text) - 1):
                pair = text[i : i + 2] if side else text[i : i + 2][::-1]
                if not _MARKS.search(pair):
                    near[pair] = max(near.get(pair, 0.0), 1 - i / NEAR)
        return near

    def scope(self, sign: Sign, length: int) -> str:
        """What follows a negation, up to the next mark or negation."""
        ends = [sign.end + length]
        ends += [h.start for h in self.signs if h.kind == NEGATION and h.start >= sign.end]
        return STOP.split(self.text[sign.end : min(ends)])[0]

    def denied(self, sign: Sign) -> list[str]:
        """The first telling pairs of what a negation denies."""
        return pairs(filler().sub("|", self.scope(sign, 12)))[:3]

    def closes(self, sign: Sign) -> bool:
        """Whether it ends what a 除 of its part has begun (除…以外)."""
        return sign.value == "except" and any(
            h.value == "except"
            and h.start < sign.start
            and not STOP.search(self.text, h.end, sign.start)
            for h in self.signs
        )


@lru_cache(maxsize=4096)
def statement(text: str) -> Statement:
    """The statement of one sentence; the clauses of an answer are read once."""
    return Statement(bare(text))


class Grounds:
    """The sentences of the cited clauses, and those of them that a sentence rests on.

    Args:
        sentences: of the clauses, each with the lead that it hangs on, or none.
        beside: titles, headings and dates that stand over them; they may be stated, too.
    """

    def __init__(self, sentences: Iterable[tuple[str, str | None]], beside: Iterable[str]) -> None:
        self.leads = {statement(s): lead and statement(lead) for s, lead in sentences}
        self.sentences = list(self.leads)
        self.beside = [statement(s) for s in beside]

    def under(self, said: Statement) -> tuple[list[Statement], list[Statement]]:
        """The fewest sentences that hold what ``said`` shares with the clauses, and their leads."""
        left = set(pairs(said.text))
        every = {said.text[i : i + 2] for i in range(len(said.text) - 1)}
        enough = max(3, NEW * len(left))
        chosen: list[Statement] = []
        while len(chosen) < MOST:
            best = max(
                self.sentences,
                key=lambda s: sum(p in s.text for p in left) + sum(p in s.text for p in every),
                default=None,
            )
            gain = sum(p in best.text for p in left) if best else 0
            if best is None or gain == 0 or (chosen and gain < enough):
                break
            chosen.append(best)
            left = {p for p in left if p not in best.text}
            every = {p for p in every if p not in best.text}
        return chosen, [lead for s in chosen if (lead := self.leads[s])]
