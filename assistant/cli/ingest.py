"""``assistant ingest``: sources → index, with progress, a summary and the account of characters."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from assistant.cli.output import console, emit_json, table
from assistant.errors import SourceError, SourcesGoneError
from assistant.settings import get_settings
from assistant.store.build import IngestReport
from assistant.store.build import ingest as build

_STATES = (("added", "新增"), ("changed", "更新"), ("unchanged", "未变"), ("removed", "移除"))


def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="文件或目录，加入已有来源；不填则为 data/sources"),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="全部重新解析和编码；给出路径时索引只含这些路径")
    ] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="移除已不见或清空的来源目录的文件，不再询问")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
) -> None:
    """把政策文件入库：增量更新，完成之前原有索引继续回答。

    支持 .txt .md .html .docx .pdf；删除或替换的来源，其条款随之移除或更新。
    个别文件无法读取时，其余照常入库，退出码为 6。
    """
    try:
        report = _with_progress(paths or [], rebuild, forget)
    except SourcesGoneError as error:
        if as_json or not sys.stdin.isatty() or not typer.confirm(f"{error}\n从索引中移除？"):
            raise
        report = _with_progress(paths or [], rebuild, forget=True)
    if as_json:
        emit_json(asdict(report))
    else:
        _print(report)
    if report.failed:
        raise typer.Exit(SourceError.exit_code)


def _with_progress(paths: list[Path], rebuild: bool, forget: bool) -> IngestReport:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console(stderr=True)) as bars:
        tasks: dict[str, int] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        return build(get_settings(), paths, rebuild=rebuild, forget=forget, progress=progress)


def _print(report: IngestReport) -> None:
    out = console()
    states = {name: word for field, word in _STATES for name in getattr(report, field)}
    rows = []
    for name, account in report.accounts.items():
        kept, dropped = account.get("kept", {}), account.get("dropped", {})
        own = sum(kept.values()) - kept.get("条款", 0)
        why = "、".join(f"{reason} {n}" for reason, n in dropped.items())
        state = "失败" if name in report.failed else states[name]
        lost = account.get("missing", 0) + account.get("doubled", 0)
        rows.append([name, state, account.get("total", 0), kept.get("条款", 0), own])
        rows[-1] += [sum(dropped.values()), why, lost]
    rows += [[name, "移除", *[None] * 6] for name in report.removed]
    columns = ["来源", "状态", "字符", "条款", "文件其他", "略去", "略去原因", "去向不明"]
    out.print(table(columns, rows))
    for name, why in report.failed.items():
        out.print(f"未能入库 {name}：{why}", style="red", markup=False)
    for name, account in report.accounts.items():
        for warning in account.get("warnings", ()):
            out.print(f"注意 {name}：{warning}", style="yellow", markup=False)
    for note in report.notes:
        out.print(note, markup=False)
    counts = report.counts
    out.print(
        f"共 {counts.get('documents', 0)} 份文件、{counts.get('measures', 0)} 条条款、"
        f"{counts.get('own_text', 0)} 段其他正文、{counts.get('facts', 0)} 项事实、"
        f"{counts.get('relations', 0)} 条文件关系；{counts.get('chunks', 0)} 个片段"
        f"（本次编码 {report.encoded} 个）。",
        markup=False,
    )
    done = "索引已更新" if report.published else "没有变化，索引保持原样"
    out.print(f"{done}：{report.generation}，用时 {report.seconds:.1f} 秒。", markup=False)
