"""A conversation as the browser keeps it: turns of question and public answer JSON.

What comes back from a browser may be old or tampered with, so reading it is forgiving about
whole turns (they are left out) and strict about types.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

State = Literal["running", "done", "stopped", "failed"]
STATES: frozenset[str] = frozenset({"running", "done", "stopped", "failed"})
MAX_TURNS = 40
MAX_TALK = 300_000  # of one: 40 turns of 7,500, what an answer with its clauses takes at most


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with what became of it.

    ``answer`` is the public answer JSON without its ``retrieved`` rows (the browser's storage is
    small); while ``state`` is ``running``, or after a stop, text and citations so far.
    """

    id: str
    question: str
    state: State = "running"
    answer: Mapping[str, Any] | None = None
    error: str = ""
    next_step: str = ""
    as_of: str | None = None
    district: str | None = None
    seconds: float | None = None
    rated: str | None = None  # up, down
    signed: str = ""  # by the server that gave the answer


@dataclass(frozen=True, slots=True)
class Conversation:
    id: str
    turns: tuple[Turn, ...] = ()
    updated: float = field(default=0.0)  # seconds since the epoch
    dropped: int = 0  # how many turns before these are kept no more

    def questions(self) -> list[str]:
        """The user's turns so far, oldest first, as context for the next question."""
        return [t.question for t in self.turns if t.state in ("done", "stopped")]

    def with_turn(self, turn: Turn) -> Conversation:
        """This conversation with ``turn`` added, or replaced where its id is known."""
        if any(t.id == turn.id for t in self.turns):
            turns = tuple(turn if t.id == turn.id else t for t in self.turns)
        else:
            turns = (*self.turns, turn)
        kept = turns[-MAX_TURNS:]
        dropped = self.dropped + len(turns) - len(kept)
        return replace(self, turns=kept, updated=time.time(), dropped=dropped)

    def before(self, turn_id: str) -> Conversation:
        """This conversation up to, without, the turn; unchanged when there is no such turn.

        Where others follow the turn it is a new conversation: what is begun anew there must not
        take the place of what was said.
        """
        for index, turn in enumerate(self.turns):
            if turn.id == turn_id:
                is_last = index == len(self.turns) - 1
                of = self if is_last else new_conversation()
                kept = self.turns[:index]
                return replace(of, turns=kept, updated=self.updated, dropped=self.dropped)
        return self

    def turn(self, turn_id: str) -> Turn | None:
        return next((t for t in self.turns if t.id == turn_id), None)


def new_conversation() -> Conversation:
    return Conversation(uuid.uuid4().hex[:12])


def new_turn(question: str, *, as_of: str | None, district: str | None) -> Turn:
    return Turn(uuid.uuid4().hex[:8], question, as_of=as_of, district=district)


def slim(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer JSON without what the screen does not show; of matches, which they are."""
    kept = {k: v for k, v in answer.items() if k not in ("retrieved", "id", "near_misses")}
    matches = [{"doc_id": m["doc_id"], "measure": m["measure"]} for m in answer["matches"]]
    return kept | {"matches": matches}


def to_json(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "updated": conversation.updated,
        "dropped": conversation.dropped,
        "turns": [
            {name: getattr(turn, name) for name in Turn.__dataclass_fields__}
            for turn in conversation.turns
        ],
    }


def from_json(data: object) -> Conversation:
    """The conversation in ``data``; a new one when it is none."""
    if not isinstance(data, Mapping) or not isinstance(data.get("id"), str):
        return new_conversation()
    read = [_turn_from(item) for item in _list(data.get("turns"))[-MAX_TURNS:]]
    turns = [turn for turn in read if turn is not None]
    kept = _fitting(turns)
    updated, dropped = data.get("updated"), data.get("dropped")
    return Conversation(
        data["id"][:40],
        kept,
        float(updated) if isinstance(updated, int | float) else 0.0,
        (dropped if isinstance(dropped, int) else 0) + len(turns) - len(kept),
    )


def _fitting(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The last turns that are together no longer than a conversation may be."""
    room = MAX_TALK
    for kept, turn in enumerate(reversed(turns)):
        answer = json.dumps(turn.answer, ensure_ascii=False)
        room -= len(turn.question) + len(turn.error) + len(answer)
        if room < 0:
            return tuple(turns[len(turns) - kept :])
    return tuple(turns)


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _turn_from(item: object) -> Turn | None:
    if not isinstance(item, Mapping):
        return None
    texts = {name: item.get(name) for name in ("id", "question")}
    if not all(isinstance(value, str) and value for value in texts.values()):
        return None
    answer = item.get("answer")
    state = item.get("state")
    turn = Turn(str(texts["id"])[:40], str(texts["question"]))
    optional = {
        name: item[name]
        for name in ("error", "next_step", "as_of", "district", "rated", "signed")
        if isinstance(item.get(name), str)
    }
    seconds = item.get("seconds")
    return replace(
        turn,
        state="stopped" if state not in STATES or state == "running" else state,
        answer=answer if _is_answer(answer) else None,
        seconds=float(seconds) if isinstance(seconds, int | float) else None,
        **optional,
    )


def _is_answer(answer: object) -> bool:
    return (
        isinstance(answer, Mapping)
        and isinstance(answer.get("answer"), str)
        and all(isinstance(c, Mapping) for c in _list(answer.get("citations")))
    )
