"""What a clause says only of some cases must be said of them alone, and what it says of one
must not be said of another: conditions and narrowing words left out, sentences pieced together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from assistant.answer.figures import figures, supported
from assistant.answer.opposites import NEGATION, Sign, signs
from assistant.answer.statements import ALIKE, Grounds, Statement, pairs, share, words

# Kinds that narrow a case: what is said of the rest of their part must keep them.
KEPT = frozenset({"size", "occasion", "level", "origin", "stage", "qualified", "border", "limit"})
COVERED = 0.6  # share of a part's pairs from which it counts as said
OWN = 0.4  # share of what only a condition says, below which it was left out
OWN_WORDS = 0.6  # share of its own words from which it is there in another form
KEPT_SHARE = 0.5  # share of a part's pairs from which what hangs on a condition is said
LENT = 8  # characters, twice those of words that another sentence lends
STRICT = 0.9  # share of the best one's pairs from which a sentence carries a part as well
TAIL = 4  # characters behind a narrowing word by which its place is known again
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


def dropped(said: Statement, core: Sequence[Statement]) -> str | None:
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
    its = [w for w in words(piece) if w not in rest and not signs(w)]
    if not own and not its:
        return True
    *others, last = piece.split("、")
    few = 0.5 if len(others) > 1 else 1  # of a list some may be named for all
    if len(others) > 1 and not any(p in said.text for p in pairs(last)):
        return False
    if own and sum(p in said.text for p in own) >= few * OWN * len(own):
        return True
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


def pieced(said: Statement, grounds: Grounds) -> str | None:
    """The beginning of one sentence with the end of another, or words that another one lends."""
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
