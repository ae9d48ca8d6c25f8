"""Logos and badges: the practice's own, of those it works with, of what it has won."""

from __future__ import annotations

from .canvas import Canvas, Colour, Point, mix, points, polar
from .palette import CLAY, CORAL, INK, MOSS, PAPER, PLUM, SAGE, SLATE, SUN, TEAL, WHITE

BADGE = 600


def practice_logo() -> Canvas:
    """A lark over water, and the name."""
    canvas = Canvas(1300, 400, None)
    canvas.circle((200, 200), 160, TEAL)
    canvas.stroke(points("96,236 148,208 200,236 252,208 304,236"), [20] * 5, WHITE)
    canvas.stroke(points("132,288 166,268 200,288 234,268 268,288"), [15] * 5, SAGE)
    _lark(canvas, (206, 142), 1.0)
    canvas.write((420, 96), "Larkwater", 150, INK)
    canvas.write((428, 258), "Physical Therapy", 64, TEAL)
    return canvas


def garden_state_rehab() -> Canvas:
    canvas = Canvas(900, 360, None)
    for turn, colour in ((0, MOSS), (72, SAGE), (144, MOSS), (216, SAGE), (288, MOSS)):
        canvas.taper((180, 180), 12, polar((180, 180), 96, 180 + turn), 44, colour)
    canvas.circle((180, 180), 34, SUN)
    canvas.write((350, 104), "Garden State", 74, INK)
    canvas.write((350, 196), "Rehab Alliance", 62, MOSS)
    return canvas


def shore_athletics() -> Canvas:
    canvas = Canvas(900, 360, None)
    canvas.circle((180, 180), 132, SLATE)
    canvas.stroke(points("84,214 132,172 180,214 228,172 276,214"), [22] * 5, WHITE)
    canvas.circle((180, 122), 28, SUN)
    canvas.write((350, 104), "Shore Youth", 78, INK)
    canvas.write((350, 200), "Athletics League", 58, SLATE)
    return canvas


def steady_steps() -> Canvas:
    canvas = Canvas(900, 360, None)
    for x, y, tilt in ((118, 216, -14), (226, 130, 14)):
        canvas.taper((x, y - 34), 38, (x + tilt * 0.6, y + 52), 27, PLUM)
        for i in range(4):
            canvas.circle(
                (x - 32 + i * 21, y - 88 + abs(i - 1.3) * 7), 11 - i * 1.2, PLUM
            )
    canvas.write((350, 104), "Steady Steps", 76, INK)
    canvas.write((350, 198), "Fall Prevention Network", 44, PLUM)
    return canvas


def badge_star() -> Canvas:
    canvas = _rosette(TEAL)
    star = [
        polar((300, 250), 110 if i % 2 == 0 else 48, 180 + i * 36) for i in range(10)
    ]
    canvas.polygon(star, SUN)
    return canvas


def badge_heart() -> Canvas:
    canvas = _rosette(CORAL)
    for side in (-1, 1):
        canvas.taper((300 + side * 46, 224), 52, (300, 306), 14, WHITE)
    return canvas


def badge_book() -> Canvas:
    canvas = _rosette(SLATE)
    for side in (-1, 1):
        page = [
            (300, 206),
            (300 + side * 106, 182),
            (300 + side * 106, 300),
            (300, 324),
        ]
        canvas.polygon(page, WHITE)
        for i in range(3):
            y = 224 + i * 28
            canvas.taper(
                (300 + side * 26, y + 6), 4, (300 + side * 84, y - 7), 4, SLATE
            )
    return canvas


def badge_shield() -> Canvas:
    canvas = _rosette(CLAY)
    canvas.blob(
        points("300,150 386,182 384,256 346,318 300,348 254,318 216,256 214,182"),
        WHITE,
    )
    canvas.stroke([(256, 246), (290, 282), (350, 210)], [20, 20, 20], CLAY)
    return canvas


def badge_laurel() -> Canvas:
    canvas = Canvas(BADGE, BADGE, None)
    for side in (-1, 1):
        for i in range(7):
            foot = polar((300, 300), 216, side * (28 + i * 22))
            tip = polar(foot, 88, side * (118 + i * 22))
            sides = [
                polar(
                    polar(foot, 44, side * (118 + i * 22)),
                    20,
                    side * (118 + i * 22) + turn,
                )
                for turn in (90, -90)
            ]
            canvas.blob([foot, sides[0], tip, sides[1]], MOSS if i % 2 else SAGE)
    canvas.circle((300, 300), 132, PLUM)
    canvas.circle((300, 300), 112, mix(PLUM, WHITE, 0.16))
    star = [
        polar((300, 300), 82 if i % 2 == 0 else 36, 180 + i * 36) for i in range(10)
    ]
    canvas.polygon(star, SUN)
    return canvas


def _rosette(colour: Colour) -> Canvas:
    canvas = Canvas(BADGE, BADGE, None)
    for side in (-1, 1):
        tail = [
            (300 + side * x, y)
            for x, y in points("20,380 120,350 176,560 116,532 76,580")
        ]
        canvas.polygon(tail, mix(colour, INK, 0.25))
    edge = [polar((300, 250), 214 if i % 2 == 0 else 192, i * 9) for i in range(40)]
    canvas.blob(edge, colour)
    canvas.circle((300, 250), 164, PAPER)
    canvas.circle((300, 250), 148, colour)
    return canvas


def _lark(canvas: Canvas, at: Point, size: float) -> None:
    x, y = at
    canvas.taper(
        (x - 34 * size, y + 6), 20 * size, (x + 26 * size, y - 14), 15 * size, SUN
    )
    canvas.taper(
        (x - 34 * size, y + 6), 14 * size, (x - 84 * size, y + 26), 4 * size, SUN
    )
    canvas.circle((x + 40 * size, y - 26), 21 * size, SUN)
    canvas.polygon([(x + 56, y - 36), (x + 86, y - 24), (x + 56, y - 16)], CLAY)
    canvas.blob(
        [(x - 34, y), (x - 22, y - 58), (x + 20, y - 34), (x + 10, y)],
        mix(SUN, CLAY, 0.5),
    )
    canvas.circle((x + 46, y - 31), 5, INK)
