"""A real HTTP server that speaks the OpenAI chat protocol, with scripted misbehaviour, for scripts
and tests."""

from __future__ import annotations

import json
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


def forever(first: bytes, again: bytes, seconds: float = 0.05) -> Iterator[bytes]:
    """Bytes that never end: some, and then the same ones again and again."""
    yield first
    for _ in range(int(60 / seconds)):  # long enough to tell a hang, no thread that outlives all
        time.sleep(seconds)
        yield again


# what a connection gives, headers too: without an end, and without a bound
ENDLESS: dict[str, Callable[[], Iterable[bytes]]] = {
    "comment lines for ever": partial(forever, HEAD + b"\r\n", b": wait\n\n"),
    "one byte at a time": partial(forever, HEAD + b"\r\ndata: ", b"{"),
    "a header that never ends": partial(forever, HEAD + b"X-Wait: ", b"a"),
    "one header after another": partial(forever, HEAD, b"X-Wait: 1\r\n"),
    "a status line that never ends": partial(forever, b"HTTP/1.1 200 ", b"O"),
    "an error's body for ever": partial(forever, b"HTTP/1.1 500 No\r\n\r\n", b"x"),
}
HUGE = {
    "one line of 100 MiB": [HEAD, b"\r\ndata: ", *([b"x" * 65536] * 1600)],
    "one header of 100 MiB": [HEAD, b"X-Long: ", *([b"x" * 65536] * 1600)],
    "an error's body of 100 MiB": [b"HTTP/1.1 500 No\r\n\r\n", *([b"x" * 65536] * 1600)],
}
NESTED = [HEAD, b"\r\ndata: ", b"[" * 500_000, b"\n\n"]


def packed() -> list[bytes]:
    """32 MiB of a line as 32 KiB of gzip."""
    packer = zlib.compressobj(wbits=31)
    pieces = [packer.compress(b"data: "), *(packer.compress(b"x" * 65536) for _ in range(512))]
    body = b"".join([*pieces, packer.flush()])
    return [HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body), body]


@dataclass
class Script:
    """What the server does with the next request."""

    text: str | Callable[[dict], str] = ""  # of the model, or what it makes of the request
    status: int = 200
    body: str | None = None  # raw body in the place of the protocol
    delay: float = 0.0  # before the first byte
    drip: float = 0.0  # between pieces
    cut_after: int | None = None  # drop the connection after so many pieces
    finish: str | None = "stop"
    raw: Iterable[bytes] | None = None  # bytes of the connection, headers too, for all of the above
    requests: list[dict] = field(default_factory=list)
    sent: int = 0  # bytes of ``raw`` that the client took
    hung_up: threading.Event = field(default_factory=threading.Event)  # while they were sent


def event(piece: dict, finish: str | None = None) -> bytes:
    data = {
        "id": "c-1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "test",
        "choices": [{"index": 0, "delta": piece, "finish_reason": finish}],
    }
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


@contextmanager
def serving(script: Script, port: int = 0) -> Iterator[str]:
    """The base URL of a server that follows ``script`` until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Keep the output clean."""

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            script.requests.append(json.loads(self.rfile.read(length)))
            if script.raw is not None:
                try:
                    for piece in script.raw:
                        self.wfile.write(piece)
                        self.wfile.flush()
                        script.sent += len(piece)
                except OSError:
                    script.hung_up.set()
                return
            time.sleep(script.delay)
            if script.body is not None or script.status != 200:
                body = (script.body or '{"error": {"message": "no"}}').encode()
                self.send_response(script.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            text = script.text
            said = text if isinstance(text, str) else text(script.requests[-1])
            pieces = [said[i : i + 7] for i in range(0, len(said), 7)]
            try:
                for count, piece in enumerate(pieces):
                    if script.cut_after is not None and count >= script.cut_after:
                        return
                    self.wfile.write(event({"role": "assistant", "content": piece}))
                    self.wfile.flush()
                    time.sleep(script.drip)
                self.wfile.write(event({}, script.finish))
                self.wfile.write(b"data: [DONE]\n\n")
            except (BrokenPipeError, ConnectionResetError):
                return  # the client gave up, as it should on a timeout

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
