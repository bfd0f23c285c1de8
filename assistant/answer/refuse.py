"""When not to answer before anything is read: nothing asked, steering, fraud, another place.

Whether the corpus speaks of the matter at all is the reader's decision (:mod:`claims`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.corpus.links import key
from assistant.knowledge import Knowledge
from assistant.question.query import Query
from assistant.records import Hit, RefusalReason

Why = Literal[
    "steering", "fraud", "empty", "elsewhere", "district", "title", "attachment", "nothing"
]
REASONS: dict[Why, RefusalReason] = {
    "steering": "unsafe",
    "fraud": "unsafe",
    "empty": "unclear",
    "elsewhere": "other_place",
    "district": "other_place",
    "title": "not_in_corpus",
    "attachment": "not_in_corpus",
    "nothing": "not_in_corpus",
}
_A_TEXT = 400  # characters from which an attachment counts as held
_STEERING = re.compile(
    r"(?:忽略|忘掉|忘记|无视|不要理会)[^，。]{0,6}(?:以上|上面|之前|前面|所有|一切|你)[^，。]{0,10}"
    r"(?:指令|指示|提示|规则|要求|设定|限制)"
    r"|系统提示词|提示词|system\s*prompt|开发者模式|越狱|jailbreak"
    r"|(?:ignore|disregard|forget)\b.{0,40}\b(?:instruction|prompt|rule)|api[\s_-]*key"
    r"|(?:打印|输出|复述|重复|告诉我)出?你的(?:提示|设定|指令)",
    re.I,
)
_FRAUD = re.compile(
    r"(?:怎么|如何|怎样|帮我?|教我?|想)[^，。？]{0,12}"
    r"(?:骗补|骗取|套取|偷税|逃税|伪造|造假|假材料|假证|虚开|行贿)"
)
_ABOUT_FRAUD = re.compile(r"后果|处罚|罚|举报|认定|处理|责任|查处|防范|防止|避免|识别")
_CITY = re.compile(r"上海(?!市?.{0,4}区)|全市|本市|市里|市级|市政府|沪")
_ATTACHMENT = re.compile(r"附[件表]\s*[一二三四五\d]?")
_INSIDE = re.compile(r"第几[项条]|哪些|列了|包括|第一[条项]")
_SURE = 0.6  # probability of an answer from which a city rule naming an unheld district answers


@dataclass(frozen=True, slots=True)
class Refusal:
    """``names`` are the places or titles that it is about; ``near`` a held document to point to."""

    why: Why
    names: tuple[str, ...] = ()
    near: Hit | None = None

    @property
    def reason(self) -> RefusalReason:
        return REASONS[self.why]


def early(query: Query) -> Refusal | None:
    """What can be said before anything is read."""
    text = query.text
    if _STEERING.search(text):
        return Refusal("steering")
    if _FRAUD.search(text) and not _ABOUT_FRAUD.search(text):
        return Refusal("fraud")
    plain = key(text)
    if not re.search(r"[\u4e00-\u9fffA-Za-z]", plain) or _flood(plain):
        return Refusal("empty")
    if query.outside:
        return Refusal("elsewhere", query.outside)
    return None


def _flood(plain: str) -> bool:
    """The same few characters over and over."""
    return len(plain) >= 24 and len(set(plain)) <= max(4, len(plain) // 20)


def by_place(
    query: Query, best: Hit | None, stated: float, near: Hit | None, known: Knowledge
) -> Refusal | None:
    """A district of which nothing is held, asked for its own rules.

    Args:
        best: what answers best, with the probability ``stated`` that it does.
        near: what may be pointed to.
    """
    missing = tuple(d for d in query.districts if d not in known.districts)
    if not missing or len(missing) < len(query.districts) or _CITY.search(query.text):
        return None
    names = [d.removesuffix("新区").removesuffix("区") for d in missing]
    if best and stated >= _SURE and any(n in best.measure.text for n in names):
        return None
    return Refusal("district", missing, near)


def by_document(query: Query, best: Hit | None, known: Knowledge) -> Refusal | None:
    """A document or attachment that is not held, asked for by name."""
    for title in query.titles:
        if not known.called(title) and not known.links.named(title):
            mentioned = best if best and key(title) in key(best.measure.text) else None
            if mentioned is None or query.labels:
                return Refusal("title", (title,), mentioned)
    attached = _ATTACHMENT.search(query.text)
    if attached and _INSIDE.search(query.text) and best and not _attached(best, known):
        return Refusal("attachment", (attached[0].strip(),), best)
    return None


def _attached(hit: Hit, known: Knowledge) -> bool:
    """Whether rows or text of an attachment are held, not only its name."""
    parts = [m for m in known.measures(hit.document.doc_id) if m.part == "附件"]
    return any(m.label for m in parts) or sum(len(m.text) for m in parts) > _A_TEXT
