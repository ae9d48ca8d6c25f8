"""Every picture of the sample content, drawn by the project itself.

`draw("lake-como")` gives the same picture on every machine and in every year.
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from . import closeups, marks, places, portraits, scenes
from .canvas import Canvas

_DRAWINGS: tuple[Callable[[], Canvas], ...] = (
    scenes.walking_path,
    scenes.sit_to_stand,
    scenes.shoulder_raise,
    scenes.shoulder_band,
    scenes.balance_chair,
    scenes.single_leg_hop,
    scenes.desk_posture,
    scenes.runner_boardwalk,
    scenes.wall_slide,
    closeups.heel_raise,
    closeups.heel_close_up,
    closeups.ankle_wrap,
    closeups.inner_ear,
    closeups.wrist_splint,
    closeups.wrist_neutral,
    closeups.elbow_grip,
    places.lake_como,
    places.edison,
    places.manalapan,
    places.brick,
    places.red_bank,
    portraits.maren_okafor,
    portraits.daniel_whitlock_reyes,
    portraits.colleen_ashby,
    portraits.tobias_lindqvist,
    portraits.grace_adeyemi_burke,
    portraits.owen_marchetti,
    marks.practice_logo,
    marks.garden_state_rehab,
    marks.shore_athletics,
    marks.steady_steps,
    marks.badge_star,
    marks.badge_heart,
    marks.badge_book,
    marks.badge_shield,
    marks.badge_laurel,
)

DRAWINGS = {function.__name__.replace("_", "-"): function for function in _DRAWINGS}


def draw(name: str) -> Image.Image:
    """The finished picture of that name. Raises KeyError for one that is not drawn."""
    return DRAWINGS[name]().finish()
