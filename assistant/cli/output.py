"""What the commands print with: tables and lines for people, JSON alone for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.cli.terminal import harmless
from assistant.jsons import dumps

_WIDE = 160  # of output that goes into a file or pipe


class _Harmless(Console):
    """Shows what it is given, obeys nothing in it."""

    def print(self, *objects: Any, **options: Any) -> None:
        super().print(*map(_shown, objects), **options)


def _shown(value: Any) -> Any:
    if isinstance(value, Text):
        value.plain = harmless(value.plain)
    return harmless(value) if isinstance(value, str) else value


def console(*, stderr: bool = False) -> Console:
    """A console that does not cut tables to 80 columns when its output is piped."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _WIDE
    return _Harmless(stderr=stderr, width=width, highlight=False, soft_wrap=False)


def emit_json(value: Any) -> None:
    """The whole standard output of a ``--json`` call."""
    typer.echo(dumps(value, indent=1))


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> Table:
    """A table of plain cells; ``None`` is shown as a dash, markup in texts is not obeyed."""
    made = Table(title=harmless(title) or None, title_justify="left", show_lines=False)
    for column in columns:
        made.add_column(harmless(column), overflow="fold")
    for row in rows:
        made.add_row(*(Text(harmless(str("—" if cell in (None, "") else cell))) for cell in row))
    return made
