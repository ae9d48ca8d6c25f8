"""The pictures of the articles in which somebody does something."""

from __future__ import annotations

from .canvas import Canvas, mix, points, polar
from .figures import Look, Person
from .palette import (
    BARK,
    BLUSH,
    CLAY,
    CORAL,
    INK,
    MOSS,
    PAPER,
    PLUM,
    SAGE,
    SAND,
    SEA,
    SKINS,
    SKY,
    SLATE,
    SUN,
    TEAL,
    WHITE,
    WOOD,
)
from .scenery import (
    GROUND,
    HEIGHT,
    WIDTH,
    chair,
    dune_hills,
    focus,
    leaf,
    plant,
    shadow,
    stage,
    window,
)


def walking_path() -> Canvas:
    canvas = stage("leaf", floor=False)
    canvas.circle((1180, 300), 92, SUN)
    dune_hills(canvas, (mix(SAGE, WHITE, 0.25), SAGE))
    canvas.polygon([(0, 850), (WIDTH, 820), (WIDTH, HEIGHT), (0, HEIGHT)], MOSS)
    canvas.polygon([(0, 900), (WIDTH, 862), (WIDTH, 930), (0, 985)], SAND)
    for x, ground, size in ((260, 850, 1.0), (1330, 836, 1.25), (1450, 842, 0.8)):
        _tree(canvas, x, ground, size)
    walker = Person(
        near_leg=(26, 14),
        far_leg=(-20, -46),
        near_arm=(-30, 0),
        far_arm=(30, 66),
        lean=5,
        feet=(8, -34),
        scale=1.08,
        look=Look(skin=SKINS[1], hair="#4a3228", shirt=CLAY, trousers=INK),
    ).standing_on(760, 912)
    shadow(canvas, 770, 150, 908)
    walker.draw(canvas)
    focus(canvas, polar(walker.hip, 52, 180 + 32))
    return canvas


def sit_to_stand() -> Canvas:
    canvas = stage("dune")
    window(canvas, (1040, 190), (250, 290), SKY)
    plant(canvas, 1330, GROUND, 1.1)
    chair(canvas, 620, 640)
    riser = Person(
        near_leg=(62, -14),
        far_leg=(54, -8),
        near_arm=(66, 84),
        far_arm=(58, 78),
        lean=36,
        nod=-18,
        scale=1.1,
        look=Look(
            skin=SKINS[2], hair="#d8d4cf", shirt=TEAL, trousers=SLATE, hair_style="bun"
        ),
    ).standing_on(690, GROUND)
    shadow(canvas, 800, 150)
    riser.draw(canvas)
    focus(canvas, riser.knee(riser.near_leg))
    return canvas


def shoulder_raise() -> Canvas:
    canvas = stage("mist", floor=False)
    lifter = Person(
        near_leg=(0, 0),
        far_leg=(0, 0),
        near_arm=(128, 150),
        far_arm=(-6, 10),
        scale=2.15,
        look=Look(skin=SKINS[0], hair="#7d4a2d", shirt=TEAL, trousers=INK),
        hip=(720, 1090),
    )
    lifter.draw(canvas)
    hand = lifter.hand(lifter.near_arm)
    canvas.rounded((hand[0] - 92, hand[1] - 18), (184, 36), 18, SLATE)
    for side in (-1, 1):
        canvas.rounded((hand[0] + side * 96 - 28, hand[1] - 58), (56, 116), 22, INK)
    canvas.circle(hand, 40, SKINS[0])
    focus(canvas, lifter.shoulder, 1.5)
    return canvas


def shoulder_band() -> Canvas:
    canvas = stage("mist")
    canvas.rounded((1050, 150), (300, 712), 8, WOOD)
    canvas.rounded((1080, 184), (240, 640), 6, mix(WOOD, WHITE, 0.2))
    canvas.circle((1104, 520), 20, SUN)
    puller = Person(
        near_leg=(9, 3),
        far_leg=(-12, -8),
        near_arm=(2, 92),
        far_arm=(-4, 2),
        scale=1.12,
        look=Look(skin=SKINS[0], hair="#7d4a2d", shirt=TEAL, trousers=INK),
    ).standing_on(600, GROUND)
    hand = puller.hand(puller.near_arm)
    shadow(canvas, 610, 130)
    canvas.stroke([(1104, 520), hand], [9, 9], CORAL)
    puller.draw(canvas)
    elbow = puller.elbow(puller.near_arm)
    canvas.rounded((elbow[0] - 54, elbow[1] - 60), (44, 96), 20, SUN)
    return canvas


def balance_chair() -> Canvas:
    canvas = stage("leaf")
    window(canvas, (330, 180), (230, 270), SKY)
    chair(canvas, 1020, 650)
    stander = Person(
        near_leg=(48, -34),
        far_leg=(0, 1),
        near_arm=(60, 96),
        far_arm=(-34, -50),
        scale=1.12,
        feet=(24, 0),
        look=Look(skin=SKINS[0], hair="#e4e1dc", shirt=PLUM, trousers=INK),
    ).standing_on(740, GROUND)
    shadow(canvas, 760, 110)
    stander.draw(canvas)
    for radius in (150, 190, 230):
        canvas.ring(stander.hip, radius, 7, mix(SAGE, WHITE, 0.3), (150, 205))
    plant(canvas, 1330, GROUND, 1.0)
    return canvas


def single_leg_hop() -> Canvas:
    canvas = stage("dawn")
    for x, radius in ((330, 46), (438, 58), (570, 70)):
        canvas.ring((x, 856), radius, 8, mix(CLAY, WHITE, 0.45), (180, 360))
    hopper = Person(
        near_leg=(40, -22),
        far_leg=(-30, -96),
        near_arm=(-52, -20),
        far_arm=(64, 120),
        lean=16,
        nod=-6,
        feet=(14, -58),
        scale=1.08,
        look=Look(
            skin=SKINS[3], hair="#2b2320", shirt=SUN, trousers=INK, hair_style="bun"
        ),
    ).standing_on(830, 800)
    shadow(canvas, 910, 120)
    hopper.draw(canvas)
    focus(canvas, hopper.knee(hopper.near_leg))
    return canvas


def desk_posture() -> Canvas:
    canvas = stage("mist")
    window(canvas, (330, 150), (250, 290), mix(SKY, WHITE, 0.3))
    chair(canvas, 640, 640)
    worker = Person(
        near_leg=(86, 4),
        far_leg=(82, -4),
        near_arm=(34, 88),
        far_arm=(30, 84),
        lean=4,
        nod=10,
        scale=1.1,
        look=Look(
            skin=SKINS[1], hair="#3a2a24", shirt=SLATE, trousers=INK, hair_style="long"
        ),
    )
    worker.hip = (630, 600)
    shadow(canvas, 700, 190)
    worker.draw(canvas)
    canvas.rounded((800, 566), (520, 26), 10, BARK)
    for x in (860, 1280):
        canvas.taper((x, 590), 11, (x, GROUND - 8), 9, BARK)
    canvas.taper((980, 556), 9, (1064, 400), 8, INK)
    canvas.rounded((880, 552), (130, 16), 6, INK)
    canvas.rounded((1150, 474), (70, 92), 12, WHITE)
    canvas.ring((1222, 516), 24, 10, WHITE)
    plant(canvas, 1420, GROUND, 0.9)
    focus(canvas, polar(worker.shoulder, 50, 190))
    return canvas


def runner_boardwalk() -> Canvas:
    canvas = stage("dawn", floor=False)
    canvas.circle((1130, 420), 120, SUN)
    canvas.polygon([(0, 520), (WIDTH, 520), (WIDTH, 760), (0, 760)], SEA)
    for x, y, length in (
        (180, 580, 150),
        (520, 630, 210),
        (1010, 570, 190),
        (1260, 660, 170),
    ):
        canvas.taper((x, y), 5, (x + length, y), 5, mix(SEA, WHITE, 0.4))
    canvas.polygon([(0, 740), (WIDTH, 740), (WIDTH, 812), (0, 812)], SAND)
    canvas.polygon([(0, 806), (WIDTH, 806), (WIDTH, HEIGHT), (0, HEIGHT)], WOOD)
    for x in range(-200, 1800, 118):
        canvas.polygon(
            [(x + 60, 806), (x + 66, 806), (x - 18, HEIGHT), (x - 28, HEIGHT)],
            mix(WOOD, INK, 0.22),
        )
    runner = Person(
        near_leg=(66, -30),
        far_leg=(-26, -82),
        near_arm=(-46, 42),
        far_arm=(46, 128),
        lean=12,
        nod=-4,
        feet=(16, -52),
        scale=1.12,
        look=Look(
            skin=SKINS[2], hair="#2b2320", shirt=CORAL, trousers=INK, hair_style="bun"
        ),
    ).standing_on(700, 880)
    shadow(canvas, 690, 120, 912)
    runner.draw(canvas)
    return canvas


def wall_slide() -> Canvas:
    canvas = stage("dune")
    canvas.polygon([(1010, 0), (WIDTH, 0), (WIDTH, GROUND), (1010, GROUND)], BLUSH)
    canvas.polygon(
        [(1010, 0), (1026, 0), (1026, GROUND), (1010, GROUND)], mix(BLUSH, CLAY, 0.3)
    )
    slider = Person(
        near_leg=(4, 2),
        far_leg=(-12, -8),
        near_arm=(112, 150),
        far_arm=(-2, 8),
        lean=3,
        nod=-8,
        scale=1.06,
        look=Look(skin=SKINS[1], hair="#5a3d2b", shirt=SAGE, trousers=INK),
    ).standing_on(832, GROUND)
    shadow(canvas, 832, 130)
    hand = slider.hand(slider.near_arm)
    canvas.rounded((984, hand[1] - 62), (34, 110), 14, PAPER)
    slider.draw(canvas)
    focus(canvas, slider.shoulder)
    for i in range(3):
        canvas.ring(
            (940, hand[1] - 60 - 46 * i), 26, 8, mix(CLAY, WHITE, 0.3), (215, 325)
        )
    return canvas


def _tree(canvas: Canvas, x: float, ground: float, size: float) -> None:
    canvas.taper((x, ground), 13 * size, (x, ground - 190 * size), 8 * size, BARK)
    for lean, length in points("-28,210 26,220 0,280 -52,150 50,150"):
        leaf(canvas, (x, ground - 120 * size), length * size, 180 - lean, TEAL)
