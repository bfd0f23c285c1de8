"""Gives the system what is meant to stop it, and prints how it fared.

    python scripts/hostile.py documents    files that are meant to stop an ingest
    python scripts/hostile.py questions    questions made to cost time
    python scripts/hostile.py batch        lines that JSON, Python or a terminal trips over
    python scripts/hostile.py requests     attacks over HTTP on a server of its own
    python scripts/hostile.py models       models that hang, break the protocol or invent

All but the first need an index.  What gives way is named at the end, with exit code 1.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

KINDS = ("documents", "questions", "batch", "requests", "models")  # each a module of its own


def main() -> None:
    parser = argparse.ArgumentParser(description="hostile input of one kind, and its outcome")
    parser.add_argument("kind", choices=KINDS)
    kind = import_module(f"scripts.hostile_{parser.parse_args().kind}")
    for line in kind.report():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
