"""What documents and questions hold gives the terminal no orders."""

from __future__ import annotations

import json

import pytest
from rich.text import Text

from assistant.cli.output import console, emit_json, table
from assistant.cli.terminal import echo, harmless

NASTY = "茶\x1b]0;x\x07\x1b[2J\x9b31m\r\x7f\u202e壶\ud83d"


def obeyed(text: str) -> set[str]:
    return set(text) & set("\x1b\x07\x9b\r\x7f\u202e\ud83d")


def test_every_way_of_printing_shows_and_does_not_obey(capsys: pytest.CaptureFixture[str]) -> None:
    out = console()
    out.print(NASTY, markup=False)
    out.print(Text(NASTY, "bold"))
    out.print(table(["一", NASTY], [[NASTY, None]], title=NASTY))
    console(stderr=True).print(NASTY)
    echo(NASTY)
    echo(NASTY, err=True)
    shown = capsys.readouterr()
    assert not obeyed(shown.out + shown.err)
    assert shown.out.count("茶␛]0;x␇␛[2J") >= 3 and "壶" in shown.err


def test_what_is_harmless_stays() -> None:
    assert harmless("第一条\t补贴\n🍵") == "第一条\t补贴\n🍵"


def test_json_stays_json_and_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    emit_json({"text": NASTY})
    shown = capsys.readouterr().out
    assert not obeyed(shown)
    assert json.loads(shown)["text"] == NASTY
