"""``assistant doctor``: what works, what does not, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from assistant.cli.output import console, emit_json
from assistant.errors import IndexDamagedError
from assistant.settings import get_settings
from assistant.store.health import check_all, repair

_MARKS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "failed": ("✗", "red")}


def doctor(
    fix: Annotated[
        bool, typer.Option("--repair", help="由目录库重建向量库和词语索引；目录库损坏时由来源重建")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON")] = False,
) -> None:
    """检查安装、索引、编码器和大模型设置，并说明怎么处理。有一项不合格时退出码为 4。"""
    settings = get_settings()
    if fix:
        made = repair(settings)
        typer.echo(f"已重建：{made.folder.name}，{made.counts['chunks']} 个片段", err=True)
    checks = check_all(settings)
    if as_json:
        emit_json([asdict(check) for check in checks])
    else:
        out = console()
        for check in checks:
            mark, colour = _MARKS[check.verdict]
            out.print(Text.assemble((mark, colour), f" {check.name}：{check.message}"))
            if check.next_step:
                out.print(Text(f"    → {check.next_step}"))
    if any(check.verdict == "failed" for check in checks):
        raise typer.Exit(IndexDamagedError.exit_code)
