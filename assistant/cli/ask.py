"""``assistant ask``: one question, or a batch of them."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from assistant.answer.words import words
from assistant.cli.output import emit_json
from assistant.cli.terminal import echo
from assistant.errors import BadInputError
from assistant.records import Answer


def ask(
    question: Annotated[str | None, typer.Argument(help="要问的问题")] = None,
    district: Annotated[str | None, typer.Option(help="所在的区，例如 徐汇区")] = None,
    as_of: Annotated[str | None, typer.Option(help="按哪一天判断是否有效，YYYY-MM-DD")] = None,
    json_: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
    batch: Annotated[Path | None, typer.Option(help="批量：每行一个 JSON 问题的文件")] = None,
    out: Annotated[Path | None, typer.Option(help="批量结果写到哪里（默认标准输出）")] = None,
) -> None:
    """提问：回答附文件号和条款，注明是否有效。"""
    from assistant.ask import Assistant

    if batch is not None:
        if question:
            raise BadInputError("--batch 和问题不能同时给", "请只用其中一种")
        _batch(batch, out)
        return
    if not question:
        raise BadInputError("还没有输入问题", '例如 assistant ask "小微企业首次贷款有什么支持"')
    answer = Assistant.open().ask(question, district=district, as_of=as_of)
    if json_:
        from assistant.wire import answer_to_json

        emit_json(answer_to_json(answer))
    else:
        show(answer)


def show(answer: Answer) -> None:
    """An answer for people: text, then its sources with validity."""
    say = partial(words, answer.language)
    if answer.standalone_question != answer.question:
        echo(say("understood_as", text=answer.standalone_question))
    echo(answer.text)
    for citation in answer.citations:
        document, measure = citation.hit.document, citation.hit.measure
        place = measure.label or measure.part
        number = f"（{document.doc_number}）" if document.doc_number else ""
        status = say(f"shown_{citation.validity.status}")
        where = say("source", title=document.title, number=number, place=place, status=status)
        echo(f"\n[{citation.n}] {where}")
        echo(f"    {citation.quote}")
        if measure.depts:
            echo(f"    {say('in_charge', who=measure.depts)}")
        for twin in citation.hit.also_in:
            place = f"《{twin.title}》{twin.doc_number or ''} {twin.measure or ''}"
            echo(f"    {say('also_in', place=place)}")
    for term in answer.terms:
        echo(f"\n{term.name}：{term.explanation}《{term.document.title}》{term.label}")
    for note in answer.notes:
        echo(say("note", note=note), err=True)


def _batch(batch: Path, out: Path | None) -> None:
    from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

    from assistant.ask import Assistant
    from assistant.batch import BatchLine, run
    from assistant.cli.output import console

    try:
        # Only a line feed ends a line (U+2028 may stand in a text); what is no UTF-8 becomes half
        # pairs, which are refused in their own line.
        lines = batch.read_bytes().decode("utf-8-sig", "surrogateescape").split("\n")
    except OSError as error:
        raise BadInputError(f"读不到批量文件 {batch}", "请检查路径") from error
    assistant = Assistant.open()
    target = sys.stdout if out is None else _opened(out)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    with target, Progress(*columns, console=console(stderr=True)) as progress:
        task = progress.add_task("问答", total=sum(bool(line.strip()) for line in lines))

        def done(line: BatchLine) -> None:
            progress.advance(task)
            if line.error:
                progress.console.print(line.error, markup=False)

        good, bad = run(assistant, lines, target.write, done)
    echo(f"已回答 {good} 题" + (f"，{bad} 行有误" if bad else ""), err=True)
    if bad:
        raise typer.Exit(2)


def _opened(out: Path):  # type: ignore[no-untyped-def]
    try:
        return out.open("w", encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"不能写入 {out}", "请检查目录和权限") from error
