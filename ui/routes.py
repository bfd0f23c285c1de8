"""Routes that read JSON strictly, check before they read, and tell errors in one shape."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

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
from assistant.jsons import dumps, loads
from ui.failures import told

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
TEXTS = {404: "没有这个地址", 405: "这个地址不接受这种请求"}


class _StrictRequest(Request):
    async def json(self) -> Any:
        try:
            return loads((await self.body()).decode())
        except UnicodeDecodeError as error:
            raise BadInputError("请求内容不是 UTF-8 编码", "请检查编码后重发") from error


class StrictJSON(JSONResponse):
    def render(self, content: Any) -> bytes:
        return dumps(content).encode()


def checked(before: Callable[[Request], None] = lambda request: None) -> type[APIRoute]:
    """A class of routes.

    Args:
        before: called before anything of the body is read; raises what is to be answered instead.
    """

    class Checked(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handle_checked(request: Request) -> Response:
                before(request)
                return await handle(_StrictRequest(request.scope, request.receive))

            return handle_checked

    return Checked


def failed(error: Exception) -> JSONResponse:
    """The error in the shape of the API; what is not foreseen is logged under a number."""
    message, next_step = told(error)
    status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
    return problem(status, message, next_step)


def problem(
    status: int, message: str, next_step: str = "", headers: dict[str, str] | None = None
) -> JSONResponse:
    body = {"error": {"message": message, "next_step": next_step}}
    return StrictJSON(body, status, headers)


def one_shape(app: FastAPI) -> None:
    """Every error of ``app``, also of the framework, as :func:`problem` tells it."""

    async def http(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if isinstance(error.__cause__, AssistantError):
            return failed(error.__cause__)  # what the strict reader said about the body
        message = TEXTS.get(error.status_code) if error.detail.isascii() else error.detail
        return problem(
            error.status_code,
            message or "请求有误，无法处理",
            headers=dict(error.headers or {}),
        )

    async def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        places = [".".join(str(part)[:40] for part in e["loc"]) for e in error.errors()[:5]]
        return problem(422, f"请求的内容不对：{'、'.join(places)}", "请对照接口说明检查字段和类型")

    async def unforeseen(_: Request, error: Exception) -> Response:
        return failed(error)

    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(AssistantError, unforeseen)
    app.add_exception_handler(Exception, unforeseen)
