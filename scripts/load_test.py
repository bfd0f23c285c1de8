"""Many users asking at once: latencies and errors.

    python scripts/load_test.py [--users 20] [--rounds 3] [--url http://127.0.0.1:7860]

Every user asks his questions one after another, all users together, over the HTTP API.  Ends
with 1 when a request fails or the 95th percentile exceeds ``--limit`` seconds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from rich.console import Console
from rich.table import Table
from serving import server

QUESTIONS = Path(__file__).resolve().parent.parent / "data" / "questions" / "policies.jsonl"
TIMEOUT = 60.0


def questions(count: int) -> list[str]:
    """Authored questions, spread evenly over all documents, none twice."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    found = [question for row in rows for question in row["questions"]]
    step = max(1, len(found) // count)
    return found[::step][:count]


def ask(url: str, question: str) -> float:
    """Seconds until the answer was read.

    Raises:
        OSError: no answer, or one that is an error.
    """
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(
        f"{url}/api/ask", body, {"Content-Type": "application/json"}, method="POST"
    )
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
        answer = json.load(response)
    if not answer["answer"]:
        raise OSError(f"empty answer to {question}")
    return time.perf_counter() - began


def run(url: str, users: int, rounds: int) -> tuple[list[float], list[str], float]:
    """Latencies in seconds, errors, and the duration of the whole."""
    asked = questions(users * rounds)
    together = threading.Barrier(users)
    seconds: list[float] = []
    errors: list[str] = []

    def user(number: int) -> None:
        together.wait()
        for question in asked[number * rounds : (number + 1) * rounds]:
            try:
                seconds.append(ask(url, question))
            except (OSError, urllib.error.URLError, ValueError) as error:
                errors.append(f"{question}: {error}")

    threads = [threading.Thread(target=user, args=(n,)) for n in range(users)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seconds, errors, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=3.0, help="seconds, 95th percentile")
    given = parser.parse_args()
    console = Console()
    with server(given.url) as url:
        ask(url, "小微企业有什么支持？")  # whoever comes first waits for the index to be read
        seconds, errors, whole = run(url, given.users, given.rounds)
    if not seconds:
        console.print("no answers:", *errors[:5], sep="\n")
        sys.exit(1)
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    table = Table("users", "answers", "errors", "p50 s", "p95 s", "max s", "answers/s")
    table.add_row(
        str(given.users),
        str(len(seconds)),
        str(len(errors)),
        f"{statistics.median(ordered):.2f}",
        f"{p95:.2f}",
        f"{ordered[-1]:.2f}",
        f"{len(seconds) / whole:.1f}",
    )
    console.print(table)
    for error in errors[:5]:
        console.print(error, markup=False)
    sys.exit(1 if errors or p95 > given.limit else 0)


if __name__ == "__main__":
    main()
