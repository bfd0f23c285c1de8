"""``/v1/chat/completions`` in OpenAI's shape, so that existing chat clients can ask.

The assistant's own citations come along in ``choices[0].message.citations``; the text ends with
the list of sources, because such clients show text alone.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from assistant.answer.words import words
from assistant.errors import BadInputError
from assistant.records import Answer
from assistant.wire import citation_to_json
from ui.asking import check_length
from ui.capacity import seat
from ui.routes import StrictJSON, checked
from ui.service import Service

MODEL = "policy-assistant"


class Message(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[dict[str, Any]] | None = None

    def text(self) -> str:
        if isinstance(self.content, list):
            return "".join(str(p.get("text", "")) for p in self.content if p.get("type") == "text")
        return self.content or ""


class ChatBody(BaseModel):
    """Parameters of sampling are accepted and have no effect."""

    model: str = MODEL
    messages: Annotated[list[Message], Field(min_length=1, max_length=80)]
    stream: bool = False


def router(service: Service) -> APIRouter:
    routes = APIRouter(prefix="/v1", route_class=checked())

    @routes.get("/models")
    def models() -> dict[str, Any]:
        return {
            "object": "list",
            "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "local"}],
        }

    @routes.post("/chat/completions", response_model=None, dependencies=[seat(service.asking)])
    def complete(body: ChatBody) -> JSONResponse | StreamingResponse:
        turns = [m.text().strip() for m in body.messages if m.role == "user"]
        turns = [turn for turn in turns if turn]
        if not turns or body.messages[-1].role != "user":
            raise BadInputError("最后一条消息应当是用户的问题")
        check_length(turns[-1], service.settings.max_question_chars)
        answer = service.assistant.ask(turns=turns)
        if body.stream:
            return StreamingResponse(_chunks(answer), media_type="text/event-stream")
        message = {
            "role": "assistant",
            "content": with_sources(answer),
            "citations": [citation_to_json(c) for c in answer.citations],
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return StrictJSON(_envelope("chat.completion", [choice]))

    return routes


def with_sources(answer: Answer) -> str:
    """The answer's text with its sources listed under it."""
    say = partial(words, answer.language)
    lines = [
        f"[{c.n}] 《{c.hit.document.title}》{c.hit.document.doc_number or ''}"
        f" {c.hit.measure.label or c.hit.measure.part}"
        + say("grounds", basis=c.validity.basis or c.validity.as_of, status=say(c.validity.status))
        for c in answer.citations
    ]
    return answer.text + (f"\n\n{say('sources')}\n" + "\n".join(lines) if lines else "")


def _envelope(kind: str, choices: list[dict[str, Any]], id: str = "") -> dict[str, Any]:
    return {
        "id": id or f"chatcmpl-{uuid.uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
        "choices": choices,
    }


def _chunks(answer: Answer) -> Iterator[str]:
    """Server-sent events: the text line by line, then the end."""
    id = f"chatcmpl-{uuid.uuid4().hex}"
    for line in with_sources(answer).splitlines(keepends=True):
        choice = {"index": 0, "delta": {"role": "assistant", "content": line}}
        yield f"data: {json.dumps(_envelope('chat.completion.chunk', [choice], id))}\n\n"
    end = {"index": 0, "delta": {}, "finish_reason": "stop"}
    yield f"data: {json.dumps(_envelope('chat.completion.chunk', [end], id))}\n\n"
    yield "data: [DONE]\n\n"
