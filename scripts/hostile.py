"""Gives the system what is meant to stop it, and prints how it fared.

python scripts/hostile.py documents
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.hostile_documents import documents

# name → the lines of its report; it ends the process with a message when something gave way
KINDS: dict[str, Callable[[], Iterator[str]]] = {"documents": documents}


def main() -> None:
    parser = argparse.ArgumentParser(description="hostile input of one kind, and its outcome")
    parser.add_argument("kind", choices=KINDS)
    for line in KINDS[parser.parse_args().kind]():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
