"""What the commands share: the terminal, errors for users, folders of runs, a progress bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.errors import AssistantError

console = Console()


@contextmanager
def errors_for_users() -> Iterator[None]:
    """An error meant for users ends the command with its message and exit code."""
    try:
        yield
    except AssistantError as error:
        Console(stderr=True).print(f"[red]{error}[/]", highlight=False)
        raise typer.Exit(error.exit_code) from error


def runs_folder(given: Path | None) -> Path:
    if given is not None:
        return given
    from assistant.settings import get_settings

    return get_settings().state / "eval"


def run_folder(name: str, folder: Path | None) -> Path:
    """A run by its name below the runs folder, or by its path."""
    path = Path(name)
    return path if (path / "manifest.json").is_file() else runs_folder(folder) / name


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
