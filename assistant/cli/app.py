"""The command group: finds subcommands by name and turns errors into messages and exit codes.

Exit codes: 0 done; 1 unexpected error; 2 wrong usage, input or setting; 3 no index; 4 index
damaged or built with another encoder; 5 another ingest is running; 6 a source cannot be taken in;
7 no such document or label; 8 the LLM failed; 130 interrupted.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from assistant.cli.terminal import echo
from assistant.errors import AssistantError

log = logging.getLogger(__name__)

PLUGINS = "assistant.commands"  # entry points of the packages above this one
# name → where the command is, and what `--help` says about it without importing it
COMMANDS: dict[str, tuple[str, str]] = {
    "ask": ("assistant.cli.ask:ask", "提问，回答附条款出处（--batch 批量）"),
    "chat": ("assistant.cli.chat:chat", "在终端里连续对话"),
    "match": ("assistant.cli.match:match", "按企业情况查找适用的政策条款"),
    "check": ("assistant.cli.check:run_check", "把一条政策的条件逐项对照一家企业，可打印"),
    "ingest": ("assistant.cli.ingest:ingest", "把政策文件入库（增量；原有索引一直可用）"),
    "docs": ("assistant.cli.docs:docs", "列出已入库的文件和有效期"),
    "show": ("assistant.cli.show:show", "查看一份文件或其中一条"),
    "diff": ("assistant.cli.diff:diff", "逐条比较两份文件"),
    "export": ("assistant.cli.export:export", "导出解析结果（JSON Lines）"),
    "doctor": ("assistant.cli.doctor:doctor", "检查安装、索引和设置（--repair 修复向量库）"),
}
_PLUGIN_HELP = {
    "serve": "打开网页问答和 HTTP 接口",
    "eval": "在问题集上评测",
}
_UsageError: Any = typer.BadParameter.__base__  # Typer exports only this subclass of it
_INTERRUPTED = 130


class LazyGroup(TyperGroup):
    """Imports a subcommand when it is called; ``--help`` imports none of them."""

    _listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        return [*COMMANDS, *(point.name for point in _plugins())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if self._listing:
            known = COMMANDS.get(cmd_name)
            about = known[1] if known else _PLUGIN_HELP.get(cmd_name, "插件命令")
            return TyperCommand(cmd_name, help=about)
        if cmd_name in COMMANDS:
            module, _, name = COMMANDS[cmd_name][0].partition(":")
            return _as_command(cmd_name, getattr(import_module(module), name))
        for point in _plugins():
            if point.name == cmd_name:
                return _as_command(cmd_name, point.load())
        return None

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self._listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._listing = False


app = typer.Typer(
    cls=LazyGroup,
    name="assistant",
    help="上海营商环境政策问答：回答附文件号和条款，注明是否有效。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="退出码：0 完成；2 用法、输入或设置有误；3 没有索引；4 索引损坏或不匹配；5 正在入库；"
    "6 有来源未能入库；7 没有该文件或条款；8 大模型不可用；1 其他错误。",
)


@app.callback()
def _root(
    verbose: bool = typer.Option(False, "--verbose", "-v", help="在标准错误输出运行日志"),
) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.CRITICAL,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
        stream=sys.stderr,
    )


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (default: that of the process) and return its exit code."""
    try:
        code = app(arguments, standalone_mode=False, prog_name="assistant")
    except AssistantError as error:
        echo(f"错误：{error.message}", err=True)
        if error.next_step:
            echo(f"下一步：{error.next_step}", err=True)
        return error.exit_code
    except _UsageError as error:
        echo(f"用法错误：{error.format_message()}", err=True)
        echo("下一步：请用 assistant 命令 --help 查看用法", err=True)
        return 2
    except (typer.Abort, KeyboardInterrupt):
        echo("已中断", err=True)
        return _INTERRUPTED
    except BrokenPipeError:
        # the reader of our output (head, less) is gone; nothing is left to be flushed at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the outermost edge: users get a sentence, the log the traceback
        log.exception("unexpected")
        echo(f"错误：程序内部出错（{type(error).__name__}: {error}）", err=True)
        echo("下一步：请用 assistant --verbose 重试，并把输出附在问题报告里", err=True)
        return 1
    return code if isinstance(code, int) else 0


def _plugins() -> list[EntryPoint]:
    return sorted(entry_points(group=PLUGINS), key=lambda point: point.name)


def _as_command(name: str, target: Callable[..., Any] | typer.Typer) -> Any:
    if not isinstance(target, typer.Typer):
        single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        single.command(name)(target)
        target = single
    command = typer.main.get_command(target)
    command.name = name
    return command
