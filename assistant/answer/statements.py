"""What a sentence says, as typed values, against the clause sentences that it rests on.

A sentence may reword its clause, but may not change a value of it: whether something holds
(negation), which way a figure bounds, before or after, for whom, up or down, may or must, only or
also, and which figure belongs to what.  A word of such a kind in the sentence is compared with
the word of that kind that stands in the clause amid the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations

from assistant.answer.figures import Figure, chinese_number, figures, plain, supported
from assistant.answer.opposites import NEGATION, Sign, filler, signs
from embeddings.segment import raw_words

# Words an answer may add around what the clause says.
GLUE = frozenset(
    "的是了在可以有对为由按和与或及并等其中您贵企业根据规定条款没写明需应给予就所也不未无非要将把会被再"
)
# Kinds of which a value may not be added; of the others it may not be exchanged.
ADDED_NEVER = frozenset({"size", "occasion", "level", "limit", "origin", "border", "levy", "place"})
# Kinds of which a value is not added where the clause has only another one.
EXCLUSIVE = frozenset({"levy", "support"})
UNOPPOSED = frozenset({"qualified", "benefit"})  # kinds of one value
STRONG = frozenset({"必须", "务必", "强制"})  # more than the 要 of a plan
MAY, MUST = ("modality", "may"), ("modality", "must")
OBLIGES = frozenset({MUST, (NEGATION, "forbid")})
ENCOURAGES = frozenset({("modality", "encourage"), (NEGATION, "needless")})
ENABLES = frozenset({("support", "for"), ("benefit", "yes")})  # where nothing is obliged
# Kinds that narrow a case: what is said of the rest of their part must keep them.
KEPT = frozenset({"size", "occasion", "level", "origin", "stage", "qualified", "border", "limit"})
NEAR = 10  # characters to both sides amid which a word stands: some five words
SCOPE = 40  # characters behind a negation that it may deny, to the next mark at most
NEW = 0.12  # share of the sentence's pairs that another clause sentence must add to count
MOST = 4  # clause sentences that one sentence may join
ALIKE = 0.8  # a likeness of this share of the best one counts as much
COVERED = 0.6  # share of a part's pairs from which it counts as said
FROM = 0.4  # share of a part's pairs from which it comes from a sentence
OWN = 0.4  # share of what only a condition says, below which it was left out
OWN_WORDS = 0.6  # share of its own words from which it is there in another form
KEPT_SHARE = 0.5  # share of a part's pairs from which what hangs on a condition is said
LENT = 8
STRICT = 0.9
RUN = 10
CARRIED = 0.2  # share of a part's pairs below which the clause does not carry it
CLEARLY = 1.3  # a likeness must exceed another one so many times to count as greater
FAINT = 1.0  # a likeness that may be chance
TAIL = 4  # characters behind a narrowing word by which its place is known again
_RIGHT_BEHIND = {
    "内": ("bound", "upper"),
    "前": ("side", "before"),
    "后": ("side", "after"),
    "起": ("side", "after"),
}
_SAME = re.compile(r"\(即?")  # 五十万元(500000元)
_DURATIONS = ("分钟", "小时", "日", "工作日", "月", "年")  # 1分钟响应 is within a minute
_CONDITION = re.compile(
    r"(?!按照?|根据|依据|依照|为了|通过|围绕|以).{3,300}(?:的|时|后|前|外|下|内|起)|对于?.{3,300}|按照.{3,300}后"
)
_BASIS = re.compile(r"按照?|根据|依据|依照|为了?|通过|围绕|以|经")
_ADDRESSEE = re.compile(
    r"(?:对于?|凡|(?<![成作])为|支持|鼓励)(.{4,99}?)(?:提供|给予|予以|(?<![构门位会局委府目])的(?=.{2}))"
    r"|^(.{6,99}?)(?:[之以]外|范围内|情况下|前提下)(?=.{3})"
)
_SINCE = re.compile(r"自(.{2,40}?)(?:之日)?起(?=\d)")
_MODIFIED = re.compile(r"对[^，。；,;]{2,30}(?<![构门位会局委府目])的(\w{2})")
_OF_DOCUMENT = re.compile(r"施行|实施|有效|印发|发布|公布|生效|失效|过期|废止|到期|文件|第.{1,4}条")
_STOP = re.compile(r"[，。；：！？;:!?]|,(?!\d{3}(?!\d))")
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
        for stop in (*_STOP.finditer(self.text), None):
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
                and not _STOP.search(self.text, s.end, start)
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
        return _STOP.split(self.text[sign.end : min(ends)])[0]

    def denied(self, sign: Sign) -> list[str]:
        """The first telling pairs of what a negation denies."""
        return pairs(filler().sub("|", self.scope(sign, 12)))[:3]

    def closes(self, sign: Sign) -> bool:
        """Whether it ends what a 除 of its part has begun (除…以外)."""
        return sign.value == "except" and any(
            h.value == "except"
            and h.start < sign.start
            and not _STOP.search(self.text, h.end, sign.start)
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


def changed(said_text: str, grounds: Grounds) -> str | None:
    """What the sentence changes of the clauses (Chinese), or None."""
    said = statement(said_text)
    core, leads = grounds.under(said)
    if not core:
        return "表述得不到所引条款支持"
    held = [*core, *leads]
    return (
        _added(said, held, grounds.beside)
        or _figures_moved(said, held, grounds.beside)
        or _exchanged(said, held, grounds.beside)
        or _negated(said, held)
        or _dropped(said, core)
        or _pieced(said, grounds)
    )


def _likeness(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(min(weight, other[pair]) for pair, weight in one.items() if pair in other)


def _added(said: Statement, core: Sequence[Statement], beside: Sequence[Statement]) -> str | None:
    """A part of the sentence that none of the clause sentences carries."""
    known = "\n".join(s.text for s in (*core, *beside))
    for part in said.parts:
        if len(pairs(part)) >= 3 and share(part, known) < CARRIED:
            return "有一部分内容在所引条款中找不到"
    return None


def _figures_moved(
    said: Statement, core: Sequence[Statement], beside: Sequence[Statement]
) -> str | None:
    """A figure with another bound, or in the place of another figure."""
    stated = [(s, b) for s in core for b in s.bounded]
    for one in said.bounded:
        same = [(s, b) for s, b in stated if supported(one.figure, [b.figure])]
        if not same:
            over = any(supported(one.figure, figures(s.text)) for s in beside)
            if over and _OF_DOCUMENT.search(said.text):
                continue
            return "数额、日期与所引的那一句不符"
        scores = [_likeness(_near(said, one), _near(s, b)) for s, b in same]
        enough = ALIKE * max(scores)
        fits = (b for (_, b), score in zip(same, scores, strict=True) if score >= enough)
        if not any(_bounds_alike(one, b) for b in fits):
            return "数额、期限的上下限与所引条款不符"
    for i, one in enumerate(said.bounded):
        for two in said.bounded[i + 1 :]:
            if _swapped(said, one, two, stated):
                return "数额与对象的对应关系与所引条款不符"
    return None


def _bounds_alike(one: Bounded, other: Bounded) -> bool:
    loose = one.figure.unit in _DURATIONS and {one.bound, other.bound} <= {"", "upper"}
    return loose or one.bound == other.bound


def _near(s: Statement, b: Bounded) -> dict[str, float]:
    return s.around(b.figure.start, b.figure.start + len(b.figure.text))


def _swapped(
    said: Statement, one: Bounded, two: Bounded, stated: Sequence[tuple[Statement, Bounded]]
) -> bool:
    """Whether two figures of the sentence stand in each other's place."""
    near_one, near_two = _near(said, one), _near(said, two)
    found = False
    for s, a in stated:
        for t, b in stated:
            if s is not t or a is b or not supported(one.figure, [a.figure]):
                continue
            if not supported(two.figure, [b.figure]) or supported(one.figure, [b.figure]):
                continue
            in_order = a.figure.start < b.figure.start  # as the two are in the sentence
            if not in_order and _row(said, one, two) and _row(s, a, b):  # 10万元、20万元
                return True
            near_a, near_b = _near(s, a), _near(s, b)
            own = _likeness(near_one, near_a) + _likeness(near_two, near_b)
            other = _likeness(near_one, near_b) + _likeness(near_two, near_a)
            if own > other or (own == other and in_order):
                return False
            found = True
    return found


def _row(s: Statement, one: Bounded, other: Bounded) -> bool:
    """Whether two figures follow one another without a word between them."""
    first, second = sorted((one.figure, other.figure), key=lambda f: f.start)
    return not re.search(r"\w", s.text[first.start + len(first.text) : second.start])


def _exchanged(
    said: Statement, core: Sequence[Statement], beside: Sequence[Statement]
) -> str | None:
    """A sign whose like in the clause says something else, or that must not be added."""
    held = [(s, h) for s in core for h in s.signs]
    values = {(h.kind, h.value) for _, h in held}
    over = {(h.kind, h.value) for s in beside for h in s.signs}
    for sign in said.signs:
        if sign.kind == NEGATION or sign.kind in UNOPPOSED or said.closes(sign):
            continue
        word = said.text[sign.start : sign.end]
        near = said.around(sign.start, sign.end)
        likeness = {
            own: max(
                (
                    _likeness(near, s.around(h.start, h.end))
                    for s, h in held
                    if h.kind == sign.kind and (h.value == sign.value) == own
                ),
                default=-1.0,
            )
            for own in (True, False)
        }
        opens = sign.start == 0 or bool(_STOP.fullmatch(said.text[sign.start - 1]))
        here = (sign.kind, sign.value) in values
        if not here and (sign.kind, sign.value) not in over:
            either = (sign.kind, sign.value) == ("both", "or")
            if sign.kind in ADDED_NEVER or (either and (opens or likeness[False] > 1.0)):
                return f"所引条款没有“{word}”的意思"
            if sign.kind in EXCLUSIVE and likeness[False] >= 0:
                return f"“{word}”与所引条款的说法不同"
            if sign.kind == "modality" and not _may_be_said(sign.value, word, values):
                return f"所引条款没有说“{word}”"
        if likeness[False] > max(CLEARLY * likeness[True], FAINT):
            return f"“{word}”与所引条款的说法相反或不同"
    return None


def _may_be_said(modality: str, word: str, values: set[tuple[str, str]]) -> bool:
    """Whether a clause with these values, none of this modality, can be told with it."""
    if modality == "must":
        lenient = word not in STRONG and not values & {MAY, ("modality", "encourage")}
        return lenient or bool(values & OBLIGES)
    return bool(values & ENCOURAGES or (values & ENABLES and not values & {MUST}))


def _negated(said: Statement, core: Sequence[Statement]) -> str | None:
    """A negation that the clause has not, or has of something else, or that is left out."""
    held = [(s, h) for s in core for h in s.signs if h.kind == NEGATION]
    taken: dict[int, set[int]] = {}  # clause negation → parts of the sentence that repeat it
    for sign in (s for s in said.signs if s.kind == NEGATION):
        # a word that the clauses do not use says nothing of which word is denied
        denied = [p for p in said.denied(sign) if any(p in s.text for s in core)]
        part = len(_STOP.findall(said.text[: sign.start]))
        near = said.around(sign.start, sign.end)
        fits = [
            (
                any(p in s.scope(h, SCOPE) for p in denied[:1]),
                _likeness(near, s.around(h.start, h.end)),
                n,
            )
            for n, (s, h) in enumerate(held)
            if (sign.value == h.value or "not" in (sign.value, h.value))
            and (not denied or any(pair in s.scope(h, SCOPE) for pair in denied))
            and part not in taken.get(n, ())
        ]
        if not fits or _affirmed(said, sign, denied[:1], held, core):
            return "所引条款没有这样否定"
        taken.setdefault(max(fits)[-1], set()).add(part)
    for n, (s, h) in enumerate(held):
        denied = [p for p in s.denied(h) if p in said.text][:1]
        if n in taken or not denied:
            continue
        # said without the negation: more like this place of the clause than like any other
        place = s.text.index(denied[0], h.end)
        others = [
            other.around(m.start(), m.start())
            for other in core
            for m in re.finditer(re.escape(denied[0]), other.text)
            if (other, m.start()) != (s, place)
        ]
        for match in re.finditer(re.escape(denied[0]), said.text):
            near = said.around(match.start(), match.start())
            likeness = _likeness(near, s.around(place, place))
            if likeness > 1.0 and all(_likeness(near, other) < likeness for other in others):
                return "漏掉了所引条款中的否定"
    return None


def _affirmed(
    said: Statement,
    sign: Sign,
    denied: Sequence[str],
    held: Sequence[tuple[Statement, Sign]],
    core: Sequence[Statement],
) -> bool:
    """Whether the clause has what a negation denies amid the same words, but not denied."""
    for pair in denied:
        place = said.text.index(pair, sign.end)
        near = said.around(place, place)
        best = {True: 0.0, False: 0.0}
        for s in core:
            for match in re.finditer(re.escape(pair), s.text):
                at = match.start()
                under = any(
                    s is t and h.end <= at < h.end + len(s.scope(h, SCOPE)) for t, h in held
                )
                best[under] = max(best[under], _likeness(near, s.around(at, at)))
        if best[False] > CLEARLY * best[True]:
            return True
    return False


def _dropped(said: Statement, core: Sequence[Statement]) -> str | None:
    """A condition, or a word that narrows the case, which is left out of what is said of it."""
    if any(_narrowed(said, s) or _unmodified(said, s) for s in core):
        return "漏掉了所引条款的限定"
    for s in core:
        for i, part in enumerate(s.parts):
            conditions = [(m[1] or m[2], part[m.end() :]) for m in _ADDRESSEE.finditer(part)]
            conditions += [(m[1], part[m.end() :]) for m in _SINCE.finditer(part)]
            if part.endswith("除外"):
                conditions += [(part, before) for before in s.parts[:i]]
            elif _CONDITION.fullmatch(part):
                conditions += [(part, after) for after in s.parts[i + 1 :]]
            elif i + 1 < len(s.parts) and _rules(s.parts[i + 1]) and not _BASIS.match(part):
                conditions.append((part, s.parts[i + 1]))
            for condition, after in conditions:
                if (
                    pairs(after)
                    and _said(after, said, [t for t in core if t is not s])
                    and not _kept(condition, s.text.replace(condition, "|"), said)
                ):
                    return "漏掉了所引条款的条件"
    return None


def _said(part: str, said: Statement, others: Sequence[Statement]) -> bool:
    """Whether a part of the clause is said, or something out of it, that no other sentence has."""
    if all(any(p in s.text for s in others) for p in pairs(part) if p in said.text):
        return False
    return share(part, said.text) >= KEPT_SHARE or any(
        len(pairs(p)) >= 4 and share(p, part) >= ALIKE for p in said.parts
    )


def _rules(part: str) -> bool:
    """Whether a part opens with what is to be done, so that what it is of stands before it."""
    opening = signs(part)[:1]
    return part[0] == "由" or bool(
        opening
        and opening[0].start == 0
        and opening[0].kind in ("modality", NEGATION, "levy")
        and opening[0].value != "encourage"
    )


def _kept(piece: str, rest: str, said: Statement) -> bool:
    """Whether the sentence holds what a piece says beyond the rest of the clause."""
    stated = figures(said.text)
    if not all(f.unit.startswith("第") or supported(f, stated) for f in figures(piece)):
        return False
    kinds = {h.kind for h in said.signs}
    if any(h.kind == NEGATION and h.kind not in kinds for h in signs(piece)):
        return False
    if any(share(p, piece) >= ALIKE and share(piece, p) >= KEPT_SHARE for p in said.parts):
        return True
    own = [p for p in pairs(piece) if p not in rest and p.isalpha()]
    its = [
        w for w in words(piece) if w not in rest and not signs(w)
    ]  # in another order, with other words between
    if not own and not its:
        return True
    *others, last = piece.split("、")
    few = 0.5 if len(others) > 1 else 1  # of a list some may be named for all
    if len(others) > 1 and not any(p in said.text for p in pairs(last)):
        return False
    if own and sum(p in said.text for p in own) >= few * OWN * len(own):
        run = longest = 0
        for word in words(piece):
            run = 0 if word in rest or _heard(word, said.text) else run + len(word)
            longest = max(run, longest)
        return longest < RUN
    told = sum(len(w) for w in its if _heard(w, said.text))
    return bool(its) and told >= few * OWN_WORDS * sum(map(len, its))


def _heard(word: str, text: str) -> bool:
    """Whether a word is in the text, or half of the pairs of a longer one."""
    parts = [word[i : i + 2] for i in range(len(word) - 1)]
    return 2 * sum(p in text for p in parts) >= len(parts)


def _narrowed(said: Statement, s: Statement) -> bool:
    """Whether a part of the clause is said without a word that narrows it."""
    homes: dict[int, int] = {}  # part of the clause → part of the sentence that says it
    for n, (_, part) in enumerate(s.placed):
        telling = set(pairs(part))
        counts = [len(telling & set(pairs(p))) for _, p in said.placed]
        if any(counts):
            homes[n] = counts.index(max(counts))
    own = [
        {(h.kind, h.value) for h in said.signs if a <= h.start < a + len(p)} for a, p in said.placed
    ]
    needs = {
        n: {
            (h.kind, h.value)
            for h in s.signs
            if h.kind in KEPT and h.value != "also" and a <= h.start < a + len(p)
        }
        for n, (a, p) in enumerate(s.placed)
    }
    for n, (at, part) in enumerate(s.placed):
        rest = part
        for h in s.signs:
            if h.kind in KEPT and at <= h.start < at + len(part):
                rest = rest.replace(s.text[h.start : h.end], "|")
        if not needs[n] or share(rest, said.text) < COVERED:
            continue
        for need in needs[n]:
            lenders = [
                i
                for i, values in enumerate(own)
                if need in values
                and (
                    i <= homes.get(n, 0)
                    or all(homes.get(m) != i or need not in needs[m] for m in needs)
                )
            ]
            if not lenders:
                return True
    return any(_bared(said, s, h) for h in s.signs if h.kind in ("size", "level", "origin"))


def _unmodified(said: Statement, s: Statement) -> bool:
    """Whether what something is done to is said without what stands before it (对…的数据)."""
    heads = {m[1] for m in _MODIFIED.finditer(s.text)}
    return any("对" + h in said.text and "对" + h not in s.text for h in heads)


def _bared(said: Statement, s: Statement, h: Sign) -> bool:
    """Whether the words behind a narrowing word are said, but never with it."""
    tail = s.text[h.end : h.end + TAIL]
    ends = {i.end for i in said.signs if (i.kind, i.value) == (h.kind, h.value)}
    places = [m.start() for m in re.finditer(re.escape(tail), said.text)]
    noun = s.text[h.end - 1] in "户人司业"
    unsure = noun or s.text.count(tail) > 1 or len(tail) < TAIL
    return bool(places) and not unsure and not ends.intersection(places)


def _pieced(said: Statement, grounds: Grounds) -> str | None:
    """The beginning of one sentence with the end of another."""
    whole = {s: s.text + (lead.text if lead else "") for s, lead in grounds.leads.items()}
    told = [set(pairs(part)) for part in said.parts]
    counts = [
        {s: sum(p in whole[s] for p in part) for s in whole} for part in told if len(part) > 1
    ]
    for one, two in combinations(counts, 2):
        first, second = max(one, key=one.__getitem__), max(two, key=two.__getitem__)
        if any(_nearly(one[s], one[first]) and _nearly(two[s], two[second]) for s in whole):
            continue
        ended = _kept(first.parts[-1], whole[second], said)
        begun = _kept(second.parts[0], whole[first], said)
        if not (ended and begun):
            return "把所引条款中不同的规定拼在了一起"

    main = max(whole, key=lambda s: len([p for p in pairs(said.text) if p in whole[s]]))
    over = whole[main] + "\n".join(s.text for s in grounds.beside)
    for part in said.parts:
        foreign = [w for w in words(part) if w not in over]
        lent = {s: sum(len(w) for w in foreign if w in s.text) for s in whole}
        first = max(lent, key=lent.__getitem__)
        if 2 * lent[first] >= max(LENT, sum(map(len, words(part)))) and not _kept(
            first.parts[-1], whole[main], said
        ):
            return "把所引条款中不同的规定拼在了一起"
    return None


def _nearly(count: int, best: int) -> bool:
    """Whether a sentence carries a part as well as the best one, but for a pair."""
    return count >= min(STRICT * best, best - 1)
