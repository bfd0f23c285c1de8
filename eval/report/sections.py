"""The figures of the report: headline, differences, slices, provenance, definitions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from eval.comparison import Change, Comparison, compare
from eval.dataset import SETS
from eval.metrics.catalogue import HEADLINE, METRICS, SLICE_COLUMNS
from eval.report.svg import whisker
from eval.runs import Run
from eval.scoring import Scored, mean, values
from eval.tables import intervals, signed

RARE = 4  # questions; kinds with fewer are shown together
FEW = 30  # questions; below, a figure says little

SLICES = {
    "set": "按组",
    "training": "按文件冷热",
    "place": "按市区",
    "style": "按文风",
    "kind": "按题型",
}
WORDS = {
    "set": {name: f"{name} {title}" for name, title in SETS.items()},
    "training": {"hot": "有训练问题的文件", "cold": "没有训练问题的文件"},
    "style": {
        "plain": "口语",
        "staff": "公文",
        "terse": "关键词",
        "typo": "错别字",
        "attack": "攻击",
    },
    "place": {"市": "市级", "区": "区级", "区+市": "市区都有", "无": "语料未载"},
    "kind": {
        "subsidy": "补贴", "validity": "效力", "procedure": "办理", "eligibility": "条件",
        "number": "数值", "list": "列举", "deadline": "期限", "profile": "企业画像",
        "out_of_domain": "无关", "other_region": "外省市", "other_district": "未收录区",
        "not_in_corpus": "未收录", "feedback": "反馈",
        "penalty": "处罚", "responsible": "责任部门", "compare": "比较", "definition": "定义",
    },
}  # fmt: skip


def tiles(run: Run) -> str:
    shown = intervals(run.rows, ("correct", "sound", "recall@5", "number_faithfulness"))
    cells = []
    for name, interval in shown.items():
        low, high = interval.low, interval.high
        cells.append(
            f'<div class="tile"><span>{escape(METRICS[name].title)}</span>'
            f"<strong>{interval.mean:.1%}</strong>{whisker(interval.mean, low, high)}"
            f"<small>95% 区间 {low:.1%} – {high:.1%}，{interval.n} 题</small></div>"
        )
    return f'<div class="tiles">{"".join(cells)}</div>'


def headline(run: Run) -> str:
    """All metrics with their intervals, by group."""
    rows = []
    group = ""
    for name, interval in intervals(run.rows).items():
        metric = METRICS[name]
        if metric.group != group:
            group = metric.group
            rows.append(f'<tr class="group"><th colspan="6">{group}</th></tr>')
        bar = whisker(interval.mean, interval.low, interval.high) if metric.unit == "share" else ""
        arrow = {"higher": "", "lower": " ↓", None: ""}[metric.better]
        strong = ' class="key-figure"' if name in HEADLINE else ""
        rows.append(
            f'<tr{strong}><th title="{escape(metric.meaning)}">{escape(metric.title)}'
            f"<small>{arrow}</small></th><td class=num>{metric.show(interval.mean)}</td>"
            f"<td class=num>{metric.show(interval.low)} – {metric.show(interval.high)}</td>"
            f"<td class=rail>{bar}</td><td class=num>{interval.n}</td>"
            f"<td class=meaning>{escape(metric.meaning)}</td></tr>"
        )
    note = "<p class=note>↓ 越低越好；加粗的是主要指标。</p>"
    return note + _scrolling(
        "<table class=headline><thead><tr><th>指标</th><th class=num>均值</th>"
        "<th class=num>95% 区间</th><th class=rail></th><th class=num>题数</th>"
        "<th class=meaning></th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def differences(comparison: Comparison) -> str:
    words = {"better": "变好", "worse": "变差", "even": "无显著差别"}
    rows = []
    for line in comparison.lines:
        d, metric = line.difference, line.metric
        p = f"{line.p_holm:.3f}" if line.p_holm is not None else f"({d.p:.3f})"
        rows.append(
            f'<tr class="{line.verdict}"><th>{escape(metric.title)}</th>'
            f"<td class=num>{metric.show(d.mean_a)}</td><td class=num>{metric.show(d.mean_b)}</td>"
            f"<td class=num>{signed(metric, d.mean)}</td>"
            f"<td class=num>{signed(metric, d.low)} 至 {signed(metric, d.high)}</td>"
            f"<td class=num>{p}</td><td class=num>{d.better} / {d.worse}</td>"
            f"<td class=verdict>{words[line.verdict]}</td></tr>"
        )
    table = _scrolling(
        "<table><thead><tr><th>指标</th><th class=num>先前</th><th class=num>本次</th>"
        "<th class=num>差</th><th class=num>95% 区间</th><th class=num>p</th>"
        "<th class=num>升 / 降</th><th>判断</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
    note = (
        f"<p class=note>与 {escape(comparison.a.name)} 比较，只计两次都问过的题；"
        "区间为配对自助抽样，p 为配对置换检验（括号内未经 Holm 校正）；"
        "区间不含 0 且 p < 0.05 才算变好或变差。</p>"
    )
    return (
        note
        + table
        + _changes("由错变对", comparison.gained)
        + _changes("由对变错", comparison.lost)
    )


def beside(run: Run, others: Sequence[Run]) -> str:
    """This run and other systems on the same questions; ▲ ▼ where the difference is sure."""
    columns = [(other, compare(other, run)) for other in others]
    head = "".join(f"<th class=num>{escape(other.name)}</th>" for other in (run, *others))
    rows = []
    for name, interval in intervals(run.rows, HEADLINE).items():
        metric = METRICS[name]
        cells = f"<td class=num><b>{metric.show(interval.mean)}</b></td>"
        for other, comparison in columns:
            if name in other.out_of_reach:
                cells += "<td class=num>–</td>"
                continue
            line = next((x for x in comparison.lines if x.metric.name == name), None)
            sign = {"better": "▲", "worse": "▼"}.get(line.verdict, "") if line else ""
            value = metric.show(mean(other.rows, name))
            tone = f' class="num {line.verdict}"' if line and sign else " class=num"
            cells += f"<td{tone}>{value} <small>{sign}</small></td>"
        rows.append(f"<tr><th>{escape(metric.title)}</th>{cells}</tr>")
    note = f"<p class=note>▲ {escape(run.name)} 明显更好，▼ 明显更差（按题配对比较）。</p>"
    return note + _scrolling(
        f"<table><thead><tr><th>指标</th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _changes(title: str, changes: Sequence[Change]) -> str:
    if not changes:
        return f"<p>{title}：没有。</p>"
    links = "".join(
        f'<li><a href="#q-{escape(c.after.question.id)}">{escape(c.after.question.id)}</a> '
        f"{escape(c.after.question.question[:50])}</li>"
        for c in changes
    )
    head = f"<summary>{title}：{len(changes)} 题</summary>"
    return f"<details class=changes>{head}<ul>{links}</ul></details>"


def slices(rows: Sequence[Scored]) -> str:
    return "".join(_slice(rows, key, title) for key, title in SLICES.items())


def _slice(rows: Sequence[Scored], key: str, title: str) -> str:
    groups: dict[str, list[Scored]] = {}
    for row in rows:
        groups.setdefault(row.slices[key], []).append(row)
    rare = [name for name, members in groups.items() if len(members) < RARE and key == "kind"]
    if len(rare) > 1:
        groups[f"其余 {len(rare)} 种"] = [row for name in rare for row in groups.pop(name)]
    columns = [name for name in SLICE_COLUMNS if values(rows, name)]
    head = "".join(f"<th class=num>{escape(METRICS[name].title)}</th>" for name in columns)
    order = sorted(
        groups.items(),
        key=lambda g: (g[0].startswith("其余"), g[0] if key == "set" else "", -len(g[1])),
    )
    body = []
    for name, members in order:
        few = ' class="few"' if len(members) < FEW else ""
        title_cell = f"<th>{escape(WORDS.get(key, {}).get(name, name))}</th>"
        cells = "".join(_cell(members, column) for column in columns)
        body.append(f"<tr{few}>{title_cell}<td class=num>{len(members)}</td>{cells}</tr>")
    return f"<h3>{title}</h3>" + _scrolling(
        f"<table class=slice><thead><tr><th></th><th class=num>题数</th>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table>"
    )


def _cell(rows: Sequence[Scored], name: str) -> str:
    metric, value = METRICS[name], mean(rows, name)
    shade = ""
    if value is not None and metric.unit == "share" and metric.better:
        good = value if metric.better == "higher" else 1 - value
        shade = f' style="--good:{good:.2f}"'
    return f"<td class=num{shade}>{metric.show(value)}</td>"


def provenance(run: Run) -> str:
    manifest = run.manifest
    system = dict(manifest.get("system", {}))
    rows = {
        "题库": f"{'、'.join(manifest['datasets'])}（sha256 {manifest['dataset_sha256'][:12]}）",
        "选题": json.dumps(manifest.get("selection", {}), ensure_ascii=False),
        "被测系统": manifest["endpoint"],
        **{f"系统 · {key}": value for key, value in system.items()},
        "代码版本": manifest.get("commit") or "–",
        "开始": manifest["started"],
        "结束": manifest.get("finished") or "未完成",
        "随机种子": manifest["seed"],
        "软件版本": "，".join(f"{k} {v}" for k, v in manifest.get("versions", {}).items()),
    }
    body = "".join(
        f"<tr><th>{escape(key)}</th><td>{escape('–' if value is None else str(value))}</td></tr>"
        for key, value in rows.items()
    )
    return _scrolling(f"<table class=facts>{body}</table>")


def definitions() -> str:
    body = "".join(
        f"<tr><th>{escape(m.title)}<small> {escape(m.name)}</small></th>"
        f"<td>{escape(m.meaning)}</td></tr>"
        for m in METRICS.values()
    )
    return _scrolling(f"<table class=facts>{body}</table>")


def _scrolling(table: str) -> str:
    return f'<div class="scroll" tabindex="0">{table}</div>'
