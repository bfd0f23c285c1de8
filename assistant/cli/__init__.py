"""The command ``assistant``; each subcommand is a module that is imported when it is called."""

from __future__ import annotations


def main() -> None:
    """Entry of the console script; ends the process with one of the documented exit codes."""
    from assistant.cli.app import run

    raise SystemExit(run())
