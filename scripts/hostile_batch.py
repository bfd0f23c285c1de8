"""Numbers, characters and shapes that JSON, Python or a terminal trips over, through a batch."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

LINES: dict[str, bytes] = {
    "good, first": '{"id": "first", "question": "小微企业首次贷款有什么支持？"}'.encode(),
    "5,000 digits as id": b'{"id": ' + b"9" * 5000 + b', "question": "?"}',
    "5,000 digits as headcount": b'{"question": "?", "profile": {"headcount": %s}}' % (b"9" * 5000),
    "half a pair, escaped": b'{"question": "\\ud83d"}',
    "half a pair as id": b'{"id": "\\udfff", "question": "?"}',
    "half a pair, raw": b'{"question": "\xed\xa0\xbd"}',
    "not UTF-8": '{"question": "补贴"}'.encode("gb18030"),
    "U+2028 and U+2029": '{"question": "补贴\u2028多少\u2029"}'.encode(),
    "NaN": b'{"question": "?", "profile": {"headcount": NaN}}',
    "Infinity": b'{"question": "?", "id": Infinity}',
    "1e999": b'{"question": "?", "id": 1e999}',
    "100,000 brackets": b"[" * 100_000,
    "100,000 objects": b'{"a":' * 100_000,
    "the same key twice": b'{"question": "a", "question": "b"}',
    "20,000 needs": json.dumps({"question": "?", "profile": {"needs": ["x"] * 20_000}}).encode(),
    "an object as id": b'{"id": {"a": 1}, "question": "?"}',
    "NUL and escapes": b'{"question": "\\u0000\\u001b[31m\\u009b2J"}',
    "2 MB of one letter": b'{"question": "' + b"x" * 2_000_000 + b'"}',
    "2 MB of brackets": json.dumps({"question": "（" * 700_000}, ensure_ascii=False).encode(),
    "good, last": '{"id": "last", "question": "小微企业首次贷款有什么支持？"}'.encode(),
}


def report() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder, "in.jsonl"), Path(folder, "out.jsonl")
        given.write_bytes(b"\n".join(LINES.values()) + b"\n")
        command = [sys.executable, "-m", "assistant", "ask", "--batch", given, "--out", out]
        done = subprocess.run(command, capture_output=True, timeout=300, check=False)
        lines = out.read_bytes().split(b"\n")[:-1] if out.exists() else []
    obeyed = sum(byte in done.stderr for byte in (b"\x1b[31m", b"\xc2\x9b"))
    yield f"exit code {done.returncode}, {len(lines)} of {len(LINES)} lines"
    yield f"orders to the terminal: {obeyed}"
    told = [_told(line) for line in lines]
    for name, what in zip(LINES, told, strict=False):
        yield f"{name:<30}{what}"
    if len(lines) != len(LINES) or obeyed or "no JSON" in told:
        raise SystemExit("a line was lost, or did harm")


def _told(line: bytes) -> str:
    try:
        row = json.loads(line)
    except ValueError:
        return "no JSON"
    return f"error: {row['error'][:60]}" if "error" in row else "answered"
