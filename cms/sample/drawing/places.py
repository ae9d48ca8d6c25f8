"""The five clinics from the street: one house style, five places."""

from __future__ import annotations

from .canvas import Canvas, Colour, mix, points
from .palette import BARK, INK, MOSS, PAPER, SAGE, SAND, SEA, SKY, SUN, WHITE, WOOD
from .scenery import HEIGHT, WIDTH, leaf, window

STREET = 800.0


def lake_como() -> Canvas:
    canvas = _sky("#dbeaec")
    canvas.circle((1300, 210), 80, SUN)
    canvas.polygon([(0, 560), (WIDTH, 560), (WIDTH, STREET), (0, STREET)], SEA)
    for x, y, length in (
        (80, 620, 130),
        (240, 690, 110),
        (1210, 610, 150),
        (1400, 680, 120),
    ):
        canvas.taper((x, y), 5, (x + length, y), 5, mix(SEA, WHITE, 0.45))
    _street(canvas, SAND)
    accent = "#1f6f78"
    canvas.polygon([(430, 350), (800, 150), (1170, 350)], mix(accent, INK, 0.25))
    _walls(canvas, 470, 340, 660, PAPER)
    for x in (492, 978):
        window(canvas, (x, 410), (130, 130), SKY)
    _entrance(canvas, 800, accent)
    for i in range(9):
        x = 130 + i * 34
        canvas.rounded((x, 706), (20, 104), 8, WHITE)
    canvas.rounded((116, 736), (320, 16), 8, WHITE)
    _tree(canvas, 1320, 1.1)
    return canvas


def edison() -> Canvas:
    canvas = _sky("#e9e9e4")
    for x, top, w in (
        (90, 420, 150),
        (270, 330, 120),
        (1180, 360, 140),
        (1350, 440, 170),
    ):
        canvas.rounded((x, top), (w, STREET - top), 6, "#d4d9d8")
    _street(canvas, "#c9c6bf")
    accent = "#8a4b2d"
    _walls(canvas, 420, 220, 760, "#d9a27f")
    for row in range(7):
        for column in range(9):
            x = 430 + column * 84 + (row % 2) * 42
            if x + 60 < 1170:
                colour = mix("#d9a27f", accent, 0.25)
                canvas.rounded((x, 246 + row * 24), (60, 8), 3, colour)
    for x in (440, 556, 944, 1060):
        window(canvas, (x, 420), (84, 100), SKY)
    canvas.rounded((400, 204), (800, 34), 8, accent)
    _entrance(canvas, 800, accent)
    _lamp(canvas, 330)
    _tree(canvas, 1290, 0.9)
    return canvas


def manalapan() -> Canvas:
    canvas = _sky("#e8efe4")
    canvas.blob(
        points("-80,720 200,520 620,560 900,500 1300,540 1680,700 1600,860 0,860"),
        mix(SAGE, WHITE, 0.3),
    )
    for x in range(60, 1600, 190):
        _tree(canvas, x, 0.62)
    _street(canvas, mix(MOSS, SAND, 0.35))
    accent = "#4a6b3a"
    canvas.polygon([(300, 420), (440, 250), (1160, 250), (1300, 420)], accent)
    _walls(canvas, 350, 410, 900, "#f4ecdb")
    for x in (382, 514, 990, 1122):
        window(canvas, (x, 480), (96, 130), SKY)
    _entrance(canvas, 800, accent)
    canvas.rounded((1010, 196), (64, 110), 6, BARK)
    return canvas


def brick() -> Canvas:
    canvas = _sky("#dfe8f1")
    for x, y, size in ((260, 190, 1.0), (1240, 240, 0.8)):
        _cloud(canvas, x, y, size)
    _street(canvas, "#c5ced6")
    accent = "#2d4f8a"
    _walls(canvas, 330, 300, 940, "#c9765c")
    for row in range(19):
        for column in range(16):
            x = 334 + column * 60 + (row % 2) * 28
            if x + 46 < 1268:
                canvas.rounded((x, 312 + row * 26), (46, 14), 4, "#d18a72")
    canvas.rounded((306, 276), (988, 38), 10, accent)
    for x in (366, 516, 984, 1134):
        canvas.rounded((x - 24, 396), (148, 178), 12, "#c9765c")
        window(canvas, (x, 420), (100, 130), SKY)
    _entrance(canvas, 800, accent)
    _tree(canvas, 1400, 1.0)
    _lamp(canvas, 220)
    return canvas


def red_bank() -> Canvas:
    canvas = _sky("#f5e4de")
    canvas.circle((330, 230), 84, SUN)
    _street(canvas, "#d9c7bd")
    accent = "#8a2f4f"
    for x, top, w, wall in ((140, 350, 300, "#e9c9a8"), (1160, 320, 320, "#b9cfc9")):
        _walls(canvas, x, top, w, wall)
        canvas.rounded((x - 12, top - 20), (w + 24, 32), 8, mix(wall, INK, 0.3))
        for wx in (x + 50, x + w - 130):
            window(canvas, (wx, top + 70), (80, 110), SKY)
            window(canvas, (wx, top + 250), (80, 110), mix(SUN, WHITE, 0.6))
    _walls(canvas, 460, 230, 680, "#f3e7d8")
    canvas.polygon([(440, 240), (520, 160), (1080, 160), (1160, 240)], accent)
    for x in (520, 745, 970):
        window(canvas, (x, 290), (110, 120), SKY)
    for x in (484, 990):
        window(canvas, (x, 540), (126, 170), mix(SUN, WHITE, 0.55))
    _entrance(canvas, 800, accent)
    return canvas


def _sky(colour: Colour) -> Canvas:
    return Canvas(WIDTH, HEIGHT, colour)


def _street(canvas: Canvas, colour: Colour) -> None:
    canvas.polygon([(0, STREET), (WIDTH, STREET), (WIDTH, HEIGHT), (0, HEIGHT)], colour)
    edge = mix(colour, WHITE, 0.4)
    canvas.polygon(
        [(0, STREET), (WIDTH, STREET), (WIDTH, STREET + 16), (0, STREET + 16)], edge
    )
    for x in range(40, WIDTH, 220):
        canvas.rounded((x, 916), (120, 12), 6, edge)


def _walls(canvas: Canvas, x: float, top: float, width: float, colour: Colour) -> None:
    canvas.rounded((x, top), (width, STREET - top), 6, colour)
    canvas.polygon(
        [(x, STREET - 26), (x + width, STREET - 26), (x + width, STREET), (x, STREET)],
        mix(colour, INK, 0.14),
    )


def _entrance(canvas: Canvas, x: float, accent: Colour) -> None:
    """Door, striped awning, and the practice's mark above them."""
    canvas.rounded((x - 92, 580), (184, 220), 10, mix(accent, INK, 0.3))
    for side in (-80, 6):
        canvas.rounded((x + side, 596), (74, 190), 8, mix(accent, WHITE, 0.72))
    for side in (-16, 16):
        canvas.taper((x + side, 676), 5, (x + side, 716), 5, mix(accent, INK, 0.3))
    for i in range(6):
        left, w = x - 150 + i * 50, 50
        colour = accent if i % 2 else WHITE
        canvas.polygon(
            [
                (left + 6 * (3 - i) * 0.6, 520),
                (left + w + 6 * (2 - i) * 0.6, 520),
                (left + w, 584),
                (left, 584),
            ],
            colour,
        )
        canvas.ellipse((left + w / 2, 584), w / 2, 20, colour)
    canvas.rounded((x - 160, 508), (320, 20), 8, mix(accent, INK, 0.2))
    canvas.circle((x, 452), 50, accent)
    canvas.stroke(
        [(x - 26, 462), (x - 9, 448), (x + 8, 462), (x + 26, 448)], [9, 9, 9, 9], WHITE
    )
    canvas.circle((x, 428), 9, WHITE)


def _tree(canvas: Canvas, x: float, size: float) -> None:
    canvas.taper((x, STREET + 8), 15 * size, (x, STREET - 220 * size), 9 * size, BARK)
    for dx, dy, r, colour in (
        (-62, -240, 84, MOSS),
        (62, -250, 88, mix(MOSS, INK, 0.1)),
        (0, -330, 100, mix(MOSS, WHITE, 0.1)),
    ):
        canvas.circle((x + dx * size, STREET + dy * size), r * size, colour)
    leaf(canvas, (x, STREET - 180 * size), 150 * size, 180, SAGE)


def _lamp(canvas: Canvas, x: float) -> None:
    canvas.taper((x, STREET + 10), 9, (x, 430), 7, INK)
    canvas.circle((x, 404), 34, mix(SUN, WHITE, 0.35))
    canvas.rounded((x - 24, 360), (48, 16), 8, INK)
    canvas.rounded((x - 40, STREET - 4), (80, 16), 8, WOOD)


def _cloud(canvas: Canvas, x: float, y: float, size: float) -> None:
    for dx, dy, r in ((-80, 20, 50), (0, 0, 74), (84, 18, 56), (30, 30, 54)):
        canvas.circle((x + dx * size, y + dy * size), r * size, WHITE)
