"""Texts of documents and questions on a terminal, where they must not give orders."""

from __future__ import annotations

import typer

# What a terminal obeys: C0 but tab and line break, DEL, C1; and what turns the order of what is
# read round.  Each becomes one visible sign, so that widths and styles stay in place.
_ORDERS = (
    {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"}
    | {0x7F: 0x2421}
    | dict.fromkeys((*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD)
    | dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)  # half a pair, which no terminal can be sent
)


def harmless(text: str) -> str:
    """``text`` with a visible sign in place of every character that a terminal would obey."""
    return text.translate(_ORDERS)


def echo(text: str, *, err: bool = False) -> None:
    typer.echo(harmless(text), err=err)
