"""Attacks over HTTP on a server of our own: floods, half-open connections, what is not ours to say.

Clients that are to count as different people come from different addresses of the loopback
network (127.0.0.2, …), which Linux answers without any set-up.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

QUESTION = "小微企业首次贷款有什么支持？"
FLOOD = 300
HONEST = "127.0.0.7"
LIMITS = httpx.Limits(max_connections=1000)
PATIENCE = 90.0  # seconds: whoever gets no answer by then was shut out


def client(url: str, address: str = "127.0.0.1") -> httpx.AsyncClient:
    transport = httpx.AsyncHTTPTransport(local_address=address, limits=LIMITS)
    return httpx.AsyncClient(base_url=url, transport=transport, timeout=PATIENCE)


async def timed(work: Awaitable[httpx.Response]) -> tuple[str, float]:
    """Status (or the kind of failure) and seconds."""
    began = time.perf_counter()
    try:
        status = str((await work).status_code)
    except httpx.HTTPError as error:
        status = type(error).__name__
    return status, time.perf_counter() - began


async def flooded(url: str, path: str, body: object, count: int = FLOOD) -> dict[str, str]:
    """One address floods ``path``; another asks and the health is looked at meanwhile."""
    many, one = ("127.0.0.3", url), (HONEST, url)
    flood = [asyncio.create_task(_raw(*many, "POST", path, body)) for _ in range(count)]
    await asyncio.sleep(1.0)  # until they stand in the queue
    health = [await _raw(*one, "GET", "/api/health") for _ in range(10)]
    honest = await _raw(*one, "POST", "/api/ask", {"question": QUESTION})
    ends = await asyncio.gather(*flood)
    slowest = max(seconds for _, seconds in health)
    return {
        "health": f"{_counted(health)}, slowest {slowest:.2f} s",
        "an honest user": f"{honest[0]} after {honest[1]:.2f} s",
        "the flood": f"{_counted(ends)}, last after {max(s for _, s in ends):.1f} s",
    }


async def _raw(
    address: str, url: str, method: str, path: str, body: object = None
) -> tuple[str, float]:
    """Status and seconds of one request, sent with so little effort that the client, which may
    have the same core as the server, is not what is measured."""
    began = time.perf_counter()
    host, _, port = url.removeprefix("http://").partition(":")
    content = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(host, int(port), local_addr=(address, 0))
            writer.write(head.encode() + content)
            answer = await reader.read()
            writer.close()
        status = answer[9:12].decode() or "closed"
    except (OSError, TimeoutError) as error:
        status = type(error).__name__
    return status, time.perf_counter() - began


def _counted(ends: list[tuple[str, float]]) -> str:
    return " ".join(f"{n}x{status}" for status, n in sorted(Counter(s for s, _ in ends).items()))


async def half_open(url: str, count: int = 50, wait: float = 25.0) -> dict[str, str]:
    """Connections that begin a request and say no more: how many does the server still hold?"""
    port = int(url.rsplit(":", 1)[1])
    starts = {
        "no request": b"",
        "half a header": b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nX-",
        "half a body": b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{",
    }
    opened: dict[str, list[socket.socket]] = {}
    for name, start in starts.items():
        opened[name] = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
        for one in opened[name]:
            one.sendall(start)
    await asyncio.sleep(wait)
    return {
        name: f"{sum(_is_open(s) for s in sockets)} of {count} open after {wait:.0f} s"
        for name, sockets in opened.items()
    }


def _is_open(one: socket.socket) -> bool:
    one.setblocking(False)
    try:
        while one.recv(65536):
            pass
        return False
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        one.close()


async def many_needs(url: str) -> dict[str, str]:
    async with client(url) as http:
        body = {"profile": {"district": "徐汇区", "needs": [f"需要{n}" for n in range(20_000)]}}
        status, seconds = await timed(http.post("/api/match", json=body))
    return {"match with 20,000 needs": f"{status} after {seconds:.2f} s"}


NASTY = {
    "a number of 5,000 digits": '{"profile": {"headcount": %s}, "question": "?"}' % ("9" * 5000),
    "half a surrogate pair": '{"question": "补贴\\ud83d多少"}',
    "half a pair as id": '{"question": "补贴多少", "id": "\\udc00"}',
    "U+2028": '{"question": "补贴\u2028多少"}',
    "NaN": '{"question": "补贴多少", "profile": {"headcount": NaN}}',
    "1e999": '{"question": "补贴多少", "profile": {"headcount": 1e999}}',
    "100,000 brackets": '{"question": "补贴多少", "profile": '
    + "[" * 100_000
    + "]" * 100_000
    + "}",
    "the same key twice": '{"question": "补贴多少", "question": "别的"}',
    "NUL": '{"question": "补\\u0000贴多少"}',
    "not UTF-8": '{"question": "补贴"}'.encode("gb18030"),
}


async def nasty(url: str) -> dict[str, str]:
    found = {}
    async with client(url) as http:
        for name, body in NASTY.items():
            raw = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
            try:
                answer = await http.post(
                    "/api/ask", content=raw, headers={"Content-Type": "application/json"}
                )
                found[name] = f"{answer.status_code} {_shape(answer.content)}"
            except httpx.HTTPError as error:
                found[name] = type(error).__name__
    return found


def _shape(content: bytes) -> str:
    """What kind of body: the contract's error, an answer, other JSON, or none."""

    def no(name: str) -> None:
        raise ValueError(name)

    try:
        body = json.loads(content, parse_constant=no)
    except ValueError:
        return "no JSON"
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        return "error"
    return "answer" if "answer" in body else "JSON of another shape"


async def strangers(url: str) -> dict[str, str]:
    """A page elsewhere that posts, with a browser's headers; staff behind a proxy; guessing."""
    elsewhere = {"Origin": "http://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    files = {"file": ("a.txt", b"x")}
    found = {}
    async with client(url) as http:
        for path in ("/staff/preview", "/gradio_api/upload", "/gradio_api/queue/join", "/api/ask"):
            post = http.post(path, files=files, headers=elsewhere)
            found[f"cross-site {path}"] = (await timed(post))[0]
        proxied = http.get("/staff/feedback", headers={"X-Forwarded-For": "203.0.113.9"})
        found["staff without the password, through a proxy"] = (await timed(proxied))[0]
        guesses = []
        for n in range(12):
            wrong = {"Authorization": f"Bearer guess{n}"}
            guesses.append(await timed(http.get("/staff/feedback", headers=wrong)))
        found["12 wrong passwords"] = _counted(guesses)
        found["upload of 15 MB before the login"] = await _spooled(http)
    return found


async def _spooled(http: httpx.AsyncClient) -> str:
    sent = 0

    async def chunks():  # type: ignore[no-untyped-def]
        nonlocal sent
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        yield head
        for _ in range(240):
            sent += 65536
            yield b"x" * 65536
            await asyncio.sleep(0.001)
        yield b"\r\n--x--\r\n"

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    status, _ = await timed(http.post("/staff/preview", content=chunks(), headers=kind))
    return f"{status} after {sent / 2**20:.1f} MB were taken"


def resident(url: str) -> float:
    """MiB of the process that listens at ``url`` (Linux)."""
    pid = _listener(int(url.rsplit(":", 1)[1]))
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _listener(port: int) -> int:
    rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    inode = next(
        r.split()[9] for r in rows if r.split()[1].endswith(f":{port:04X}") and r.split()[3] == "0A"
    )
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(link) == f"socket:[{inode}]":
                return int(link.parts[2])
        except OSError:
            continue
    raise LookupError(port)


def conversation(chars: int) -> dict[str, object]:
    """A conversation as a browser might send it, of about ``chars`` characters."""
    turns = 40
    citation = {"n": 1, "doc_id": "x", "title": "办法", "measure": "第一条", "quote": "补贴"}
    citation |= {"text": "补贴" * (chars // turns // 4), "validity": {"status": "unknown"}}
    answer = {"answer": "补贴。" * (chars // turns // 8), "citations": [citation]}
    return {
        "id": "c",
        "turns": [
            {"id": f"t{n}", "question": "问", "state": "done", "answer": answer}
            for n in range(turns)
        ],
    }


async def large_conversations(url: str, calls: int = 60, chars: int = 1_200_000) -> dict[str, str]:
    """Events of the page whose answers nobody fetches, each from a session of its own."""
    found = []
    async with client(url) as http:
        config = (await http.get("/config")).json()
        events = {d["targets"][0][1]: d["id"] for d in config["dependencies"] if d["targets"]}
        before = resident(url)
        for n in range(calls):
            body = {
                "data": [],
                "event_data": {"talk": conversation(chars)},
                "fn_index": events["show"],
                "session_hash": f"s{n}",
            }
            found.append(await timed(http.post("/gradio_api/queue/join", json=body)))
            await asyncio.sleep(0.1)
        await asyncio.sleep(3)
    return {
        f"{calls} events of {chars / 1e6:.1f} M characters": _counted(found),
        "memory": f"{before:.0f} to {resident(url):.0f} MiB",
    }


ATTACKS: dict[str, Callable[[str], Awaitable[dict[str, str]]]] = {
    "numbers and characters": nasty,
    "needs": many_needs,
    "strangers": strangers,
    "flood of /api/ask": lambda url: flooded(url, "/api/ask", {"question": QUESTION}),
    "flood of /v1": lambda url: flooded(
        url, "/v1/chat/completions", {"messages": [{"role": "user", "content": QUESTION}]}
    ),
    "half-open": half_open,
    "large conversations": large_conversations,
}


@contextmanager
def guarded_server() -> Iterator[str]:
    """A server with a password and a state folder of its own."""
    from scripts.serving import server  # tests bring a server of their own

    with tempfile.TemporaryDirectory() as state:
        os.environ |= {
            "ASSISTANT_STATE": f"{state}/state",
            "ASSISTANT_STAFF_PASSWORD": "right-password",
        }
        with server() as url:
            httpx.post(f"{url}/api/ask", json={"question": QUESTION}, timeout=PATIENCE)  # loads
            yield url


def report() -> Iterator[str]:
    """What was found; each attack meets a fresh server."""
    for name, attack in ATTACKS.items():
        with guarded_server() as url:
            for what, found in asyncio.run(attack(url)).items():
                yield f"{name:<24}{what:<44}{found}"
