"""The whole conditions that a sentence states: whom it addresses, and the clauses that qualify it.

A condition is what could be asked as it stands: 首次升规的软件企业, 在沪注册满三年.  A piece of one
(以下补偿、补助：) is none, nor is what is given (给予不低于10万元奖励), a target or a penalty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.finder.vocabulary import plain, vocabulary
from assistant.question.wordings import wording

_PAIRS = {"（": "）", "(": ")", "“": "”", "《": "》", "【": "】"}
_ENDS = frozenset("，。；;：:\n")
_LABEL = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十\d]{1,3}[、.．])"
)
# 对…：not 面对, 对接, 对外.
_ADDRESS = re.compile(r"(?<![面针相应核反])对(?![接象照比标外应策])于?")
_LINK = re.compile(r"^(?:且|并且?|或者?|以及|同时|其中|凡是?|如果?|除)")
_SHORTEST = 4  # characters that can say a condition


@dataclass(frozen=True, slots=True)
class Condition:
    """``text`` is verbatim; ``addressed``: it names those whom the offer is for."""

    text: str
    addressed: bool

    @property
    def question(self) -> str:
        return f"是否{'属于' if self.addressed else '满足'}“{self.text}”？"


@lru_cache(maxsize=16384)
def conditions(text: str) -> tuple[Condition, ...]:
    """The conditions of one sentence in order, each once."""
    if wording("no_condition").search(text):
        return ()
    found = (c for clause in _clauses(_LABEL.sub("", text)) for c in _of(clause))
    return tuple({plain(c.text): c for c in found if _whole(c.text)}.values())


def lists_conditions(lead: str) -> bool:
    """Whether the items that follow ``lead`` are conditions."""
    return wording("lists_conditions").search(lead) is not None


def item(text: str) -> Condition:
    """A condition that stands as an item of its own."""
    return Condition(_LABEL.sub("", text).rstrip("；;。"), addressed=False)


def _of(clause: str) -> Iterator[Condition]:
    given = wording("given").search(clause)
    head = clause[: given.start()] if given else clause
    address = _ADDRESS.search(head)
    if address and wording("duty").search(head[: address.start()]):
        return  # 加大对…项目的支持力度
    if address and (who := head[address.end() :]) and _qualified(who):
        yield Condition(_bare(who), addressed=not who.endswith("的"))
    elif not address and (head.endswith("的") or wording("condition").search(head)):
        yield Condition(_bare(head), addressed=False)


def _qualified(who: str) -> bool:
    """Whether a phrase says more of those addressed than what they are (软件企业)."""
    if "的" in who:
        return True
    return any(m.term.kind == "event" for m in vocabulary().mentions(plain(who)))


def _bare(text: str) -> str:
    return _LINK.sub("", text.strip()).removesuffix("的")


def _whole(text: str) -> bool:
    return len(text) >= _SHORTEST and not wording("points_on").search(text)


def _clauses(text: str) -> Iterator[str]:
    """The clauses of a sentence; marks inside brackets and quotation marks divide nothing."""
    closing: list[str] = []
    start = 0
    for at, char in enumerate(text):
        if char in _PAIRS:
            closing.append(_PAIRS[char])
        elif closing and char == closing[-1]:
            closing.pop()
        elif not closing and char in _ENDS:
            if char not in "：:":  # what a colon ends announces something
                yield text[start:at]
            start = at + 1
    if not closing:
        yield text[start:]
