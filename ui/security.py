"""Headers and limits that every response and request passes."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from fastapi import FastAPI, HTTPException, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.routes import failed, problem

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
TOO_LARGE = "请求内容太大"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
MIB = 1024 * 1024
SMALL_BODY = MIB  # 40 turns of 2000 characters, each written as \uXXXX, are half of it
PAGE_BODY = 4 * MIB  # an event of the page carries the browser's conversations, 1 M characters
UPLOAD_PATH = "/staff/preview"
BODY_SECONDS = 15.0  # 4 MiB on a line of 2.2 Mbit/s
UPLOAD_SECONDS = 120.0  # 20 MiB on a line of 1.4 Mbit/s
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# What the page itself posts to Gradio; its other ways in (files, direct calls) are unused and
# open to anyone, so they are shut.
GRADIO = "/gradio_api/"
PAGE_EVENT = "/gradio_api/queue/join"
PAGE_POSTS = frozenset({PAGE_EVENT, "/gradio_api/cancel", "/gradio_api/reset"})


class Guard:
    """Adds the headers; refuses what comes from elsewhere, paths that are shut, and bodies that
    are too large or too slow.

    What nobody else has caught becomes an error in the shape of the API, with the headers.

    Args:
        upload_bytes: of the largest source file taken.
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
        given = Headers(scope=scope)
        ended = given.get("content-length", "0") == "0" and "transfer-encoding" not in given
        limit, seconds = self._bounds(scope["path"])
        received = 0
        deadline = asyncio.get_running_loop().time() + seconds

        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                # A connection that is closed with a body half read loses the response, too: what
                # is refused is read to its bounds and thrown away.
                with suppress(HTTPException):
                    while not ended and (await receive_bounded())["type"] == "http.request":
                        pass
                if not ended:
                    headers["connection"] = "close"
            await send(message)

        async def receive_bounded() -> Message:
            nonlocal received, ended
            if ended:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(408, "请求内容没有按时送到，请重试") from error
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413, TOO_LARGE)
            ended = not message.get("more_body", False)
            return message

        refused = self._refused(scope, given, limit)
        if refused is not None:
            await refused(scope, receive, send_guarded)
            return
        try:
            await self.app(scope, receive_bounded, send_guarded)
        except Exception as error:
            if started:
                raise
            await failed(error)(scope, receive, send_guarded)

    def _bounds(self, path: str) -> tuple[int, float]:
        """Bytes of a body, and seconds until it must have come."""
        if path == UPLOAD_PATH:
            return self.upload_bytes + SMALL_BODY, UPLOAD_SECONDS
        return (PAGE_BODY if path == PAGE_EVENT else SMALL_BODY), BODY_SECONDS

    def _refused(self, scope: Scope, given: Headers, limit: int) -> Response | None:
        path, unsafe = scope["path"], scope["method"] not in SAFE_METHODS
        if self.loopback and _host_name(given.get("host", "")) not in LOCAL_NAMES:
            return problem(403, "本服务只对本机开放", "请用 http://127.0.0.1 打开")
        if unsafe and _from_elsewhere(given):
            return problem(403, "不接受其他网站发来的请求", "请在本服务的页面上操作")
        if unsafe and path.startswith(GRADIO) and path not in PAGE_POSTS:
            return problem(403, "这里不接收文件，也不接受直接调用")
        length = given.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return problem(400, "请求头 Content-Length 有误")
        # compared by digits first: Python refuses to convert 5,000 of them
        if len(length) > len(str(limit)) or int(length) > limit:
            return problem(413, TOO_LARGE)
        return None


def _from_elsewhere(given: Headers) -> bool:
    """Whether a browser says that a page of another site sends this.

    Browsers tell ``Sec-Fetch-Site`` over https and on this machine, and elsewhere ``Origin``;
    programs send neither.
    """
    site = given.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = given.get("origin")
    return origin is not None and origin.partition("://")[2] != given.get("host")


def guard(app: FastAPI, *, upload_mb: int, loopback: bool) -> None:
    app.add_middleware(Guard, upload_bytes=upload_mb * MIB, loopback=loopback)


def _host_name(host: str) -> str:
    """The name in a Host header, its port left out."""
    return host.partition("]")[0].strip("[") if host.startswith("[") else host.partition(":")[0]
