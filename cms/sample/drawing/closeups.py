"""The pictures of the articles that show one part of the body from nearby."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .canvas import Canvas, Colour, Point, mix, points, polar, spline
from .palette import (
    CLAY,
    CORAL,
    INK,
    MOSS,
    PAPER,
    SAND,
    SKINS,
    SKY,
    SLATE,
    SUN,
    TEAL,
    WHITE,
    WOOD,
)
from .scenery import GROUND, HEIGHT, WIDTH, focus, plant, stage, step

# A bare foot that points to the right, around its ankle.
_FOOT = points(
    "-60,-26 -96,50 -92,104 -34,130 84,106 190,126 288,130 322,104 "
    "292,72 180,22 74,-44 0,-70"
)
# The same with the heel off the ground and the toes flat.
_RAISED = points(
    "-62,-30 -104,36 -92,98 -30,130 40,172 100,228 222,240 264,216 "
    "226,186 142,98 70,-22 0,-70"
)
_BANDAGE = points("-64,-30 -102,48 -98,108 -34,138 84,114 180,130 206,36 76,-54 0,-76")
_FOLDS: tuple[tuple[Point, ...], ...] = (
    ((-76, -160), (-10, -150), (58, -120)),
    ((-72, -104), (-8, -90), (58, -58)),
    ((-72, -46), (4, -40), (74, -50)),
    ((-96, 26), (-10, 0), (84, -44)),
    ((-66, 122), (20, 60), (112, -18)),
    ((26, 122), (80, 70), (146, 6)),
    ((116, 118), (150, 80), (186, 26)),
)
_CALF = ((-6, -470), (-34, -300), (-14, -120), (-4, -10))
_CALF_WIDTHS = (178, 204, 136, 116)


def heel_raise() -> Canvas:
    canvas = stage("dune")
    step(canvas, 790, 470, 120)
    plant(canvas, 1430, GROUND, 1.0)
    _leg(canvas, (720, 490), SKINS[2], outline=_RAISED, cuff=SLATE)
    focus(canvas, (668, 400), 1.2)
    for i in range(3):
        chevron = [(500, 560 - 66 * i), (534, 526 - 66 * i), (568, 560 - 66 * i)]
        canvas.stroke(chevron, [13, 13, 13], mix(CLAY, WHITE, 0.25))
    return canvas


def heel_close_up() -> Canvas:
    canvas = stage("dawn")
    canvas.rounded((430, GROUND - 20), (760, 40), 20, WOOD)
    _leg(canvas, (690, GROUND - 152), SKINS[1], cuff=INK)
    band = points("620,800 700,812 800,806 900,822 968,826")
    canvas.stroke(band, [10, 14, 15, 13, 8], CORAL)
    focus(canvas, (634, 790), 1.15)
    return canvas


def ankle_wrap() -> Canvas:
    canvas = stage("mist", floor=False)
    canvas.polygon([(0, 800), (WIDTH, 800), (WIDTH, HEIGHT), (0, HEIGHT)], "#c3d4d3")
    canvas.blob(
        points("300,860 330,720 620,690 980,700 1180,730 1230,850 760,905"),
        WHITE,
    )
    canvas.blob(
        points("330,862 380,800 700,790 1000,800 1200,850 760,905"),
        "#e3ecec",
    )
    ankle = (900.0, 640.0)
    _leg(canvas, ankle, SKINS[0], turn=-88, cuff=TEAL)
    leg = _turned([(-14, -196), (-10, -90), (0, 10)], -88, ankle)
    canvas.stroke(leg, [164, 142, 150], PAPER)
    canvas.blob(_turned(_BANDAGE, -88, ankle), PAPER)
    for fold in _FOLDS:
        canvas.stroke(_turned(fold, -88, ankle), [6, 7, 6], mix(PAPER, CLAY, 0.38))
    clip = _turned([(-40, -150), (-14, -138)], -88, ankle)
    canvas.stroke(clip, [15, 15], CORAL)
    return canvas


def inner_ear() -> Canvas:
    canvas = stage("leaf", floor=False)
    canvas.blob(points("470,1010 520,830 700,760 940,800 1080,880 1120,1010"), TEAL)
    skin = SKINS[1]
    canvas.polygon(
        points("610,640 880,660 880,850 740,900 610,830"), mix(skin, INK, 0.12)
    )
    face = points(
        "560,640 470,560 450,400 530,230 720,150 900,180 996,300 1004,398 "
        "1060,500 1006,528 1022,572 1006,604 1010,650 966,706 860,716 "
        "700,690"
    )
    canvas.blob(face, skin)
    hair = points(
        "540,660 452,570 430,400 510,210 720,118 930,160 1010,282 900,292 "
        "770,330 700,430 640,560"
    )
    canvas.blob(hair, "#5a3d2b")
    canvas.circle((980, 424), 9, INK)
    centre = (690.0, 470.0)
    canvas.circle(centre, 186, WHITE)
    canvas.circle(centre, 168, "#fbeee6")
    _labyrinth(canvas, centre)
    for radius, arc in (
        (420, (186, 232)),
        (472, (192, 226)),
        (420, (306, 350)),
        (472, (312, 344)),
    ):
        canvas.ring((735, 430), radius, 13, SUN, arc)
    return canvas


def wrist_splint() -> Canvas:
    canvas = stage("dusk", floor=False)
    canvas.circle((1090, 270), 92, "#f3e3b5")
    canvas.circle((1130, 246), 80, "#375b69")
    for x, y, r in (
        (330, 220, 7),
        (470, 330, 5),
        (620, 170, 6),
        (900, 210, 8),
        (1240, 330, 5),
        (1420, 420, 6),
    ):
        canvas.circle((x, y), r, "#f3e3b5")
    canvas.blob(
        points("120,1010 150,760 480,690 1000,720 1420,780 1500,1010"),
        "#dfe8ea",
    )
    canvas.blob([(160, 1010), (420, 850), (1000, 850), (1460, 1010)], SKY)
    _hand(canvas, (330, 690), SKINS[0], sleeve=CLAY)
    canvas.taper((610, 672), 88, (930, 656), 76, TEAL)
    for x, y, r in ((640, 671, 76), (770, 664, 72), (890, 658, 66)):
        canvas.taper((x - 16, y - r), 9, (x + 12, y + r), 9, mix(TEAL, WHITE, 0.35))
        canvas.rounded((x - 30, y - 26), (54, 52), 12, mix(TEAL, INK, 0.3))
    return canvas


def wrist_neutral() -> Canvas:
    canvas = stage("leaf", floor=False)
    _hand(canvas, (330, 560), SKINS[0], sleeve=SLATE)
    for i in range(16):
        x = 250 + 72 * i
        canvas.taper((x, 556 - i * 3.4), 5, (x + 36, 554 - i * 3.4), 5, TEAL)
    canvas.circle((1290, 300), 74, MOSS)
    canvas.stroke([(1254, 302), (1280, 328), (1328, 272)], [17, 17, 17], WHITE)
    return canvas


def elbow_grip() -> Canvas:
    canvas = stage("dawn", floor=False)
    canvas.polygon([(0, 840), (WIDTH, 840), (WIDTH, HEIGHT), (0, HEIGHT)], WOOD)
    canvas.polygon(
        [(0, 840), (WIDTH, 840), (WIDTH, 858), (0, 858)], mix(WOOD, WHITE, 0.3)
    )
    skin = SKINS[2]
    elbow, hand = (640.0, 690.0), (1046.0, 512.0)
    canvas.taper(elbow, 74, hand, 50, skin)
    canvas.taper((470, 250), 118, elbow, 76, skin)
    canvas.taper((360, -80), 158, (556, 470), 106, TEAL)
    canvas.rounded((1030, 376), (176, 224), 28, WHITE)
    canvas.ring((1212, 480), 58, 24, WHITE)
    canvas.rounded((1030, 376), (176, 50), 24, mix(WHITE, CLAY, 0.18))
    for x, y in ((1100, 280), (1146, 268)):
        steam = [(x, y + 70), (x - 16, y + 36), (x + 12, y), (x - 4, y - 40)]
        canvas.stroke(steam, [10, 10, 8, 5], mix(CLAY, WHITE, 0.55))
    canvas.circle(hand, 70, skin)
    for i in range(4):
        y = 444 + 46 * i
        canvas.taper(
            (1056, y),
            23,
            (1136 - abs(i - 1.5) * 8, y + 4),
            20,
            mix(skin, INK, 0.06 * (i % 2)),
        )
    canvas.taper((1030, 470), 27, (1090, 400), 21, mix(skin, INK, 0.1))
    focus(canvas, (612, 734), 1.3)
    return canvas


def _turned(points: Sequence[Point], degrees: float, around: Point) -> list[Point]:
    turn = math.radians(degrees)
    cos, sin = math.cos(turn), math.sin(turn)
    return [
        (around[0] + x * cos - y * sin, around[1] + x * sin + y * cos)
        for x, y in points
    ]


def _leg(
    canvas: Canvas,
    ankle: Point,
    skin: Colour,
    *,
    turn: float = 0,
    outline: Sequence[Point] = _FOOT,
    cuff: Colour,
) -> None:
    """A bare lower leg, turned clockwise by `turn` degrees around its ankle."""
    calf = _turned(_CALF, turn, ankle)
    canvas.stroke(calf, _CALF_WIDTHS, skin)
    canvas.blob(_turned(outline, turn, ankle), skin)
    (tip_x, tip_y) = outline[7]
    nail = [(tip_x - 58, tip_y - 16), (tip_x - 24, tip_y - 10)]
    canvas.stroke(_turned(nail, turn, ankle), [14, 20], mix(skin, WHITE, 0.45))
    top = _turned([(0, -1100), (-20, -410)], turn, ankle)
    canvas.stroke(top, [250, 228], cuff)


def _labyrinth(canvas: Canvas, centre: Point) -> None:
    """The inner ear: three canals, the snail, and the crystals that went astray."""
    x, y = centre
    for dx, dy, radius, colour in (
        (-62, -28, 62, SLATE),
        (-8, -62, 64, TEAL),
        (-58, 44, 50, MOSS),
    ):
        canvas.ring((x + dx, y + dy), radius, 19, colour)
    snail = [
        polar((x + 66, y + 58), 62 - turn / 13, 230 - turn)
        for turn in range(0, 700, 20)
    ]
    canvas.stroke(snail, [20 - i * 0.35 for i in range(len(snail))], CLAY)
    canvas.circle((x + 8, y + 22), 40, SAND)
    for dx, dy, r in (
        (2, 14, 8),
        (20, 26, 7),
        (8, 38, 6),
        (-104, 12, 7),
        (-90, 28, 8),
        (-72, 34, 6),
    ):
        canvas.circle((x + dx, y + dy), r, CORAL)


def _hand(canvas: Canvas, elbow: Point, skin: Colour, *, sleeve: Colour) -> None:
    """A forearm and an open hand, from the left to the right."""
    x, y = elbow
    for i, (reach, lift) in enumerate(((246, -58), (282, -22), (268, 16), (214, 52))):
        root = (x + 700, y - 34 + lift * 0.72)
        tip = (root[0] + reach, root[1] + lift * 0.42 + 6)
        middle = ((root[0] + tip[0]) / 2, (root[1] + tip[1]) / 2 - 8)
        canvas.stroke(
            spline([root, middle, tip], 4), [46] * 9, mix(skin, INK, 0.04 * (i % 2))
        )
    canvas.taper((x, y), 98, (x + 470, y - 24), 62, skin)
    canvas.taper((x + 470, y - 24), 62, (x + 690, y - 34), 84, skin)
    canvas.stroke(
        [(x + 600, y - 66), (x + 720, y - 150), (x + 830, y - 168)], [70, 56, 42], skin
    )
    canvas.taper((x - 240, y + 14), 132, (x + 60, y), 116, sleeve)
    canvas.taper((x + 60, y - 108), 14, (x + 76, y + 104), 14, mix(sleeve, INK, 0.2))
