"""A question that asks several things → its parts, cut where one clause has asked and another asks.

What comes between two asking clauses belongs to the one behind it: it tells the case of which that
one asks.
"""

from __future__ import annotations

import re

from assistant.question.wordings import wording

MOST = 3  # parts that are read on their own; what follows stays with the last
_CLAUSE = re.compile(r"[^，,；;。？?！!\n]+[，,；;。？?！!\n]*")


def split_parts(text: str) -> tuple[str, ...]:
    """The parts in their order, none when only one thing is asked.

    「我厂刚迁来，有没有补贴，最多几年？」 → 「我厂刚迁来，有没有补贴，」 「最多几年？」
    """
    parts: list[str] = []
    current = ""
    for clause in _CLAUSE.findall(text):
        if len(parts) + 1 < MOST and wording("asks").search(current):
            parts.append(current)
            current = ""
        current += clause
    if current and not wording("asks").search(current) and parts:
        parts[-1] += current
    elif current:
        parts.append(current)
    return tuple(parts) if len(parts) > 1 else ()
