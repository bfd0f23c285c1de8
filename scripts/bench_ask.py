"""Measure a cold ``assistant ask`` (a process of its own), and questions a second in a batch.

Usage: python scripts/bench_ask.py [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "首次认定的高新技术企业奖励多少？"
DATASET = ROOT / "eval" / "datasets" / "dev.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    times = [seconds("ask", QUESTION, "--json") for _ in range(rounds + 1)][1:]  # disk cache warm
    walls = [wall for wall, _ in times]
    sys.stdout.write(
        f"cold ask: best {min(walls):.2f} s, median {statistics.median(walls):.2f} s,"
        f" cpu {min(cpu for _, cpu in times):.2f} s\n"
    )
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out.jsonl"
        one = Path(name) / "one.jsonl"
        one.write_text(json.dumps({"id": "1", "question": QUESTION}) + "\n", encoding="utf-8")
        start, _ = seconds("ask", "--batch", str(one), "--out", str(out))
        wall, cpu = seconds("ask", "--batch", str(DATASET), "--out", str(out))
        count = len(out.read_text(encoding="utf-8").splitlines())
    sys.stdout.write(
        f"batch: {count} questions in {wall:.1f} s (cpu {cpu:.1f} s), after loading"
        f" {(count - 1) / max(wall - start, 1e-9):.0f} questions/s\n"
    )


def seconds(*arguments: str) -> tuple[float, float]:
    """Wall and processor seconds of one call of ``assistant``."""
    before, began = os.times(), time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "assistant", *arguments], cwd=ROOT, check=True, capture_output=True
    )
    after, wall = os.times(), time.monotonic() - began
    cpu = after.children_user + after.children_system
    return wall, cpu - before.children_user - before.children_system


if __name__ == "__main__":
    main()
