"""The HTTP client for an LLM's endpoint, which keeps a time and a size whatever is sent.

A read timeout starts anew with every byte, so an endpoint that sends comment lines, or one byte a
second, would hold an answer for ever.  Here a timer shuts the socket, which wakes whoever reads
from it; a body longer than any answer is refused while it comes.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from httpx2 import Request, Response, SyncByteStream

from assistant.errors import LLMError

if TYPE_CHECKING:
    from openai import DefaultHttpxClient

MAX_BODY = 4 << 20  # bytes: the longest answer let through, a character an event, is 1.2 MB of them
TOO_LONG = "大模型的回答过长"


class Watch:
    """Shuts every connection of one request when its time is over.

    Attributes:
        over: the time was over before the request was done.
    """

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.cancel()

    def seen(self, event: str, info: Mapping[str, Any]) -> None:
        """Told of every step of the connection (the ``trace`` extension of the HTTP library)."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            with self._lock:
                self._sockets.append(info["return_value"].get_extra_info("socket"))
                if self.over:
                    self._shut()

    def _end(self) -> None:
        with self._lock:
            self.over = True
            self._shut()

    def _shut(self) -> None:
        for one in self._sockets:
            try:
                # not the method of a TLS socket, which would first drop its session under a reader
                socket.socket.shutdown(one, socket.SHUT_RDWR)
            except OSError:
                continue  # closed already, or taken over by TLS


class _Limited(SyncByteStream):
    """A body that fails when it is longer than ``MAX_BODY``."""

    def __init__(self, body: SyncByteStream) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        length = 0
        for piece in self._body:
            length += len(piece)
            if length > MAX_BODY:
                raise LLMError(TOO_LONG, "已改用条款原文摘录作答")
            yield piece

    def close(self) -> None:
        self._body.close()


@contextmanager
def endpoint(seconds: float) -> Iterator[tuple[DefaultHttpxClient, Watch]]:
    """A client for one request and the watch over it; both end with the block.

    Args:
        seconds: from now to the last byte.
    """
    from openai import DefaultHttpxClient

    watch = Watch(seconds)

    def sent(request: Request) -> None:
        request.extensions["trace"] = watch.seen
        request.headers["Accept-Encoding"] = "identity"

    def answered(response: Response) -> None:
        # a packed body may be small and its text huge: it is not asked for and not unpacked
        response.headers.pop("Content-Encoding", None)
        assert isinstance(response.stream, SyncByteStream)
        response.stream = _Limited(response.stream)

    client = DefaultHttpxClient(
        timeout=seconds, event_hooks={"request": [sent], "response": [answered]}
    )
    with client:
        watch.start()
        try:
            yield client, watch
        finally:
            watch.stop()
