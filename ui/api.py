"""The HTTP API: the same answers, matches and documents as the command line gives.

Every body is JSON; errors are ``{"error": {"message", "next_step"}}`` with 400 for bad input,
404 for what is not held, 429 and 503 when too many ask at once, 503 while there is no index.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from assistant.finder.industries import sections
from assistant.records import Document, Measure, Profile
from assistant.wire import answer_to_json, match_to_json, profile_from_json, validity_to_json
from ui.asking import as_of, check_length
from ui.capacity import seat
from ui.reading import LibraryQuery
from ui.routes import StrictJSON, checked
from ui.service import Service

Short = Annotated[str, Field(max_length=200)]  # a place, a date or an id
_TRADES = [term.said for s in sections() for term in (*s.trades, *s.special)]
Company = Annotated[
    dict[str, Any],
    Field(
        description="A company as far as it is known; docs/contract.md names the fields.",
        json_schema_extra={
            "properties": {
                "industry": {
                    "type": "array",
                    "items": {"type": "string", "examples": _TRADES},
                    "description": "By GB/T 4754-2017, or in words that tell one of these.",
                }
            }
        },
    ),
]


class AskBody(BaseModel):
    """A question, or the turns of a conversation whose last one is asked."""

    model_config = ConfigDict(extra="forbid")

    question: str | None = None
    turns: Annotated[list[str], Field(max_length=40)] | None = None
    as_of: Short | None = None
    district: Short | None = None
    profile: Company | None = None
    in_force_only: bool = False
    suggest: bool = True  # questions that may follow; some 50 ms
    id: Short | None = None


class MatchBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    profile: Company
    as_of: Short | None = None
    question: str = ""


def router(service: Service) -> APIRouter:
    routes = APIRouter(prefix="/api", route_class=checked(), default_response_class=StrictJSON)
    limit = service.settings.max_question_chars
    asking, looking = [seat(service.asking)], [seat(service.looking)]

    @routes.post("/ask", dependencies=asking)
    def ask(body: AskBody) -> Any:
        """One answer in the public contract."""
        for turn in body.turns or [body.question or ""]:
            check_length(turn.strip(), limit)
        answer = service.assistant.ask(
            None if body.turns else body.question,
            turns=body.turns,
            as_of=as_of(body.as_of),
            district=body.district,
            profile=profile_from_json(body.profile),
            in_force_only=body.in_force_only,
            suggest=body.suggest,
        )
        return StrictJSON(answer_to_json(answer, id=body.id))

    @routes.post("/match", dependencies=asking)
    def match(body: MatchBody) -> Any:
        """Which measures apply to a company, and which just fail."""
        if body.question:
            check_length(body.question, limit)
        profile = profile_from_json(body.profile) or Profile()
        found = service.assistant.match(profile, question=body.question, as_of=as_of(body.as_of))
        return StrictJSON(
            {
                "matches": [match_to_json(m) for m in found.matches],
                "near_misses": [match_to_json(m) for m in found.near_misses],
            }
        )

    @routes.get("/docs", dependencies=looking)
    def docs(
        q: Annotated[str, Query(max_length=100)] = "",
        district: str = "",
        kind: str = "",
        status: str = "",
        year: str = "",
        day: Annotated[str, Query(alias="as_of")] = "",
    ) -> Any:
        """The documents held, newest first; the same filters as the library's."""
        date = as_of(day)
        query = LibraryQuery(q, district, kind, status, year, "date", date)
        rows = service.reading.library(query)
        return StrictJSON(
            {
                "documents": [
                    document_to_json(row.document)
                    | {"validity": validity_to_json(row.validity), "measures": row.measures}
                    for row in rows
                ]
            }
        )

    @routes.get("/docs/{doc_id}", dependencies=looking)
    def doc(doc_id: str, day: Annotated[str, Query(alias="as_of")] = "") -> Any:
        """One document with all its measures."""
        reading = service.reading
        document, date = reading.document(doc_id), as_of(day)
        return StrictJSON(
            document_to_json(document)
            | {
                "validity": validity_to_json(reading.validity(document, date)),
                "measures": [
                    measure_to_json(m)
                    | {"validity": validity_to_json(reading.validity(document, date, m))}
                    for m in reading.measures(doc_id)
                ],
            }
        )

    return routes


def document_to_json(document: Document) -> dict[str, Any]:
    return {
        "doc_id": document.doc_id,
        "title": document.title,
        "doc_number": document.doc_number,
        "issuers": list(document.issuers),
        "level": document.level,
        "district": document.district,
        "area": document.area,
        "elsewhere": document.elsewhere,
        "language": document.language,
        "issued": document.issued,
        "effective_from": document.effective_from,
        "expires": document.expires,
        "kind": document.kind,
        "source": document.source,
        "url": document.url,
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
