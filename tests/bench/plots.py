"""Lines over sizes as SVG, readable on a light and on a dark page."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import pairwise

WIDTH, HEIGHT = 800, 420
LEFT, RIGHT, TOP, BOTTOM = 60, 230, 48, 46
# How far labels stay apart.
LINE_PX = 15
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 15px }
.axis { stroke: #d0d7de } .line { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .axis { stroke: #3d444d }
}
"""
# Apart from each other, and from white and black, also for those who see fewer colours.
COLOURS = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56a0d3"),
    *("#8a63d2", "#8c6d31", "#e15759", "#7a8a99", "#3b9c9c"),
)


def lines(
    title: str,
    sizes: Sequence[int],
    series: Mapping[str, Sequence[float]],
    what: str,
) -> str:
    """A line for each of `series`, which has a value above 0 for each of `sizes`.

    Both axes are logarithmic. `what` says what the sizes are.
    """
    values = [value for line in series.values() for value in line]
    low, high = _decade(min(values), math.floor), _decade(max(values), math.ceil)
    high = max(high, low + 1)
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size: int) -> float:
        return LEFT + (right - LEFT) * (math.log10(size) - first) / (last - first)

    def y(value: float) -> float:
        return bottom - (bottom - TOP) * (math.log10(value) - low) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="{escape(title)}"><style>{STYLE}</style>',
        f'<text class="title" x="{LEFT}" y="24">{escape(title)}</text>',
    ]
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(_axis(LEFT, at, right, at))
        parts.append(_text(LEFT - 8, at + 4, f"{10.0**power:g}", "end"))
    for size in sizes:
        parts.append(_axis(x(size), TOP, x(size), bottom))
        parts.append(_text(x(size), bottom + 18, f"{size:,}", "middle"))
    parts.append(_text((LEFT + right) / 2, HEIGHT - 8, what, "middle"))
    ends = _apart([y(line[-1]) for line in series.values()], bottom)
    for (name, line), colour, end in zip(series.items(), COLOURS, ends, strict=False):
        points = " ".join(
            f"{x(size):.1f},{y(value):.1f}"
            for size, value in zip(sizes, line, strict=True)
        )
        parts.append(
            f'<polyline class="line" stroke="{colour}" points="{points}"/>'
            f'<line x1="{right + 3}" y1="{y(line[-1]):.1f}" x2="{right + 14}" '
            f'y2="{end:.1f}" stroke="{colour}"/>'
        )
        parts.append(_text(right + 18, end + 4, f"{name} {line[-1]:.2g}", "start"))
    return "\n".join([*parts, "</svg>", ""])


def _decade(value: float, rounded: Callable[[float], int]) -> int:
    return rounded(math.log10(value))


def _apart(heights: Sequence[float], bottom: float) -> list[float]:
    """The heights of the labels at `heights`, moved so that all can be read."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    moved = list(heights)
    # Down from the uppermost, then up again from the axis.
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + LINE_PX)
    moved[order[-1]] = min(moved[order[-1]], bottom)
    for below, above in pairwise(order[::-1]):
        moved[above] = min(moved[above], moved[below] - LINE_PX)
    return moved


def _axis(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line class="axis" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
