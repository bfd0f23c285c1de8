"""The report's charts: recall by depth, refusal by trust, risk and coverage, latency."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from eval.metrics.evidence import place_of_enough
from eval.report.svg import Axis, Note, Series, line_chart, percent
from eval.scoring import Scored, values

_SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_DEPTH = 10
_BINS = 8


def recall_curve(rows: Sequence[Scored]) -> str:
    """Share of the questions whose evidence stands within the first k passages."""
    with_gold = [row for row in rows if row.question.gold and not row.question.gold_set]
    groups = (
        ("全部", with_gold),
        ("有训练问题的文件", [row for row in with_gold if not row.question.cold]),
        ("没有训练问题的文件", [row for row in with_gold if row.question.cold]),
    )
    series = []
    for name, members in groups:
        if members:
            places = [place_of_enough(row.question, row.prediction) for row in members]
            points = [
                (float(k), sum(p is not None and p <= k for p in places) / len(places))
                for k in range(1, _DEPTH + 1)
            ]
            series.append(Series(f"{name}（{len(members)}）", points, dots=True))
    if not series:
        return ""
    return line_chart(
        "召回随深度变化：前 k 段里有足够依据的题目比例",
        Axis("k（检索段数）", 1, _DEPTH, range(1, _DEPTH + 1)),
        Axis("", 0, 1, _SHARES, percent),
        series,
    )


def _ranked(rows: Sequence[Scored]) -> list[Scored]:
    """Rows with a trust value, most trusted first; what was refused comes last."""
    known = [row for row in rows if row.prediction.trust is not None and not row.question.gold_set]
    return sorted(known, key=lambda r: (r.prediction.refused, -(r.prediction.trust or 0.0)))


def risk_coverage(rows: Sequence[Scored]) -> tuple[str, float | None]:
    """The curve, and the area under it (AURC: mean risk over all coverages).

    Y. Geifman, R. El-Yaniv, "Selective Classification for Deep Neural Networks", NeurIPS 2017.
    """
    ranked = _ranked(rows)
    if not ranked:
        return "", None
    wrong, points = 0, []
    for place, row in enumerate(ranked, 1):
        wrong += row.question.must_refuse or not row.correct
        points.append((place / len(ranked), wrong / place))
    area = sum(risk for _, risk in points) / len(points)
    answered = sum(not row.prediction.refused for row in ranked)
    notes = []
    if answered:
        stands = points[answered - 1]
        notes = [Note(stands, f"现状：答 {stands[0]:.0%}，错 {stands[1]:.0%}")]
    chart = line_chart(
        f"风险—覆盖：按检索得分从高到低作答（AURC {area:.3f}）",
        Axis("作答比例", 0, 1, _SHARES, percent),
        Axis("", 0, 1, _SHARES, percent),
        [Series("答错的比例", points)],
        notes,
    )
    return chart, area


def refusal_calibration(rows: Sequence[Scored]) -> str:
    """By bins of equal size over trust: how often right, and how often refused."""
    known = [row for row in rows if row.prediction.trust is not None and not row.question.gold_set]
    if len(known) < _BINS * 3:
        return ""
    known.sort(key=lambda row: row.prediction.trust or 0.0)
    bins = [known[len(known) * i // _BINS : len(known) * (i + 1) // _BINS] for i in range(_BINS)]

    def shares(test: str) -> list[tuple[float, float]]:
        kept = {
            "correct": lambda row: row.correct,
            "refused": lambda row: row.prediction.refused,
            "answerable": lambda row: not row.question.must_refuse,
        }[test]
        return [(float(i), sum(map(kept, b)) / len(b)) for i, b in enumerate(bins, 1)]

    edges = [f"{b[0].prediction.trust:.3g}" for b in bins]
    return line_chart(
        "拒答校准：按检索得分等分为八组",
        Axis("检索得分（各组下限）", 1, _BINS, range(1, _BINS + 1), lambda i: edges[int(i) - 1]),
        Axis("", 0, 1, _SHARES, percent),
        [
            Series("答对", shares("correct"), dots=True),
            Series("拒答", shares("refused"), dots=True),
            Series("确能回答", shares("answerable"), dots=True),
        ],
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The least value that ``share`` of the values do not exceed."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def latency_curve(rows: Sequence[Scored]) -> str:
    """Share of the answers given within t."""
    taken = sorted(values(rows, "latency_ms"))
    if not taken:
        return ""
    top = max(quantile(taken, 0.99) * 1.1, 1.0)
    step = _nice_step(top / 5)
    ticks = [step * i for i in range(int(top / step) + 1)]
    points = [(t, i / len(taken)) for i, t in enumerate(taken, 1)]
    notes = [
        Note((quantile(taken, s), s), f"P{round(s * 100)} {quantile(taken, s):,.0f} 毫秒")
        for s in (0.5, 0.95)
    ]
    return line_chart(
        "用时分布：在 t 毫秒内答完的题目比例",
        Axis("毫秒", 0, top, ticks, lambda t: f"{t:,.0f}"),
        Axis("", 0, 1, _SHARES, percent),
        [Series("累计", [(0.0, 0.0), *points], step=True)],
        notes,
    )


def _nice_step(rough: float) -> float:
    step = 1.0
    while step * 10 <= rough:
        step *= 10
    return step * next(m for m in (1, 2, 5, 10) if step * m >= rough)
