"""When to try again, and when to stop: three days, with ever longer pauses."""

from __future__ import annotations

import random
from datetime import timedelta

# Before each attempt at one message.
# Source: Standard Webhooks 1.0.0, section "Deliverability and reliability".
PAUSES = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# So that those that failed together do not all come back together.
JITTER = 0.1
# A receiver may ask for more patience than we have, but not for more than this.
LONGEST_WAIT = timedelta(hours=24)


def pause_after(failures: int, retry_after_s: float | None) -> timedelta | None:
    """How long to wait after that many failures in a row; None: no longer at all.

    What the receiver asked for counts where it is longer.
    """
    if failures >= len(PAUSES):
        return None
    jitter = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - not a secret
    pause = PAUSES[failures] * jitter
    if retry_after_s is None:
        return pause
    return max(pause, min(timedelta(seconds=retry_after_s), LONGEST_WAIT))
