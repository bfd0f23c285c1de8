"""Next questions, from what the answer leaves to ask."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer.asks import asked
from assistant.answer.evidence import Pick
from assistant.answer.knowledge import Knowledge
from assistant.answer.phrasing import escape
from assistant.answer.small_talk import SUGGESTIONS
from assistant.question.query import Query

_LONGEST = 24


def suggestions(query: Query, picks: Sequence[Pick], known: Knowledge) -> tuple[str, ...]:
    """Up to three questions; general ones when nothing was found."""
    if not picks:
        return SUGGESTIONS
    wanted = asked(query.text)
    hit = picks[0].hit
    subject = hit.measure.heading.strip().rstrip("。")
    subject = f"“{subject}”" if 0 < len(subject) <= _LONGEST else "这一条"
    found = []
    if "who" not in wanted and hit.measure.depts:
        found.append(f"{subject}由哪些部门负责？")
    if "validity" not in wanted:
        found.append(f"《{hit.document.title}》现在还有效吗？")
    if "condition" not in wanted:
        found.append(f"{subject}有什么条件？")
    if "amount" not in wanted and any(f.kind == "amount" for f in hit.measure.facts):
        found.insert(0, f"{subject}最多能拿多少？")
    return tuple(escape(text) for text in found[:3])
