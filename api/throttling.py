"""How many requests a caller may send in a while: counted once for all processes.

A policy is a bucket that holds `quota` requests and fills up evenly within `window_s`:
who has been quiet may send all of it at once, and then as fast as it fills. Of each
caller one number is kept, the moment at which the bucket will be full again (GCRA, the
generic cell rate algorithm of ATM Forum TM 4.1), and nothing while it is full.

With Redis every process and machine takes from the same bucket, by the clock of Redis.
Without it, or while it does not answer, each process has a bucket of its own: callers
then get at most the quota times the number of processes, and never less than the quota.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

import redis
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

# A request waits for Redis no longer than this; it usually takes half a millisecond.
PATIENCE_S = 0.1
# After it has failed, it is left alone for so long.
REST_S = 5.0
LOG_EACH_S = 60.0
# Whom one process remembers at most: some 2 MB.
REMEMBERED = 10_000
# A bucket that is said to be full later than a bucket can be, by more than this, was
# written before the clock was set back: it tells nothing.
SLACK_US = 1_000_000
# Where a request keeps what it cost; no header of a client can have this name.
_SPENT = "clinicast.spent"
# And that it has been counted already, before it came to Django.
_COUNTED = "clinicast.counted"

# KEYS: the bucket. ARGV: microseconds that one request costs, and that a bucket holds.
# Whole numbers only: at this size a fraction would be lost, and with it a request.
SPEND = f"""
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local cost, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])
local full_at = tonumber(redis.call('GET', KEYS[1]) or now)
if full_at < now or full_at > now + capacity + {SLACK_US} then full_at = now end
local missing = full_at - now
if missing + cost > capacity then
    return {{0, 0, missing + cost - capacity}}
end
missing = missing + cost
local text = string.format('%.0f', now + missing)
redis.call('SET', KEYS[1], text, 'PX', math.ceil(missing / 1000))
return {{1, math.floor((capacity - missing) / cost), 0}}
"""


@dataclass(frozen=True)
class Policy:
    """`quota` requests within `window_s` seconds; at most one per microsecond."""

    name: str
    quota: int
    window_s: int

    @cached_property
    def cost_us(self) -> int:
        """How long it takes until one more request fits into the bucket."""
        return self.window_s * 1_000_000 // self.quota

    @cached_property
    def capacity_us(self) -> int:
        return self.cost_us * self.quota

    def header(self) -> str:
        """The value of `RateLimit-Policy`, the same on every answer.

        Source: draft-ietf-httpapi-ratelimit-headers-10, section 3.
        """
        return f'"{self.name}";q={self.quota};w={self.window_s}'


@dataclass(frozen=True)
class Verdict:
    """Whether one request may pass, how many more could, and after how long one will.

    `wait_us` is 0 for a request that may pass.
    """

    is_allowed: bool
    remaining: int
    wait_us: int

    @property
    def retry_after_s(self) -> int:
        """Whole seconds, never so few that the next request comes too early."""
        return max(1, math.ceil(self.wait_us / 1_000_000))

    def header(self, policy: Policy) -> str:
        """The value of `RateLimit`, about this caller only: not to be cached."""
        return f'"{policy.name}";r={self.remaining};t={self.retry_after_s}'


class Memory:
    """Buckets of this process. Whoever was quiet for longest is forgotten first."""

    def __init__(
        self,
        remembered: int = REMEMBERED,
        # It never goes back, whatever is done to the clock of the machine.
        now_us: Callable[[], int] = lambda: time.monotonic_ns() // 1_000,
    ) -> None:
        self._remembered = remembered
        self._now_us = now_us
        self._full_at: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._full_at)

    def spend(self, policy: Policy, caller: str) -> Verdict:
        """Take one request of `caller` out of the bucket, if there is one."""
        key = f"{policy.name}:{caller}"
        with self._lock:
            now = self._now_us()
            missing = max(0, self._full_at.get(key, now) - now) + policy.cost_us
            if missing > policy.capacity_us:
                return Verdict(False, 0, missing - policy.capacity_us)
            self._full_at[key] = now + missing
            self._full_at.move_to_end(key)
            if len(self._full_at) > self._remembered:
                self._full_at.popitem(last=False)
        return Verdict(True, (policy.capacity_us - missing) // policy.cost_us, 0)


class Shared:
    """Buckets in Redis, which learns of no caller: only a digest under our own key."""

    def __init__(self, url: str, secret: str) -> None:
        client: Any = redis.Redis.from_url(
            url,
            socket_timeout=PATIENCE_S,
            socket_connect_timeout=PATIENCE_S,
            # Once, for a connection that a restarted server has dropped.
            retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        )
        self._spend = client.register_script(SPEND)
        self._key = blake2b(secret.encode(), person=b"throttling").digest()

    def spend(self, policy: Policy, caller: str) -> Verdict:
        """As in memory. Raises redis.RedisError where there is no answer in time."""
        digest = blake2b(caller.encode(), digest_size=16, key=self._key).hexdigest()
        allowed, remaining, wait_us = self._spend(
            keys=[f"clinicast:limit:{policy.name}:{digest}"],
            args=[policy.cost_us, policy.capacity_us],
        )
        return Verdict(bool(allowed), remaining, wait_us)


class Limiter:
    """Asks Redis, and the memory of this process while that does not answer."""

    def __init__(self, shared: Shared | None, memory: Memory) -> None:
        self._shared = shared
        self._memory = memory
        self._lock = threading.Lock()
        self._ask_again_at = 0.0
        self._log_again_at = 0.0

    def spend(self, policy: Policy, caller: str) -> Verdict:
        """Count one request of `caller`, any text that names who is asking."""
        if self._shared is None or not self._is_time_to_ask():
            return self._memory.spend(policy, caller)
        try:
            verdict = self._shared.spend(policy, caller)
        except redis.RedisError as error:
            self._rest(error)
            return self._memory.spend(policy, caller)
        self._ask_again_at = 0.0
        return verdict

    def _is_time_to_ask(self) -> bool:
        if not self._ask_again_at:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._ask_again_at:
                return False
            # One request tries it; the others do not wait for the same nothing.
            self._ask_again_at = now + REST_S
            return True

    def _rest(self, error: redis.RedisError) -> None:
        with self._lock:
            now = time.monotonic()
            self._ask_again_at = now + REST_S
            if now < self._log_again_at:
                return
            self._log_again_at = now + LOG_EACH_S
        logger.warning(
            "Redis does not answer (%s): each process limits requests by itself.",
            type(error).__name__,
        )


def spend(policy: Policy, caller: str, request: HttpRequest) -> Verdict:
    """Count one request of `caller`, and keep for the answer what that came to."""
    verdict = limiter().spend(policy, caller)
    request.META[_SPENT] = (policy, verdict)
    return verdict


def spent_by(request: HttpRequest) -> tuple[Policy, Verdict] | None:
    """What `spend` kept; None where a door counted nothing."""
    spent: tuple[Policy, Verdict] | None = request.META.get(_SPENT)
    return spent


def note_counted(meta: MutableMapping[str, Any]) -> None:
    """Say of the request with this `META` that its address was counted for it."""
    meta[_COUNTED] = True


def is_counted(meta: Mapping[str, Any]) -> bool:
    """Whether that was said."""
    return _COUNTED in meta


def limiter() -> Limiter:
    """The one of this process, as the settings say."""
    return _limiter(settings.REDIS_URL, settings.SECRET_KEY)


@cache
def _limiter(redis_url: str, secret: str) -> Limiter:
    return Limiter(Shared(redis_url, secret) if redis_url else None, Memory())
