"""The figure that is asked for, to stand before a long sentence that states it.

Said only where it is safe: the wording asks for one kind of figure, and the sentence that answers
states exactly one of that kind.
"""

from __future__ import annotations

import re

from assistant.answer.figures import figures, plain
from assistant.question.wordings import wording

LONG = 45  # characters of a sentence from which its figure is put before it
KINDS = {
    "asks_money": ("元", "美元", "欧元", "%"),  # a share is an amount as well: 补多少, 补10%
    "asks_share": ("%", "百分点"),
    "asks_duration": ("工作日", "日", "月", "年", "小时", "分钟"),
}
_BEFORE = re.compile(r"(?:最[高低]|不得?[超高低少][过于]|至[少多]|约){1,4}$")
_AFTER = re.compile(r"以?内|之?前|[起止]")
# One end of a range, or what one must have to get it: 满两年的, 达到500万元, 50人以上.
_CONDITION = (
    re.compile(r"(?:[\d至到—~满达足-]|(?<![不得])[超低高大小][过于])$"),
    re.compile(r"[至到—~-]\d|及?以[上下]"),
)


def short(question: str, sentence: str) -> str:
    """``不超过20万元`` of a sentence that states one amount, when an amount is asked for."""
    kinds = [units for name, units in KINDS.items() if wording(name).search(question)]
    text = plain(sentence)
    if len(kinds) != 1 or len(text) < LONG:
        return ""
    found = {f.text: f for f in figures(text) if f.unit in kinds[0]}
    if len(found) != 1:
        return ""
    figure = next(iter(found))
    if text.count(figure) != 1:
        return ""
    head, _, tail = text.partition(figure)
    if _CONDITION[0].search(head) or _CONDITION[1].match(tail):
        return ""
    before, after = _BEFORE.search(head), _AFTER.match(tail)
    return f"{before[0] if before else ''}{figure}{after[0] if after else ''}"
