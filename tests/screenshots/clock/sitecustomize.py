"""Moves the clock of every Python process that has this folder on its PYTHONPATH.

By how many seconds is in CLINICAST_CLOCK_SHIFT_S, the same for all processes of a demo,
so that what one writes lies in the past of the others.
"""

from __future__ import annotations

import os
import time

import time_machine

if shift_s := os.environ.get("CLINICAST_CLOCK_SHIFT_S"):
    time_machine.travel(time.time() + float(shift_s), tick=True).start()
