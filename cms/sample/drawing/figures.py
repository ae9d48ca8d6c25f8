"""People, built from joints and angles: each scene says how they hold themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

from .canvas import Canvas, Colour, Point, mix, polar
from .palette import CLAY, INK, SKINS, TEAL, WHITE

# Lengths for a figure of scale 1, which is about 640 high.
THIGH, SHIN, TRUNK, UPPER_ARM, FOREARM = 150.0, 150.0, 172.0, 104.0, 98.0
ANKLE_HEIGHT = 24.0

# Upper and lower part of a limb, in degrees: 0 hangs down, 90 points forward.
Limb = tuple[float, float]


@dataclass(frozen=True)
class Look:
    """What somebody looks like and wears."""

    skin: Colour = SKINS[0]
    hair: Colour = INK
    shirt: Colour = CLAY
    trousers: Colour = TEAL
    shoes: Colour = WHITE
    hair_style: str = "short"


@dataclass
class Person:
    """A figure seen from the side, looking to the right."""

    near_leg: Limb
    far_leg: Limb
    near_arm: Limb
    far_arm: Limb
    lean: float = 0.0
    nod: float = 0.0
    feet: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    look: Look = field(default_factory=Look)
    hip: Point = (0.0, 0.0)

    def standing_on(self, x: float, ground: float) -> Person:
        """The same figure with its hip above `x` and its lower foot on `ground`."""
        drops = [
            polar(polar((0, 0), THIGH, leg[0]), SHIN, leg[1])[1]
            for leg in (self.near_leg, self.far_leg)
        ]
        self.hip = (x, ground - (max(drops) + ANKLE_HEIGHT) * self.scale)
        return self

    @property
    def shoulder(self) -> Point:
        return polar(self.hip, TRUNK * self.scale, 180 - self.lean)

    @property
    def head(self) -> Point:
        return polar(self.shoulder, 84 * self.scale, 180 - self.lean - self.nod)

    def knee(self, leg: Limb) -> Point:
        return polar(self.hip, THIGH * self.scale, leg[0])

    def ankle(self, leg: Limb) -> Point:
        return polar(self.knee(leg), SHIN * self.scale, leg[1])

    def elbow(self, arm: Limb) -> Point:
        return polar(self.shoulder, UPPER_ARM * self.scale, arm[0])

    def hand(self, arm: Limb) -> Point:
        return polar(self.elbow(arm), FOREARM * self.scale, arm[1])

    def draw(self, canvas: Canvas) -> None:
        """From the far side to the near one; what is far is a little darker."""
        self._arm(canvas, self.far_arm, shade=0.18)
        self._leg(canvas, self.far_leg, self.feet[1], shade=0.22)
        self._neck(canvas)
        self._leg(canvas, self.near_leg, self.feet[0], shade=0)
        self._trunk(canvas)
        self._head(canvas)
        self._arm(canvas, self.near_arm, shade=0)

    def _leg(self, canvas: Canvas, leg: Limb, foot: float, shade: float) -> None:
        s = self.scale
        trousers = mix(self.look.trousers, INK, shade)
        shoe = mix(self.look.shoes, INK, shade * 0.8)
        knee, ankle = self.knee(leg), self.ankle(leg)
        self._foot(canvas, ankle, foot, shoe)
        canvas.taper(self.hip, 41 * s, knee, 29 * s, trousers)
        canvas.taper(knee, 29 * s, ankle, 19 * s, trousers)

    def _foot(self, canvas: Canvas, ankle: Point, tilt: float, shoe: Colour) -> None:
        s = self.scale
        heel = polar(ankle, 14 * s, -60 + tilt)
        ball = polar(ankle, 62 * s, 78 + tilt)
        canvas.taper(ankle, 20 * s, polar(ankle, 8 * s, tilt), 17 * s, shoe)
        canvas.taper(heel, 16 * s, ball, 12 * s, shoe)
        sole = mix(shoe, INK, 0.35)
        below = [polar(p, 13 * s, tilt) for p in (heel, ball)]
        canvas.taper(below[0], 4 * s, below[1], 4 * s, sole)

    def _neck(self, canvas: Canvas) -> None:
        s = self.scale
        neck = polar(self.shoulder, 56 * s, 180 - self.lean - self.nod / 2)
        canvas.taper(self.shoulder, 19 * s, neck, 17 * s, mix(self.look.skin, INK, 0.1))

    def _trunk(self, canvas: Canvas) -> None:
        # The shirt ends above the hip, so that the near leg swings below its hem.
        s = self.scale
        waist = polar(self.hip, 20 * s, 180 - self.lean)
        canvas.taper(self.shoulder, 43 * s, waist, 46 * s, self.look.shirt)

    def _head(self, canvas: Canvas) -> None:
        s, look, head = self.scale, self.look, self.head
        turn = -self.lean - self.nod
        skull = polar(head, 8 * s, 200 + turn)
        if look.hair_style == "bun":
            canvas.circle(polar(head, 62 * s, 236 + turn), 23 * s, look.hair)
        if look.hair_style == "long":
            canvas.taper(
                skull, 46 * s, polar(head, 66 * s, -34 + turn), 20 * s, look.hair
            )
        canvas.circle(skull, 51 * s, look.hair)
        chin = polar(head, 20 * s, 38 + turn)
        canvas.taper(polar(head, 13 * s, 104 + turn), 37 * s, chin, 29 * s, look.skin)
        canvas.circle(polar(head, 47 * s, 84 + turn), 9 * s, look.skin)
        ear = polar(head, 10 * s, -68 + turn)
        canvas.circle(ear, 11 * s, mix(look.skin, INK, 0.12))

    def _arm(self, canvas: Canvas, arm: Limb, shade: float) -> None:
        s = self.scale
        sleeve = mix(mix(self.look.shirt, INK, 0.1), INK, shade)
        skin = mix(self.look.skin, INK, shade * 0.8)
        elbow, hand = self.elbow(arm), self.hand(arm)
        canvas.taper(elbow, 19 * s, hand, 13 * s, skin)
        canvas.circle(polar(hand, 8 * s, arm[1]), 17 * s, skin)
        cuff = polar(self.shoulder, UPPER_ARM * 0.86 * s, arm[0])
        canvas.taper(elbow, 19 * s, cuff, 20 * s, skin)
        canvas.taper(self.shoulder, 29 * s, cuff, 23 * s, sleeve)
