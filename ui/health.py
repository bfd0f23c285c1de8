"""``/health``: the process lives.  ``/health/ready``: a question asked now would be answered."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from ui.routes import failed
from ui.service import Service


def router(service: Service) -> APIRouter:
    routes = APIRouter()

    @routes.get("/health")
    async def live() -> dict[str, str]:
        """Always 200, and without a thread of its own: no reason to start the process again."""
        return {"status": "ok", "process": service.process}

    @routes.get("/health/ready")
    @routes.get("/api/health")
    def ready() -> JSONResponse:
        """200 when questions can be answered, else 503 with the reason."""
        try:
            notes = service.ready()
            counts = service.reading.counts()
        except Exception as error:  # noqa: BLE001 - whatever it is, questions would meet it too
            response = failed(error)
            response.status_code = 503
            return response
        llm = service.settings.llm_model or None
        body = {"status": "ok", "version": service.version, "llm": llm, "notes": notes}
        return JSONResponse(body | counts)

    return routes
