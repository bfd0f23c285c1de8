"""The HTTP API: the same answers, matches and documents as the command line gives.

Every body is JSON; errors are ``{"error": {"message", "next_step"}}`` with 400 for bad input,
404 for what is not held, 503 while there is no index or too many ask at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import (
    AssistantError,
    BadInputError,
    IndexDamagedError,
    IndexMismatchError,
    IngestBusyError,
    NoIndexError,
    SettingsError,
    StateError,
    UnknownDocumentError,
)
from assistant.records import Document, Measure, Profile
from assistant.wire import answer_to_json, match_to_json, profile_from_json, validity_to_json
from ui.asking import as_of, check_length
from ui.capacity import Capacity
from ui.failures import told
from ui.reading import LibraryQuery
from ui.service import Service

ASKING_AT_ONCE = 4
WAITING = 64
WAIT_SECONDS = 20.0
STATUS = (
    (BadInputError, 400),
    (UnknownDocumentError, 404),
    (NoIndexError, 503),
    (IndexDamagedError, 503),
    (IndexMismatchError, 503),
    (IngestBusyError, 503),
    (SettingsError, 503),  # a full disk, a model that is not there
    (StateError, 503),
)


class AskBody(BaseModel):
    """A question, or the turns of a conversation whose last one is asked."""

    model_config = ConfigDict(extra="forbid")

    question: str | None = None
    turns: Annotated[list[str], Field(max_length=40)] | None = None
    as_of: str | None = None
    district: str | None = None
    profile: dict[str, Any] | None = None
    in_force_only: bool = False
    id: str | None = None


class MatchBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    profile: dict[str, Any]
    as_of: str | None = None
    question: str = ""


def failed(error: Exception) -> JSONResponse:
    """The error in the shape of the API; what is not foreseen is logged under a number."""
    message, next_step = told(error)
    status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
    return JSONResponse({"error": {"message": message, "next_step": next_step}}, status)


def router(service: Service) -> APIRouter:
    routes = APIRouter(prefix="/api")
    capacity = Capacity(ASKING_AT_ONCE, WAITING, WAIT_SECONDS)
    limit = service.settings.max_question_chars

    def respond(work: Callable[[], dict[str, Any]]) -> Any:
        try:
            return work()
        except AssistantError as error:
            return failed(error)

    @routes.post("/ask")
    def ask(body: AskBody) -> Any:
        """One answer in the public contract."""

        def work() -> dict[str, Any]:
            for turn in body.turns or [body.question or ""]:
                check_length(turn.strip(), limit)
            with capacity.taken():
                answer = service.assistant.ask(
                    None if body.turns else body.question,
                    turns=body.turns,
                    as_of=as_of(body.as_of),
                    district=body.district,
                    profile=profile_from_json(body.profile),
                    in_force_only=body.in_force_only,
                )
            return answer_to_json(answer, id=body.id)

        return respond(work)

    @routes.post("/match")
    def match(body: MatchBody) -> Any:
        """Which measures apply to a company, and which just fail."""

        def work() -> dict[str, Any]:
            profile = profile_from_json(body.profile) or Profile()
            with capacity.taken():
                found = service.assistant.match(
                    profile, question=body.question, as_of=as_of(body.as_of)
                )
            return {
                "matches": [match_to_json(m) for m in found.matches],
                "near_misses": [match_to_json(m) for m in found.near_misses],
            }

        return respond(work)

    @routes.get("/docs")
    def docs(
        q: Annotated[str, Query(max_length=100)] = "",
        district: str = "",
        kind: str = "",
        status: str = "",
        year: str = "",
        day: Annotated[str, Query(alias="as_of")] = "",
    ) -> Any:
        """The documents held, newest first; the same filters as the library's."""

        def work() -> dict[str, Any]:
            date = as_of(day)
            query = LibraryQuery(q, district, kind, status, year, "date", date)
            rows = service.reading.library(query)
            return {
                "documents": [
                    document_to_json(row.document)
                    | {"validity": validity_to_json(row.validity), "measures": row.measures}
                    for row in rows
                ]
            }

        return respond(work)

    @routes.get("/docs/{doc_id}")
    def doc(doc_id: str, day: Annotated[str, Query(alias="as_of")] = "") -> Any:
        """One document with all its measures."""

        def work() -> dict[str, Any]:
            reading = service.reading
            document, date = reading.document(doc_id), as_of(day)
            return document_to_json(document) | {
                "validity": validity_to_json(reading.validity(document, date)),
                "measures": [
                    measure_to_json(m)
                    | {"validity": validity_to_json(reading.validity(document, date, m))}
                    for m in reading.measures(doc_id)
                ],
            }

        return respond(work)

    return routes


def document_to_json(document: Document) -> dict[str, Any]:
    return {
        "doc_id": document.doc_id,
        "title": document.title,
        "doc_number": document.doc_number,
        "issuers": list(document.issuers),
        "level": document.level,
        "district": document.district,
        "elsewhere": document.elsewhere,
        "language": document.language,
        "issued": document.issued,
        "effective_from": document.effective_from,
        "expires": document.expires,
        "kind": document.kind,
        "source": document.source,
        "line_start": document.line_start,
        "line_end": document.line_end,
        "relations": [
            {
                "type": r.type,
                "target_title": r.target_title,
                "target_number": r.target_number,
                "target_doc_id": r.target_doc_id,
                "quote": r.quote,
            }
            for r in document.relations
        ],
    }


def measure_to_json(measure: Measure) -> dict[str, Any]:
    return {
        "measure": measure.label,
        "part": measure.part,
        "heading": measure.heading,
        "path": list(measure.path),
        "text": measure.text,
        "page": measure.page,
        "line_start": measure.line_start,
        "line_end": measure.line_end,
        "depts": measure.depts,
    }
