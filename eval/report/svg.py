"""Line charts as inline SVG: no library, no network, colours from the style sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 520, 300
LEFT, RIGHT, TOP, BOTTOM = 48, 24, 16, 44

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """``points`` by growing x; ``step`` draws a staircase; dots bear a tooltip."""

    name: str
    points: Sequence[Point]
    step: bool = False
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    title: str
    low: float
    high: float
    ticks: Sequence[float]
    show: Callable[[float], str] = str


@dataclass(frozen=True, slots=True)
class Note:
    """A point worth naming, such as where the system stands."""

    at: Point
    text: str


def percent(value: float) -> str:
    return f"{value:.0%}"


def line_chart(
    label: str, x: Axis, y: Axis, series: Sequence[Series], notes: Sequence[Note] = ()
) -> str:
    """An ``<svg>`` with grid, lines, named points, and a legend when there are several lines."""

    def px(value: float) -> float:
        share = (value - x.low) / ((x.high - x.low) or 1)
        return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT)

    def py(value: float) -> float:
        share = (value - y.low) / ((y.high - y.low) or 1)
        return HEIGHT - BOTTOM - min(max(share, 0.0), 1.0) * (HEIGHT - TOP - BOTTOM)

    parts = [_frame(x, y, px, py)]
    for number, line in enumerate(series, 1):
        parts.append(_line(line, number, px, py))
    for note in notes:
        cx, cy = px(note.at[0]), py(note.at[1])
        left = cx > WIDTH * 0.6
        parts.append(
            f'<circle class="note" cx="{cx:.1f}" cy="{cy:.1f}" r="5"/>'
            f'<text class="note" x="{cx + (-9 if left else 9):.1f}" y="{cy - 8:.1f}" '
            f'text-anchor="{"end" if left else "start"}">{escape(note.text)}</text>'
        )
    legend = "".join(
        f'<span class="key"><i class="s{number}"></i>{escape(line.name)}</span>'
        for number, line in enumerate(series, 1)
        if len(series) > 1
    )
    return (
        f'<figure class="chart"><figcaption>{escape(label)}</figcaption>'
        f'<div class="legend">{legend}</div>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">'
        + "".join(parts)
        + "</svg></figure>"
    )


def _frame(x: Axis, y: Axis, px: Callable[[float], float], py: Callable[[float], float]) -> str:
    bottom = HEIGHT - BOTTOM
    parts = []
    for tick in y.ticks:
        at = py(tick)
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>'
            f'<text x="{LEFT - 7}" y="{at + 4:.1f}" text-anchor="end">{escape(y.show(tick))}</text>'
        )
    for tick in x.ticks:
        at = px(tick)
        parts.append(
            f'<line class="tick" x1="{at:.1f}" x2="{at:.1f}" y1="{bottom}" y2="{bottom + 4}"/>'
            f'<text x="{at:.1f}" y="{bottom + 17}" text-anchor="middle">'
            f"{escape(x.show(tick))}</text>"
        )
    parts.append(
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{bottom}" y2="{bottom}"/>'
        f'<text class="name" x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 6}" '
        f'text-anchor="middle">{escape(x.title)}</text>'
    )
    return "".join(parts)


def _line(
    line: Series, number: int, px: Callable[[float], float], py: Callable[[float], float]
) -> str:
    if not line.points:
        return ""
    path = ""
    before: Point | None = None
    for point in line.points:
        at = (px(point[0]), py(point[1]))
        if before is None:
            path = f"M{at[0]:.1f} {at[1]:.1f}"
        elif line.step:
            path += f"H{at[0]:.1f}V{at[1]:.1f}"
        else:
            path += f"L{at[0]:.1f} {at[1]:.1f}"
        before = at
    dots = "".join(
        f'<circle class="s{number}" cx="{px(a):.1f}" cy="{py(b):.1f}" r="3.5">'
        f"<title>{escape(line.name)} {a:g}: {b:.3f}</title></circle>"
        for a, b in line.points
        if line.dots
    )
    return f'<path class="s{number}" d="{path}"/>{dots}'


def whisker(mean: float, low: float, high: float) -> str:
    """A share with its interval on a 0–1 rail, as a small ``<svg>``."""
    a, b, m = (8 + 144 * min(max(v, 0.0), 1.0) for v in (low, high, mean))
    return (
        '<svg class="whisker" viewBox="0 0 160 18" aria-hidden="true">'
        '<line class="rail" x1="8" x2="152" y1="9" y2="9"/>'
        f'<line class="range" x1="{a:.1f}" x2="{b:.1f}" y1="9" y2="9"/>'
        f'<circle cx="{m:.1f}" cy="9" r="4.5"/></svg>'
    )
