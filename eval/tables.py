"""Figures as tables: for the terminal, and as Markdown for the README."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.table import Table

from assistant.errors import BadInputError
from eval.comparison import Comparison
from eval.dataset import SETS
from eval.gate import Checked
from eval.metrics.catalogue import HEADLINE, METRICS, Metric
from eval.runs import Run
from eval.scoring import Scored, values
from eval.statistics import Interval, bootstrap

BEGIN, END = "<!-- eval:begin -->", "<!-- eval:end -->"
_RESAMPLES = 10_000


def intervals(rows: Sequence[Scored], metrics: Iterable[str] = METRICS) -> dict[str, Interval]:
    """Mean and 95 % interval of every metric that applies to some row."""
    found = ((name, values(rows, name)) for name in metrics)
    return {name: bootstrap(given, resamples=_RESAMPLES) for name, given in found if given}


def spread(metric: Metric, interval: Interval) -> str:
    """``0.712 [0.650, 0.770]``"""
    low, high = metric.show(interval.low), metric.show(interval.high)
    return f"{metric.show(interval.mean)} [{low}, {high}]"


def headline_table(run: Run) -> Table:
    table = Table(title=f"{run.name}：{len(run.rows)} 题", title_justify="left")
    for heading in ("指标", "均值 [95% 区间]", "题数", "含义"):
        table.add_column(heading)
    for name, interval in intervals(run.rows, HEADLINE).items():
        metric = METRICS[name]
        table.add_row(metric.title, spread(metric, interval), str(interval.n), metric.meaning)
    return table


def sets_table(run: Run) -> Table:
    """Correct answers by set."""
    table = Table(title="各组答对率", title_justify="left")
    for heading in ("组", "题数", "答对 [95% 区间]", "答对且可靠"):
        table.add_column(heading)
    for name in sorted({row.question.set for row in run.rows}):
        rows = [row for row in run.rows if row.question.set == name]
        shown = intervals(rows, ("correct", "sound"))
        table.add_row(
            f"{name} {SETS.get(name, '')}",
            str(len(rows)),
            spread(METRICS["correct"], shown["correct"]),
            METRICS["sound"].show(shown["sound"].mean),
        )
    return table


_MARK = {"better": "[green]变好[/]", "worse": "[red]变差[/]", "even": "无显著差别"}


def comparison_table(comparison: Comparison) -> Table:
    a, b = comparison.a.name, comparison.b.name
    table = Table(title=f"{b} 与 {a} 相比", title_justify="left")
    for heading in ("指标", a, b, "差 [95% 区间]", "p（校正后）", "升/降", "判断"):
        table.add_column(heading)
    for line in comparison.lines:
        d, metric = line.difference, line.metric
        table.add_row(
            metric.title,
            metric.show(d.mean_a),
            metric.show(d.mean_b),
            f"{signed(metric, d.mean)} [{signed(metric, d.low)}, {signed(metric, d.high)}]",
            f"{line.p_holm:.3f}" if line.p_holm is not None else f"({d.p:.3f})",
            f"{d.better}/{d.worse}",
            _MARK[line.verdict],
        )
    return table


def signed(metric: Metric, value: float) -> str:
    """``+0.047``, ``-11``; what rounds to nothing bears no sign."""
    shown = metric.show(abs(value))
    if float(shown.replace(",", "")) == 0:
        return shown
    return ("+" if value > 0 else "-") + shown


def gate_table(checked: Sequence[Checked]) -> Table:
    table = Table(title="阈值检查", title_justify="left")
    for heading in ("范围", "指标", "要求", "实际", "结果"):
        table.add_column(heading)
    for row in checked:
        metric = row.threshold.metric
        table.add_row(
            row.threshold.group,
            metric.title,
            row.threshold.words,
            metric.show(row.value),
            "[green]通过[/]" if row.passed else "[red]未达到[/]",
        )
    return table


def readme_table(current: Run, others: Sequence[Run] = ()) -> str:
    """The current figures with intervals, baselines beside them, as Markdown."""
    shown = [intervals(run.rows, HEADLINE) for run in (current, *others)]
    for run, figures in zip(others, shown[1:], strict=True):
        for name in run.out_of_reach:
            figures.pop(name, None)
    names = [run.name for run in (current, *others)]
    lines = [
        f"| 指标 | 题数 | {' | '.join(names)} |",
        f"|---|---|{'---|' * len(names)}",
    ]
    for name, interval in shown[0].items():
        metric = METRICS[name]
        cells = [spread(metric, interval)]
        cells += [metric.show(s[name].mean) if name in s else "–" for s in shown[1:]]
        lines.append(f"| {metric.title} | {interval.n} | {' | '.join(cells)} |")
    system = current.manifest.get("system", {})
    ground = "，".join(
        f"{title} `{value}`"
        for title, value in (
            ("代码", current.manifest.get("commit")),
            ("索引", system.get("index")),
            ("设置", system.get("settings")),
            ("题库", str(current.manifest["dataset_sha256"])[:12]),
        )
        if value
    )
    data = "+".join(current.manifest["datasets"])
    return (
        "\n".join(lines)
        + f"\n\n{len(current.rows)} 题（{data}），方括号内为按题自助抽样的 95% 区间；"
        + ("“–”：只知文件名、不知条款的做法无从得分。" if others else "")
        + f"{ground}。"
        + "由 `assistant eval readme` 生成。"
    )


def write_between_marks(path: Path, content: str) -> bool:
    """Put ``content`` between the marks of a Markdown file; whether that changed the file.

    Raises:
        BadInputError: the file or the marks are missing.
    """
    if not path.is_file():
        raise BadInputError(f"找不到 {path}")
    text = path.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise BadInputError(f"{path} 里应有一对标记 {BEGIN} 与 {END}")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    changed = f"{before}{BEGIN}\n\n{content}\n\n{END}{after}"
    if changed != text:
        path.write_text(changed, encoding="utf-8")
    return changed != text


def side_by_side(found: Sequence[Run]) -> Table:
    """Headline figures of several systems."""
    table = Table(title="并列", title_justify="left")
    table.add_column("指标")
    for run in found:
        table.add_column(run.name)
    shown = [intervals(run.rows, HEADLINE) for run in found]
    for name in HEADLINE:
        metric = METRICS[name]
        cells = [
            spread(metric, each[name]) if name in each and name not in run.out_of_reach else "–"
            for run, each in zip(found, shown, strict=True)
        ]
        table.add_row(metric.title, *cells)
    return table
