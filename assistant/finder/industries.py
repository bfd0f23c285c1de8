"""The industries that the finder knows, as people say them, by section of the national standard.

Sections and their names: 《国民经济行业分类》(GB/T 4754-2017); S and T (public bodies,
international organisations) hold no companies.  Below the trades of a section stand those that
policies single out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.errors import BadInputError
from assistant.finder.vocabulary import Term, plain, vocabulary

SECTIONS = {
    "A": "农、林、牧、渔业",
    "B": "采矿业",
    "C": "制造业",
    "D": "电力、热力、燃气及水生产和供应业",
    "E": "建筑业",
    "F": "批发和零售业",
    "G": "交通运输、仓储和邮政业",
    "H": "住宿和餐饮业",
    "I": "信息传输、软件和信息技术服务业",
    "J": "金融业",
    "K": "房地产业",
    "L": "租赁和商务服务业",
    "M": "科学研究和技术服务业",
    "N": "水利、环境和公共设施管理业",
    "O": "居民服务、修理和其他服务业",
    "P": "教育",
    "Q": "卫生和社会工作",
    "R": "文化、体育和娱乐业",
}
NEAR = 4  # industries named beside one that is not known
ALIKE = 0.4  # cosine below which words have nothing to do with each other


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the standard with what it holds of the vocabulary, in the order shown."""

    name: str
    trades: tuple[Term, ...]
    special: tuple[Term, ...]


@lru_cache
def sections() -> tuple[Section, ...]:
    """The sections in the order of the standard."""
    found = []
    for letter, name in SECTIONS.items():
        terms = [t for t in vocabulary().terms.values() if t.section == letter]
        trades, special = (tuple(t for t in terms if t.special is kind) for kind in (False, True))
        found.append(Section(name, trades, special))
    return tuple(found)


def gloss(term: Term) -> str:
    """What measures' texts call it, beside its own name; ``""``: nothing else."""
    others = (word for word in dict.fromkeys((term.name, *term.words)) if word != term.said)
    return "、".join(others)


def check_known(industries: Sequence[str], encode: Callable[[Sequence[str]], np.ndarray]) -> None:
    """Refuse an industry that no word of the vocabulary tells.

    Args:
        encode: texts to unit vectors (texts, dimension); finds the near ones.

    Raises:
        BadInputError: names the near industries.
    """
    for text in industries:
        if text.strip() and not vocabulary().mentions(plain(text), spoken=True):
            near = _near(text, encode)
            trades = [term.said for section in sections() for term in section.trades]
            hint = "意思相近的有" if near else "常用的有"
            raise BadInputError(
                f"不认识行业“{text[:20]}”",
                f"{hint}：{'、'.join(near or trades)}；"
                "全部行业见“适用政策”页，或用 assistant match --industries 列出",
            )


def _near(text: str, encode: Callable[[Sequence[str]], np.ndarray]) -> list[str]:
    """The industries of which some word means nearly the same, nearest first."""
    terms = [t for section in sections() for t in (*section.trades, *section.special)]
    words = [(t.said, word) for t in terms for word in (t.said, *t.words, *t.told)]
    close = encode([word for _, word in words]) @ encode([text])[0]
    order = [i for i in np.argsort(-close, kind="stable") if close[i] >= ALIKE]
    return list(dict.fromkeys(words[i][0] for i in order))[:NEAR]
