"""What stands around the people: ground, plants, furniture, and where it hurts."""

from __future__ import annotations

from .canvas import Canvas, Colour, Point, mix, points, polar
from .palette import BARK, CORAL, INK, MOODS, MOSS, SAGE, WHITE, WOOD

WIDTH, HEIGHT = 1600, 1000
GROUND = 860.0


def stage(mood: str, *, floor: bool = True) -> Canvas:
    """A background with its large soft shape, and a floor to stand on."""
    back, shape = MOODS[mood]
    canvas = Canvas(WIDTH, HEIGHT, back)
    canvas.blob(
        points(
            "250,560 330,250 640,120 1010,105 1310,270 1390,580 1240,830 "
            "800,905 400,830"
        ),
        shape,
    )
    if floor:
        canvas.polygon(
            [(0, GROUND), (WIDTH, GROUND), (WIDTH, HEIGHT), (0, HEIGHT)],
            mix(shape, INK, 0.1),
        )
    return canvas


def shadow(canvas: Canvas, x: float, width: float, ground: float = GROUND) -> None:
    canvas.ellipse((x, ground + 6), width, 15, INK, 0.16)


def focus(canvas: Canvas, at: Point, size: float = 1.0) -> None:
    """Rings that say: here."""
    for radius, opacity in ((86, 0.16), (58, 0.28), (30, 0.75)):
        canvas.circle(at, radius * size, CORAL, opacity)
    canvas.circle(at, 10 * size, WHITE)


def plant(canvas: Canvas, x: float, ground: float, size: float = 1.0) -> None:
    """A pot with a few broad leaves."""
    for lean, length, colour in (
        (-38, 190, MOSS),
        (34, 205, MOSS),
        (-14, 260, SAGE),
        (14, 235, mix(MOSS, INK, 0.12)),
    ):
        leaf(canvas, (x, ground - 96 * size), length * size, 180 - lean, colour)
    canvas.polygon(
        [
            (x - 56 * size, ground - 108 * size),
            (x + 56 * size, ground - 108 * size),
            (x + 42 * size, ground),
            (x - 42 * size, ground),
        ],
        "#c97f5c",
    )
    canvas.rounded(
        (x - 63 * size, ground - 122 * size), (126 * size, 30 * size), 8, "#d88f6b"
    )


def leaf(
    canvas: Canvas, foot: Point, length: float, degrees: float, colour: Colour
) -> None:
    tip = polar(foot, length, degrees)
    sides = [
        polar(polar(foot, length * 0.52, degrees), length * 0.17, degrees + side)
        for side in (90, -90)
    ]
    canvas.blob([foot, sides[0], tip, sides[1]], colour)
    canvas.stroke(
        [foot, polar(foot, length * 0.8, degrees)], [4, 2], mix(colour, WHITE, 0.4)
    )


def chair(canvas: Canvas, x: float, seat: float, ground: float = GROUND) -> None:
    """A side chair that looks to the right; `x` is the middle of its seat."""
    for leg, tilt in ((-86, -14), (86, 10)):
        canvas.taper((x + leg, seat), 11, (x + leg + tilt, ground - 9), 9, BARK)
    canvas.taper((x - 92, seat), 12, (x - 122, seat - 250), 11, BARK)
    canvas.rounded((x - 112, seat - 16), (222, 34), 16, WOOD)
    canvas.rounded((x - 146, seat - 268), (42, 126), 20, WOOD)


def step(canvas: Canvas, x: float, width: float, height: float) -> None:
    """A wooden block on the floor, its left edge at `x`."""
    canvas.rounded((x, GROUND - height), (width, height + 4), 10, WOOD)
    canvas.rounded(
        (x - 8, GROUND - height - 16), (width + 16, 32), 12, mix(WOOD, WHITE, 0.25)
    )


def window(canvas: Canvas, corner: Point, size: Point, glass: Colour) -> None:
    (x, y), (w, h) = corner, size
    canvas.rounded((x - 14, y - 14), (w + 28, h + 28), 18, WHITE)
    canvas.rounded((x, y), (w, h), 8, glass)
    canvas.rounded((x + w / 2 - 6, y), (12, h), 0, WHITE)
    canvas.rounded((x, y + h / 2 - 6), (w, 12), 0, WHITE)


def dune_hills(canvas: Canvas, colours: tuple[Colour, Colour]) -> None:
    """Two rolling lines of hills that reach from edge to edge."""
    for colour, height in zip(colours, (0, 70), strict=True):
        top = 640 + height
        canvas.polygon(
            [
                (0, HEIGHT),
                (0, top + 30),
                *_wave(top, 46 - height / 4, 0.8 + height / 100),
                (WIDTH, HEIGHT),
            ],
            colour,
        )


def _wave(level: float, swing: float, phase: float) -> list[Point]:
    xs = range(0, WIDTH + 1, 20)
    return [
        (x, level - polar((0, 0), swing, x * 0.31 + phase * 130)[0])
        for x in map(float, xs)
    ]
