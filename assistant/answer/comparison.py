"""What a sentence says, as typed values, against the clause sentences that it rests on.

A sentence may reword its clause, but may not change a value of it: whether something holds
(negation), which way a figure bounds, before or after, for whom, up or down, may or must, only or
also, and which figure belongs to what.  A word of such a kind in the sentence is compared with
the word of that kind that stands in the clause amid the same words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.conditions import dropped, pieced
from assistant.answer.figures import figures, supported
from assistant.answer.opposites import NEGATION, Sign
from assistant.answer.statements import (
    ALIKE,
    STOP,
    Bounded,
    Grounds,
    Statement,
    pairs,
    share,
    statement,
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
SCOPE = 40  # characters behind a negation that it may deny, to the next mark at most
CARRIED = 0.2  # share of a part's pairs below which the clause does not carry it
CLEARLY = 1.3  # a likeness must exceed another one so many times to count as greater
FAINT = 1.0  # a likeness that may be chance
_DURATIONS = ("分钟", "小时", "日", "工作日", "月", "年")  # 1分钟响应 is within a minute
_OF_DOCUMENT = re.compile(r"施行|实施|有效|印发|发布|公布|生效|失效|过期|废止|到期|文件|第.{1,4}条")


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
        or dropped(said, core)
        or pieced(said, grounds)
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
        opens = sign.start == 0 or bool(STOP.fullmatch(said.text[sign.start - 1]))
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
        part = len(STOP.findall(said.text[: sign.start]))
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
