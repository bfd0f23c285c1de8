"""A real HTTP server that speaks the OpenAI chat protocol, with scripted misbehaviour."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Script:
    """What the server does with the next request."""

    text: str = ""
    status: int = 200
    body: str | None = None  # raw body in the place of the protocol
    delay: float = 0.0  # before the first byte
    drip: float = 0.0  # between pieces
    cut_after: int | None = None  # drop the connection after so many pieces
    finish: str = "stop"
    raw: Iterable[bytes] | None = None  # bytes of the connection, headers too, for all of the above
    requests: list[dict] = field(default_factory=list)
    sent: int = 0  # bytes of ``raw`` that the client took
    hung_up: threading.Event = field(default_factory=threading.Event)  # while they were sent


def _event(piece: dict, finish: str | None = None) -> bytes:
    data = {
        "id": "c-1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "test",
        "choices": [{"index": 0, "delta": piece, "finish_reason": finish}],
    }
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """The base URL of a server that follows ``script`` until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Keep the test output clean."""

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
            pieces = [script.text[i : i + 7] for i in range(0, len(script.text), 7)]
            try:
                for count, piece in enumerate(pieces):
                    if script.cut_after is not None and count >= script.cut_after:
                        return
                    self.wfile.write(_event({"role": "assistant", "content": piece}))
                    self.wfile.flush()
                    time.sleep(script.drip)
                self.wfile.write(_event({}, script.finish))
                self.wfile.write(b"data: [DONE]\n\n")
            except (BrokenPipeError, ConnectionResetError):
                return  # the client gave up, as it should on a timeout

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
