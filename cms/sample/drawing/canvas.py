"""Soft flat shapes, drawn large and scaled down so that every edge is smooth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFont

Point = tuple[float, float]
Colour = str

# Everything is drawn at this multiple of the size it is asked for, then averaged down.
OVERSAMPLING = 3


def rgb(colour: Colour) -> tuple[int, int, int]:
    """`#rrggbb` as three numbers from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def points(text: str) -> list[Point]:
    """`"1,2 3,4"` as points, as SVG writes them."""
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in text.split())]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with a `share` (0 to 1) of `other` in it."""
    pairs = zip(rgb(one), rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def polar(centre: Point, radius: float, degrees: float) -> Point:
    """The point at `radius` from `centre`; 0 degrees is down, 90 to the right."""
    turn = math.radians(degrees)
    return centre[0] + radius * math.sin(turn), centre[1] + radius * math.cos(turn)


def spline(points: Sequence[Point], steps: int, *, closed: bool = False) -> list[Point]:
    """A smooth line through `points`, with `steps` samples for each stretch.

    Source: the uniform Catmull-Rom spline.
    """
    count = len(points)
    ends = range(count if closed else count - 1)
    line: list[Point] = []
    for i in ends:
        around = [
            points[j % count] if closed else points[min(max(j, 0), count - 1)]
            for j in (i - 1, i, i + 1, i + 2)
        ]
        line += [_between(around, step / steps) for step in range(steps)]
    return line if closed else [*line, points[-1]]


def _between(around: Sequence[Point], t: float) -> Point:
    def along(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (
            2 * b
            + (c - a) * t
            + (2 * a - 5 * b + 4 * c - d) * t**2
            + (3 * b - a - 3 * c + d) * t**3
        )

    (ax, ay), (bx, by), (cx, cy), (dx, dy) = around
    return along(ax, bx, cx, dx), along(ay, by, cy, dy)


@cache
def _typeface(pixels: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    # Pillow carries this typeface itself, so drawings look alike on every machine.
    return ImageFont.load_default(pixels)


class Canvas:
    """A picture in the making, in the coordinates of the finished one."""

    def __init__(self, width: int, height: int, background: Colour | None) -> None:
        size = (width * OVERSAMPLING, height * OVERSAMPLING)
        mode = "RGB" if background else "RGBA"
        self.picture = Image.new(mode, size, background or (0, 0, 0, 0))
        # This mode lets translucent colours lie over what is there; a transparent
        # picture is drawn with opaque colours only.
        self._pen = ImageDraw.Draw(self.picture, "RGBA" if background else None)
        self.width, self.height = width, height

    def finish(self) -> Image.Image:
        return self.picture.reduce(OVERSAMPLING)

    def polygon(
        self, points: Sequence[Point], colour: Colour, opacity: float = 1
    ) -> None:
        scaled = [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]
        self._pen.polygon(scaled, fill=self._ink(colour, opacity))

    def blob(self, points: Sequence[Point], colour: Colour, opacity: float = 1) -> None:
        """A soft closed shape through `points`."""
        self.polygon(spline(points, 24, closed=True), colour, opacity)

    def circle(
        self, centre: Point, radius: float, colour: Colour, opacity: float = 1
    ) -> None:
        self.ellipse(centre, radius, radius, colour, opacity)

    def ellipse(
        self, centre: Point, rx: float, ry: float, colour: Colour, opacity: float = 1
    ) -> None:
        (x, y), s = centre, OVERSAMPLING
        box = [(x - rx) * s, (y - ry) * s, (x + rx) * s, (y + ry) * s]
        self._pen.ellipse(box, fill=self._ink(colour, opacity))

    def rounded(
        self,
        corner: Point,
        size: Point,
        radius: float,
        colour: Colour,
        opacity: float = 1,
    ) -> None:
        """A rectangle from its upper left `corner`, with round corners."""
        (x, y), (w, h), s = corner, size, OVERSAMPLING
        box = [x * s, y * s, (x + w) * s, (y + h) * s]
        self._pen.rounded_rectangle(box, radius * s, fill=self._ink(colour, opacity))

    def ring(
        self,
        centre: Point,
        radius: float,
        thickness: float,
        colour: Colour,
        arc: tuple[float, float] = (0, 360),
    ) -> None:
        """A circle's line, or part of it; `arc` in degrees clockwise from the right."""
        (x, y), s = centre, OVERSAMPLING
        box = [(x - radius) * s, (y - radius) * s, (x + radius) * s, (y + radius) * s]
        self._pen.arc(box, *arc, fill=self._ink(colour, 1), width=round(thickness * s))

    def taper(self, a: Point, ra: float, b: Point, rb: float, colour: Colour) -> None:
        """Two circles and what a rubber band around them would enclose."""
        self.circle(a, ra, colour)
        self.circle(b, rb, colour)
        dx, dy = b[0] - a[0], b[1] - a[1]
        length = math.hypot(dx, dy)
        if length <= abs(ra - rb):
            return
        along, tilt = math.atan2(dy, dx), math.acos((ra - rb) / length)
        corners = [
            (p[0] + r * math.cos(turn), p[1] + r * math.sin(turn))
            for p, r, turn in (
                (a, ra, along + tilt),
                (b, rb, along + tilt),
                (b, rb, along - tilt),
                (a, ra, along - tilt),
            )
        ]
        self.polygon(corners, colour)

    def stroke(
        self, points: Sequence[Point], widths: Sequence[float], colour: Colour
    ) -> None:
        """A smooth line through `points`, as wide as `widths` says at each of them."""
        line = spline(points, 8)
        radii = [r for r, _ in spline([(w / 2, 0.0) for w in widths], 8)]
        for i in range(len(line) - 1):
            self.taper(line[i], radii[i], line[i + 1], radii[i + 1], colour)

    def write(self, corner: Point, text: str, size: float, colour: Colour) -> None:
        """`text` in a plain typeface, its upper left at `corner`."""
        x, y = corner
        font = _typeface(round(size * OVERSAMPLING))
        self._pen.text(
            (x * OVERSAMPLING, y * OVERSAMPLING), text, font=font, fill=rgb(colour)
        )

    def _ink(self, colour: Colour, opacity: float) -> tuple[int, int, int, int]:
        return (*rgb(colour), round(255 * opacity))
