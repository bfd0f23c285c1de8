"""Headers and limits that every response and request passes."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.api import failed

# Gradio's client compiles its component templates and boots from inline scripts, hence the two
# 'unsafe' sources; nothing may be loaded from or sent to another host, and nobody may frame us.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SMALL_BODY = 1024 * 1024  # a question with its conversation; uploads have their own limit
UPLOAD_PATHS = ("/staff/",)
# Gradio's own way of taking files: unused, and open to anyone, so it is shut.
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SHUT_PATHS = ("/gradio_api/upload",)


class Guard:
    """Adds the headers, refuses bodies that are too large and paths that are shut.

    What nobody else has caught becomes an error in the shape of the API, with the headers.

    Args:
        loopback: answer only to local host names, so that a web page elsewhere cannot reach the
            server by pointing its own name at this machine.
    """

    def __init__(self, app: ASGIApp, *, upload_bytes: int, loopback: bool) -> None:
        self.app = app
        self.upload_bytes = upload_bytes
        self.loopback = loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, send_guarded)
            return
        limit = self._limit(scope)
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > limit:
                    return {"type": "http.disconnect"}
            return message

        try:
            await self.app(scope, receive_limited, send_guarded)
        except Exception as error:
            if started:
                raise
            await failed(error)(scope, receive, send_guarded)

    def _limit(self, scope: Scope) -> int:
        upload = scope["path"].startswith(UPLOAD_PATHS)
        return self.upload_bytes + SMALL_BODY if upload else 4 * SMALL_BODY

    def _refused(self, scope: Scope) -> JSONResponse | None:
        if scope["path"].startswith(SHUT_PATHS):
            return JSONResponse({"error": "这里不接收文件"}, status_code=403)
        if self.loopback and _host_name(Headers(scope=scope).get("host", "")) not in LOCAL_NAMES:
            return JSONResponse({"error": "本服务只对本机开放"}, status_code=403)
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdigit():
            return JSONResponse({"error": "请求头 Content-Length 有误"}, status_code=400)
        if int(length) > self._limit(scope):
            return JSONResponse({"error": "请求内容太大"}, status_code=413)
        return None


def guard(app: FastAPI, *, upload_mb: int, loopback: bool) -> None:
    app.add_middleware(Guard, upload_bytes=upload_mb * 1024 * 1024, loopback=loopback)


def _host_name(host: str) -> str:
    """The name in a Host header, its port left out."""
    return host.partition("]")[0].strip("[") if host.startswith("[") else host.partition(":")[0]
