"""What the commands print with: tables and lines for people, JSON alone for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

_WIDE = 160  # of output that goes into a file or pipe


def console(*, stderr: bool = False) -> Console:
    """A console that does not cut tables to 80 columns when its output is piped."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _WIDE
    return Console(stderr=stderr, width=width, highlight=False, soft_wrap=False)


def emit_json(value: Any) -> None:
    """The whole standard output of a ``--json`` call."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> Table:
    """A table of plain cells; ``None`` is shown as a dash, markup in texts is not obeyed."""
    from rich.text import Text

    made = Table(title=title or None, title_justify="left", show_lines=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(Text("—" if cell is None or cell == "" else str(cell)) for cell in row))
    return made
