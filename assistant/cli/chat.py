"""``assistant chat``: a conversation in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.ask import show
from assistant.cli.terminal import echo
from assistant.errors import BadInputError

_LEAVE = frozenset({"退出", "再见", "exit", "quit", "q"})
_FORGET = frozenset({"重来", "新话题", "clear"})


def chat(
    district: Annotated[str | None, typer.Option(help="所在的区，例如 徐汇区")] = None,
    as_of: Annotated[str | None, typer.Option(help="按哪一天判断是否有效，YYYY-MM-DD")] = None,
) -> None:
    """在终端里连续对话：可以追问，输入「重来」换话题，「退出」结束。"""
    from assistant.ask import Assistant

    assistant = Assistant.open()
    turns: list[str] = []
    echo("请输入问题（「重来」换话题，「退出」结束）")
    while True:
        try:
            said = input("> ").strip()
        except EOFError:
            return
        if said in _LEAVE:
            return
        if said in _FORGET:
            turns.clear()
            echo("好的，请问新的问题。")
            continue
        if not said:
            continue
        try:
            answer = assistant.ask(turns=[*turns, said], district=district, as_of=as_of)
        except BadInputError as error:
            echo(str(error))
            continue
        turns.append(said)
        show(answer)
        echo("")
