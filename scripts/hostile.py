"""What ill will can do to the program, tried on it and shown as a table.

    python scripts/hostile.py requests [NAME]    attacks over HTTP on a server of its own
    python scripts/hostile.py questions          numbers and characters through batch and ask

Needs an index.  Each kind is a module of its own (``hostile_requests.py``, …).
"""

from __future__ import annotations

import argparse
from importlib import import_module

from rich.console import Console
from rich.table import Table

KINDS = ("requests", "questions")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("only", nargs="?", default="", help="attacks whose names hold this")
    given = parser.parse_args()
    rows = getattr(import_module(f"hostile_{given.kind}"), given.kind)(given.only)
    console = Console(width=150)
    table = Table("attack", "looked at", "found")
    for row in rows:
        console.print(*row, sep=" | ", markup=False, highlight=False)  # a run takes minutes
        table.add_row(*row)
    console.print(table)


if __name__ == "__main__":
    main()
