"""Measure an ingest of the sources from nothing, and a second one with nothing changed.

Usage: python scripts/bench_ingest.py [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    full, again = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as index:
            full.append(seconds(Path(index)))
            again.append(seconds(Path(index)))
    for name, times in (("from nothing", full), ("nothing changed", again)):
        shown = " ".join(f"{wall:.1f}/{cpu:.1f}" for wall, cpu in times)
        sys.stdout.write(f"ingest, {name}: best {min(times)[0]:.1f} s (wall/cpu: {shown})\n")


def seconds(index: Path) -> tuple[float, float]:
    """Wall and processor seconds of one ``assistant ingest`` as a process of its own."""
    before, began = os.times(), time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "assistant", "ingest"],
        env=os.environ | {"ASSISTANT_INDEX": str(index)},
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    after, wall = os.times(), time.monotonic() - began
    cpu = after.children_user + after.children_system
    return wall, cpu - before.children_user - before.children_system


if __name__ == "__main__":
    main()
