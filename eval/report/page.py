"""The report: one HTML file that needs nothing else, and the same figures as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

from assistant.errors import BadInputError
from eval import runs
from eval.comparison import Comparison, compare
from eval.dataset import DatasetError
from eval.report import charts, sections
from eval.report.questions import question_entry
from eval.runs import Run
from eval.scoring import mean
from eval.tables import intervals

_HERE = Path(__file__).parent


def summary(run: Run) -> dict[str, Any]:
    """Figures of the run for other programs: intervals, slices, manifest."""
    by_slice: dict[str, dict[str, Any]] = {}
    for key in sections.SLICES:
        groups: dict[str, Any] = {}
        for name in sorted({row.slices[key] for row in run.rows}):
            members = [row for row in run.rows if row.slices[key] == name]
            figures = {metric: mean(members, metric) for metric in sections.SLICE_COLUMNS}
            groups[name] = {"n": len(members)} | {k: v for k, v in figures.items() if v is not None}
        by_slice[key] = groups
    return {
        "name": run.name,
        "n": len(run.rows),
        "metrics": {name: asdict(interval) for name, interval in intervals(run.rows).items()},
        "aurc": charts.risk_coverage(run.rows)[1],
        "slices": by_slice,
        "manifest": dict(run.manifest),
        "wrong": [row.question.id for row in run.rows if not row.correct],
    }


def write_summary(run: Run) -> Path:
    path = run.folder / "summary.json"
    runs.write_json(path, summary(run))
    return path


def previous_of(run: Run) -> Run | None:
    """The run of the same name before this one, if it was kept."""
    folder = runs.previous_folder(run.folder)
    if not runs.read_manifest(folder):
        return None
    try:
        return runs.load_run(folder)
    except (DatasetError, BadInputError):  # its questions are gone or it is incomplete
        return None


def write_report(
    run: Run,
    against: Run | None = None,
    out: Path | None = None,
    beside: Sequence[Run] = (),
) -> Path:
    """Write ``report.html`` into the run's folder, or ``out``.

    Args:
        against: the run to show differences to; by default the previous one of that name.
        beside: other systems' runs on the same questions.
    """
    other = against or previous_of(run)
    comparison = compare(other, run) if other else None
    path = out or run.folder / "report.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html(run, comparison, beside), encoding="utf-8")
    return path


def html(run: Run, comparison: Comparison | None = None, beside: Sequence[Run] = ()) -> str:
    """The page as one string; everything that systems or users said is escaped."""
    before = {row.question.id: row for row in comparison.a.rows} if comparison else {}
    wrong_first = sorted(run.rows, key=lambda row: row.correct)
    entries = "".join(question_entry(row, before.get(row.question.id)) for row in wrong_first)
    risk, _ = charts.risk_coverage(run.rows)
    figures = charts.recall_curve(run.rows) + risk
    figures += charts.refusal_calibration(run.rows) + charts.latency_curve(run.rows)
    wrong = sum(not row.correct for row in run.rows)
    parts = [
        ("figures", "总成绩", sections.tiles(run) + sections.headline(run)),
        ("beside", "与其他系统并列", sections.beside(run, beside) if beside else ""),
        ("changes", "与上次相比", sections.differences(comparison) if comparison else ""),
        ("charts", "图", f'<div class="charts">{figures}</div>'),
        ("slices", "分组", _few_note() + sections.slices(run.rows)),
        ("questions", f"逐题（{wrong} 题未答对）", _filters(run) + entries),
        ("provenance", "依据", sections.provenance(run)),
        ("definitions", "指标定义", sections.definitions()),
    ]
    shown = [(key, title, body) for key, title, body in parts if body]
    nav = "".join(f'<a href="#{key}">{escape(title)}</a>' for key, title, _ in shown)
    body = "".join(
        f'<section id="{key}"><h2>{escape(title)}</h2>{content}</section>'
        for key, title, content in shown
    )
    return (
        "<!doctype html><html lang=zh-CN><head><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width,initial-scale=1">'
        f"<title>评测报告 · {escape(run.name)}</title><style>{_asset('style.css')}</style></head>"
        f"<body><header><h1>评测报告</h1><p>{escape(_subtitle(run))}</p><nav>{nav}</nav></header>"
        f"<main>{body}</main><script>{_asset('behaviour.js')}</script></body></html>"
    )


def _subtitle(run: Run) -> str:
    data = "、".join(run.manifest["datasets"])
    when = str(run.manifest.get("finished") or run.manifest["started"])[:16].replace("T", " ")
    return f"{run.name} · 题库 {data} · {len(run.rows)} 题 · {when} UTC"


def _few_note() -> str:
    return f"<p class=note>浅色的行不足 {sections.FEW} 题，仅供参考。</p>"


def _filters(run: Run) -> str:
    sets = sorted({row.question.set for row in run.rows})
    options = "".join(
        f'<option value="{name}">{escape(sections.WORDS["set"].get(name, name))}</option>'
        for name in sets
    )
    return (
        '<form class="filters" id="filters">'
        "<label>结果 <select name=ok><option value=0 selected>未答对</option>"
        "<option value=1>答对</option><option value=''>全部</option></select></label>"
        f"<label>组 <select name=set><option value=''>全部</option>{options}</select></label>"
        "<label><input type=checkbox name=changed> 只看变化</label>"
        "<label class=wide>查找 "
        "<input type=search name=text placeholder='题号、提问或回答'></label>"
        '<output id="shown"></output></form>'
    )


def _asset(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
