"""``assistant eval …``: run, compare, gate, report, baselines, validate, promote, readme."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import BadInputError
from eval.console import console, errors_for_users, progress_bar, run_folder, runs_folder

if TYPE_CHECKING:
    from eval.runs import Run

app = typer.Typer(help="评测：运行题库、比较结果、检查阈值、生成报告", no_args_is_help=True)

Datasets = Annotated[
    list[str] | None, typer.Option("--dataset", "-d", help="题库名或文件，可多次；默认 dev")
]
Sets = Annotated[list[str] | None, typer.Option("--set", help="只做这些组（A U M P T），可多次")]
Folder = Annotated[Path | None, typer.Option("--runs", help="评测结果的目录；默认在状态目录下")]
Target = Annotated[
    str,
    typer.Option(
        "--endpoint",
        "-e",
        help="被测系统：assistant（本进程）、http://主机:端口、file:回答.jsonl、adapter:适配.py",
    ),
]
Mode = Annotated[str, typer.Option(help="本系统的回答方式：extractive 或 llm")]


@app.command()
def run(
    endpoint: Target = "assistant",
    mode: Mode = "extractive",
    datasets: Datasets = None,
    sets: Sets = None,
    every: Annotated[int, typer.Option(min=1, help="每几题取一题")] = 1,
    name: Annotated[str, typer.Option(help="结果的名字；默认按被测系统")] = "",
    fresh: Annotated[bool, typer.Option("--fresh", help="不接着上次中断的结果做")] = False,
    folder: Folder = None,
    report: Annotated[bool, typer.Option(help="生成 HTML 报告")] = True,
) -> None:
    """把题库里的题问一遍并评分；中断后再运行会接着做。"""
    from eval import runner, tables
    from eval.endpoints import open_endpoint

    with errors_for_users():
        plan = runner.Plan(tuple(datasets or ("dev",)), tuple(sets or ()), every)
        system = open_endpoint(endpoint, mode)
        target = runs_folder(folder) / (name or system.name)
        with progress_bar(f"评测 {system.name}") as progress:
            done = runner.run(plan, system, target, fresh=fresh, progress=progress)
        console.print(tables.headline_table(done), tables.sets_table(done))
        _finish(done, report)


def _finish(done: Run, with_report: bool) -> None:
    from eval.report import write_report, write_summary

    write_summary(done)
    console.print(f"结果：{done.folder}", highlight=False, soft_wrap=True)
    if with_report:
        console.print(f"报告：{write_report(done)}", highlight=False, soft_wrap=True)


@app.command()
def compare(
    a: Annotated[str, typer.Argument(help="先前的结果（名字或目录）")],
    b: Annotated[str, typer.Argument(help="新的结果")],
    folder: Folder = None,
    shown: Annotated[int, typer.Option("--show", help="列出多少道变化的题")] = 20,
) -> None:
    """比较两次评测：配对自助区间、置换检验，以及逐题的变好与变差。"""
    from eval import tables
    from eval.comparison import compare as compare_runs
    from eval.runs import load_run

    with errors_for_users():
        found = compare_runs(load_run(run_folder(a, folder)), load_run(run_folder(b, folder)))
        if not found.lines:
            raise BadInputError("两次评测没有相同的题")
        console.print(tables.comparison_table(found))
        for title, changes in (("变差", found.lost), ("变好", found.gained)):
            console.print(f"\n[bold]{title}：{len(changes)} 题[/]")
            for change in changes[:shown]:
                question = change.after.question
                line = f"  {question.id}  {question.question[:50]}"
                console.print(line, markup=False, highlight=False, soft_wrap=True)


@app.command()
def gate(
    name: Annotated[str, typer.Argument(help="已有的结果；不写则现在运行")] = "",
    profile: Annotated[str, typer.Option(help="阈值文件里的哪一套：fast 或 full")] = "fast",
    thresholds: Annotated[Path | None, typer.Option(help="阈值文件")] = None,
    endpoint: Target = "assistant",
    mode: Mode = "extractive",
    datasets: Datasets = None,
    folder: Folder = None,
) -> None:
    """未达到阈值时以非零状态退出，供持续集成使用。"""
    from eval import gate as gates
    from eval import runner, tables
    from eval.endpoints import open_endpoint
    from eval.runs import load_run

    with errors_for_users():
        wanted = gates.load_profile(profile, thresholds or gates.THRESHOLDS)
        if name:
            done = load_run(run_folder(name, folder))
        else:
            plan = runner.Plan(tuple(datasets or ("dev",)), wanted.sets, wanted.every)
            system = open_endpoint(endpoint, mode)
            target = runs_folder(folder) / f"gate-{profile}"
            with progress_bar(f"检查 {system.name}") as progress:
                done = runner.run(plan, system, target, fresh=True, progress=progress)
        checked = gates.check(wanted, done.rows)
        console.print(tables.gate_table(checked))
        if not all(row.passed for row in checked):
            raise typer.Exit(1)


@app.command()
def report(
    name: Annotated[str, typer.Argument(help="哪次结果")] = "extractive",
    against: Annotated[str, typer.Option(help="与哪次结果比较；默认上一次")] = "",
    folder: Folder = None,
    beside: Annotated[
        list[str] | None, typer.Option("--beside", help="并列的结果，如各基线，可多次")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="写到哪个文件")] = None,
) -> None:
    """从已有的结果生成 HTML 报告。"""
    from eval.report import write_report
    from eval.runs import load_run

    with errors_for_users():
        done = load_run(run_folder(name, folder))
        other = load_run(run_folder(against, folder)) if against else None
        others = [load_run(run_folder(each, folder)) for each in beside or ()]
        path = write_report(done, other, out, others)
        console.print(f"报告：{path}", highlight=False, soft_wrap=True)


@app.command()
def validate(
    datasets: Annotated[list[str] | None, typer.Argument(help="题库名或文件；默认 dev")] = None,
    sources: Annotated[
        Path | None, typer.Option(help="还要在这个目录的原文里查找每一处引文")
    ] = None,
    training: Annotated[
        Path | None, typer.Option(help="还要找出与这个文件里的训练问题几乎相同的题")
    ] = None,
) -> None:
    """检查题库的写法；有误时指出行与字段。"""
    from eval.contamination import near_copies, training_questions
    from eval.dataset import load
    from eval.quotes import missing_quotes

    with errors_for_users():
        data = load(tuple(datasets or ("dev",)), strict=True)
        console.print(f"{data.name}：{len(data.questions)} 题，写法无误")
        if training is not None:
            copies = near_copies(data, training_questions(training))
            for copy in copies:
                line = f"{copy.id} {copy.likeness:.2f} {copy.question} ＝ {copy.trained}"
                console.print(line, markup=False)
            console.print(f"与训练问题几乎相同：{len(copies)} 题")
        if sources is not None:
            missing = missing_quotes(data, sources)
            for line in missing:
                console.print(line, markup=False)
            console.print(f"原文里找不到的引文：{len(missing)} 处")
            if missing:
                raise typer.Exit(1)


@app.command()
def readme(
    name: Annotated[str, typer.Argument(help="哪次结果")] = "extractive",
    beside: Annotated[
        list[str] | None, typer.Option("--beside", help="并列的结果，如各基线，可多次")
    ] = None,
    path: Annotated[Path, typer.Option(help="写进哪个文件")] = Path("README.md"),
    folder: Folder = None,
) -> None:
    """把当前成绩写进 README 的标记之间。"""
    from eval import tables
    from eval.runs import load_run

    with errors_for_users():
        others = [load_run(run_folder(other, folder)) for other in beside or ()]
        content = tables.readme_table(load_run(run_folder(name, folder)), others)
        changed = tables.write_between_marks(path, content)
        console.print(f"{path}：{'已更新' if changed else '没有变化'}")


@app.command()
def baselines(
    names: Annotated[list[str] | None, typer.Argument(help="哪几个；默认全部")] = None,
    datasets: Datasets = None,
    sets: Sets = None,
    every: Annotated[int, typer.Option(min=1, help="每几题取一题")] = 1,
    encoder: Annotated[str, typer.Option(help="通用编码器的目录或名字；默认用本机缓存里的")] = "",
    against: Annotated[str, typer.Option(help="与哪次结果并列")] = "extractive",
    folder: Folder = None,
) -> None:
    """用现成部件搭的通用做法回答同一批题，用同一套评分。"""
    from assistant.settings import get_settings
    from eval import runner, runs, tables
    from eval.baselines.passages import MissingPartError
    from eval.baselines.systems import BASELINES, open_baseline
    from eval.report import write_report

    with errors_for_users():
        wanted = names or list(BASELINES)
        if unknown := [name for name in wanted if name not in BASELINES]:
            known = "、".join(BASELINES)
            raise BadInputError(f"没有这样的基线：{'、'.join(unknown)}", f"可选：{known}")
        plan = runner.Plan(tuple(datasets or ("dev",)), tuple(sets or ()), every)
        done: list[runs.Run] = []
        for name in wanted:
            try:
                system = open_baseline(name, get_settings().sources, encoder)
            except MissingPartError as error:
                console.print(f"跳过 {name}：{error}", markup=False)
                continue
            target = runs_folder(folder) / name
            with progress_bar(name) as progress:
                done.append(runner.run(plan, system, target, fresh=True, progress=progress))
            _finish(done[-1], True)
        ours = run_folder(against, folder)
        if runs.read_manifest(ours):
            run = runs.load_run(ours)
            path = write_report(run, beside=done)
            console.print(f"并列报告：{path}", highlight=False, soft_wrap=True)
            done.insert(0, run)
        if done:
            console.print(tables.side_by_side(done))


@app.command()
def promote(
    export: Annotated[Path | None, typer.Option(help="把用户反馈写成待审文件")] = None,
    accept: Annotated[Path | None, typer.Option(help="收入审阅过的文件")] = None,
    into: Annotated[Path | None, typer.Option(help="收入哪个题库；默认 feedback")] = None,
    thumb: Annotated[str, typer.Option(help="只要 up 或 down；默认都要")] = "",
    store: Annotated[Path | None, typer.Option(help="反馈库；默认在状态目录下")] = None,
) -> None:
    """把用户反馈变成题目：先导出待审，人工改定后再收入。"""
    from assistant.settings import get_settings
    from eval import feedback
    from eval.dataset import FOLDER

    with errors_for_users():
        if (export is None) == (accept is None):
            raise BadInputError("请写 --export 或 --accept 其中之一")
        if export is not None:
            path = store or get_settings().state / "feedback.sqlite"
            count = feedback.export(feedback.read_feedback(path, thumb or None), export)
            console.print(f"{export}：{count} 条待审")
            console.print("请改好 draft，并把 review 设为 accepted 或 rejected")
        if accept is not None:
            done = feedback.accept(accept, into or FOLDER / "feedback.jsonl")
            console.print(
                f"收入 {len(done.added)} 题，已有 {done.already}，未采纳 {done.rejected}，"
                f"待审 {done.pending}"
            )
