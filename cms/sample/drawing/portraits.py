"""The six people who write: drawn faces, so that nobody real is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .canvas import Canvas, Colour, mix, points
from .palette import CORAL, INK, PAPER, SKINS, SLATE, TEAL, WHITE

SIDE = 800


@dataclass(frozen=True)
class Face:
    skin: Colour
    hair: Colour
    clothes: Colour
    background: Colour
    hair_style: Callable[[Canvas, Face], None]
    coat: bool = False
    glasses: bool = False
    beard: bool = False
    wrinkles: bool = False


def maren_okafor() -> Canvas:
    return _portrait(
        Face(SKINS[3], "#2a211e", TEAL, "#dfeae3", _cloud_of_curls, coat=True)
    )


def daniel_whitlock_reyes() -> Canvas:
    return _portrait(Face(SKINS[1], "#3b2a20", SLATE, "#f4e3d3", _short, beard=True))


def colleen_ashby() -> Canvas:
    return _portrait(
        Face(
            SKINS[0],
            "#cfc9c2",
            "#84596e",
            "#e6e3ee",
            _bob,
            coat=True,
            glasses=True,
            wrinkles=True,
        )
    )


def tobias_lindqvist() -> Canvas:
    return _portrait(
        Face(SKINS[0], "#c99a5b", "#4a6b3a", "#e3edee", _side_part, glasses=True)
    )


def grace_adeyemi_burke() -> Canvas:
    return _portrait(Face(SKINS[2], "#33251e", CORAL, "#f6e8da", _bun))


def owen_marchetti() -> Canvas:
    return _portrait(
        Face(
            SKINS[1],
            "#8d8a86",
            "#2d4f8a",
            "#e2e9f0",
            _receding,
            beard=True,
            wrinkles=True,
        )
    )


def _portrait(face: Face) -> Canvas:
    canvas = Canvas(SIDE, SIDE, face.background)
    canvas.circle((400, 430), 330, mix(face.background, WHITE, 0.5))
    if face.hair_style in (_cloud_of_curls, _bob, _bun):
        face.hair_style(canvas, face)
    _shoulders(canvas, face)
    _head(canvas, face)
    _fringe(canvas, face)
    _features(canvas, face)
    return canvas


def _shoulders(canvas: Canvas, face: Face) -> None:
    outer = WHITE if face.coat else face.clothes
    canvas.blob(
        points("110,830 150,690 290,610 400,596 510,610 650,690 690,830 400,900"),
        outer,
    )
    if face.coat:
        canvas.polygon([(318, 606), (482, 606), (440, 820), (360, 820)], face.clothes)
        edge = mix(WHITE, INK, 0.12)
        canvas.polygon([(318, 604), (262, 640), (352, 820), (372, 820)], edge)
        canvas.polygon([(482, 604), (538, 640), (448, 820), (428, 820)], edge)
    else:
        collar = mix(face.clothes, WHITE, 0.22)
        canvas.polygon([(330, 604), (400, 690), (306, 668)], collar)
        canvas.polygon([(470, 604), (400, 690), (494, 668)], collar)
    neck = mix(face.skin, INK, 0.14)
    canvas.taper((400, 500), 62, (400, 612), 60, neck)


def _head(canvas: Canvas, face: Face) -> None:
    for side in (-1, 1):
        canvas.ellipse((400 + side * 132, 408), 25, 36, mix(face.skin, INK, 0.08))
    canvas.taper((400, 352), 134, (400, 458), 96, face.skin)
    if face.beard:
        beard = mix(face.hair, face.skin, 0.12)
        canvas.blob(
            points(
                "268,420 292,486 330,548 400,572 470,548 508,486 532,420 490,452 "
                "400,440 310,452"
            ),
            beard,
        )


def _features(canvas: Canvas, face: Face) -> None:
    dark = mix(INK, "#1a1412", 0.5)
    shade = mix(face.skin, INK, 0.22)
    for side in (-1, 1):
        x = 400 + side * 54
        canvas.circle((x, 394), 11, dark)
        brow = [
            (x - 26, 356 + 4 * (side < 0)),
            (x, 346),
            (x + 26, 356 + 4 * (side > 0)),
        ]
        canvas.stroke(brow, [7, 11, 7], mix(face.hair, INK, 0.25))
        cheek = mix(face.skin, CORAL, 0.22)
        if not face.beard:
            canvas.ellipse((400 + side * 82, 448), 26, 18, cheek)
        if face.wrinkles:
            canvas.stroke(
                [(400 + side * 88, 402), (400 + side * 104, 410)], [4, 3], shade
            )
        if face.glasses:
            canvas.ring((x, 394), 42, 8, INK)
    if face.glasses:
        canvas.stroke([(382, 388), (400, 382), (418, 388)], [8, 8, 8], INK)
    canvas.stroke([(402, 402), (412, 436), (394, 444)], [6, 8, 7], shade)
    if face.beard:
        canvas.ellipse((400, 490), 46, 17, mix(face.skin, CORAL, 0.3))
        canvas.stroke([(366, 484), (400, 494), (434, 484)], [7, 9, 7], PAPER)
    else:
        smile = points("356,476 378,494 400,499 422,494 444,476")
        canvas.stroke(smile, [7, 10, 11, 10, 7], mix(face.skin, "#7d2f2a", 0.6))


def _fringe(canvas: Canvas, face: Face) -> None:
    """What of the hair lies before the forehead."""
    tops: dict[Callable[[Canvas, Face], None], list[tuple[float, float]]] = {
        _cloud_of_curls: points(
            "268,330 290,244 400,206 510,244 532,330 470,282 400,270 330,282"
        ),
        _bob: points(
            "262,420 252,300 310,210 400,190 500,214 548,300 538,420 508,330 "
            "430,262 350,300 296,344"
        ),
        _bun: points(
            "262,372 268,270 330,204 400,190 470,204 532,270 538,372 500,296 "
            "400,262 300,296"
        ),
    }
    if face.hair_style in tops:
        canvas.blob(tops[face.hair_style], face.hair)
    else:
        face.hair_style(canvas, face)


def _cloud_of_curls(canvas: Canvas, face: Face) -> None:
    for x, y, r in (
        (270, 300, 92), (330, 220, 96), (420, 196, 98), (510, 250, 92), (540, 340, 84),
        (256, 390, 80), (550, 430, 70), (248, 470, 66), (400, 300, 120),
    ):  # fmt: skip
        canvas.circle((x, y), r, face.hair)


def _bob(canvas: Canvas, face: Face) -> None:
    canvas.blob(
        points(
            "236,560 226,380 270,230 400,174 530,230 574,380 564,560 480,590 320,590"
        ),
        face.hair,
    )


def _bun(canvas: Canvas, face: Face) -> None:
    canvas.circle((400, 168), 74, face.hair)
    canvas.circle((400, 330), 148, face.hair)


def _short(canvas: Canvas, face: Face) -> None:
    canvas.blob(
        points(
            "258,390 252,290 300,206 400,176 500,206 548,290 542,390 516,312 "
            "460,276 340,276 284,312"
        ),
        face.hair,
    )


def _side_part(canvas: Canvas, face: Face) -> None:
    canvas.blob(
        points(
            "260,388 248,286 300,200 420,170 520,210 552,300 540,392 520,316 "
            "440,276 350,250 300,300"
        ),
        face.hair,
    )


def _receding(canvas: Canvas, face: Face) -> None:
    for side in (-1, 1):
        canvas.blob(
            [
                (400 + side * x, y)
                for x, y in points("104,250 146,310 148,420 124,400 116,320")
            ],
            face.hair,
        )
    canvas.blob(
        points("276,300 312,226 400,188 488,226 524,300 476,256 400,238 324,256"),
        face.hair,
    )
