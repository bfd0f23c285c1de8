"""One question from the screen to a finished turn, streamed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.errors import BadInputError
from assistant.records import Answer, Draft, Profile
from assistant.wire import answer_to_json, citation_to_json, profile_from_json
from ui.conversation import Conversation, Turn, new_turn, slim
from ui.failures import told
from ui.service import Service
from ui.texts import TEXTS


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser sends with a question, checked."""

    question: str
    as_of: str
    district: str | None
    in_force_only: bool
    profile: Profile | None


def asked(data: Mapping[str, Any], question: str) -> Asked:
    """Raises :class:`BadInputError` when a date or the profile cannot be used."""
    return Asked(
        question=question,
        as_of=as_of(data.get("as_of")),
        district=text(data.get("district")) or None,
        in_force_only=data.get("validity") == "current",
        profile=profile_from_json(data.get("profile")),
    )


def as_of(value: object) -> str:
    """An ISO date; today when none is given.

    Raises:
        BadInputError: it is no date.
    """
    if not value:
        return date.today().isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise BadInputError(f"“{str(value)[:40]}”不是日期", "请写成 2026-01-31 的样子") from error


def text(value: object, limit: int = 200) -> str:
    return value.strip()[:limit] if isinstance(value, str) else ""


def check_length(question: str, limit: int) -> None:
    """Raises :class:`BadInputError` for an empty or a too long question."""
    if not question:
        raise BadInputError("问题是空的", "请写下要问的事")
    if len(question) > limit:
        message = TEXTS["error_too_long"][0].format(n=len(question), limit=limit)
        raise BadInputError(message, TEXTS["error_too_long_next"][0])


def begin(conversation: Conversation, data: Mapping[str, Any]) -> tuple[Conversation, Turn]:
    """The conversation with the new turn: added, repeated, or replacing one that was edited."""
    again = conversation.turn(text(data.get("retry")))
    if again is not None:
        question, conversation = again.question, conversation.before(again.id)
    else:
        question = str(data.get("question") or "").strip()
        conversation = conversation.before(text(data.get("replaces")))
    turn = new_turn(
        question,
        as_of=text(data.get("as_of")) or date.today().isoformat(),
        district=text(data.get("district")) or None,
    )
    return conversation, turn


def answering(
    service: Service, conversation: Conversation, turn: Turn, data: Mapping[str, Any]
) -> Iterator[Turn]:
    """The turn as it grows; the last one is done or failed.  Never raises for a bad question."""
    began = time.perf_counter()
    try:
        check_length(turn.question, service.settings.max_question_chars)
        request = asked(data, turn.question)
        for piece in _stream(service, conversation, request):
            if isinstance(piece, Draft):
                cited = [citation_to_json(c) for c in piece.citations]
                turn = replace(turn, answer={"answer": piece.text, "citations": cited})
            else:
                answer = slim(answer_to_json(piece))
                turn = replace(
                    turn,
                    state="done",
                    answer=answer,
                    signed=service.signed(turn.id, turn.question, answer),
                    as_of=_judged_on(piece) or turn.as_of,
                    seconds=round(time.perf_counter() - began, 2),
                )
            yield turn
    except Exception as error:  # noqa: BLE001 - last boundary before the user; logged by told()
        message, next_step = told(error)
        yield replace(turn, state="failed", answer=None, error=message, next_step=next_step)


def _judged_on(answer: Answer) -> str | None:
    """The day that validity was judged on: the question itself may have named another one."""
    return answer.citations[0].validity.as_of if answer.citations else None


def _stream(
    service: Service, conversation: Conversation, request: Asked
) -> Iterator[Draft | Answer]:
    earlier = conversation.questions()
    return service.assistant.stream(
        None if earlier else request.question,
        turns=[*earlier, request.question] if earlier else None,
        as_of=request.as_of,
        district=request.district,
        profile=request.profile,
        in_force_only=request.in_force_only,
        suggest=True,
    )
