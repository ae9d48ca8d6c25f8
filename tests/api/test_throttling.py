"""A caller gets its share, exactly, and nothing that it does takes anybody else's."""

from __future__ import annotations

import json
import logging
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import pytest
import redis
import time_machine

from api import throttling
from api.throttling import Limiter, Memory, Policy, Shared, Verdict
from cms.readers import BASE_DIR
from tests.redis import Server
from tests.threads import at_once

HOUR_S = 3_600


def passed(verdicts: list[Verdict]) -> int:
    return sum(verdict.is_allowed for verdict in verdicts)


class Clock:
    """Microseconds that pass only when they are told to."""

    def __init__(self) -> None:
        self.us = 1_790_000_000_000_000

    def __call__(self) -> int:
        return self.us


# --- In memory ----------------------------------------------------------------------


@pytest.mark.parametrize("quota", [1, 7, 1200, 7_777])
def test_a_quiet_caller_may_send_the_whole_quota_and_not_one_more(quota: int) -> None:
    memory = Memory(now_us=Clock())
    policy = Policy("open", quota, 60)

    verdicts = [memory.spend(policy, "a") for _ in range(quota + 2)]

    assert passed(verdicts) == quota
    assert [verdict.remaining for verdict in verdicts[:quota]] == [*range(quota)][::-1]


def test_the_bucket_fills_evenly_and_the_wait_that_is_told_is_enough() -> None:
    clock = Clock()
    memory = Memory(now_us=clock)
    policy = Policy("open", 6, 60)
    for _ in range(6):
        memory.spend(policy, "a")

    refused = memory.spend(policy, "a")
    clock.us += refused.wait_us - 1
    too_early = memory.spend(policy, "a")
    clock.us += 1
    in_time = memory.spend(policy, "a")

    assert refused == Verdict(False, 0, 10_000_000)
    assert refused.retry_after_s == 10
    assert refused.header(policy) == '"open";r=0;t=10'
    assert too_early == Verdict(False, 0, 1)
    assert too_early.retry_after_s == 1
    assert in_time == Verdict(True, 0, 0)


def test_asking_on_while_refused_makes_the_wait_no_longer() -> None:
    clock = Clock()
    memory = Memory(now_us=clock)
    policy = Policy("open", 2, 60)

    for _ in range(100):
        memory.spend(policy, "a")
    clock.us += 30_000_000

    assert memory.spend(policy, "a").is_allowed


def test_callers_and_policies_do_not_share_a_bucket() -> None:
    memory = Memory(now_us=Clock())
    memory.spend(Policy("open", 1, 60), "a")

    assert memory.spend(Policy("open", 1, 60), "b").is_allowed
    assert memory.spend(Policy("key", 1, 60), "a").is_allowed
    assert not memory.spend(Policy("open", 1, 60), "a").is_allowed


def test_a_million_addresses_take_no_more_memory_than_a_thousand() -> None:
    memory = Memory(remembered=1_000)
    policy = Policy("open", 1, HOUR_S)
    memory.spend(policy, "loud")

    for number in range(300_000):
        memory.spend(policy, str(number))
        if number % 500 == 0:
            memory.spend(policy, "loud")

    assert len(memory) == 1_000


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_setting_the_clock_of_the_machine_changes_no_limit(jump: timedelta) -> None:
    memory = Memory()
    policy = Policy("open", 1, HOUR_S)
    memory.spend(policy, "a")

    with time_machine.travel(time.time() + jump.total_seconds(), tick=True):
        assert not memory.spend(policy, "a").is_allowed
        assert memory.spend(policy, "b").is_allowed


def test_threads_do_not_get_more_between_them() -> None:
    memory = Memory()
    policy = Policy("open", 500, HOUR_S)
    verdicts: list[Verdict] = []

    def hurry() -> None:
        verdicts.extend([memory.spend(policy, "a") for _ in range(200)])

    assert at_once(*[hurry] * 8) == []
    assert (passed(verdicts), len(verdicts)) == (500, 1_600)


# --- In Redis -----------------------------------------------------------------------

HURRY = """
import json, sys
from api.throttling import Policy, Shared
url, name = sys.argv[1:]
shared = Shared(url, "the same secret on both machines")
policy = Policy(name, 500, 3600)
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps([shared.spend(policy, "a").is_allowed for _ in range(600)]))
"""


def test_two_processes_together_let_exactly_the_quota_pass(
    any_redis: str, buckets: str
) -> None:
    command = [sys.executable, "-c", HURRY, any_redis, buckets]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    racers = [subprocess.Popen(command, cwd=BASE_DIR, **pipes) for _ in range(2)]
    for racer in racers:
        assert racer.stdout.readline() == b"ready\n"
    for racer in racers:
        racer.stdin.write(b"go\n")
        racer.stdin.flush()

    got = [json.loads(racer.communicate(timeout=60)[0]) for racer in racers]

    assert sum(map(sum, got)) == 500
    assert all(0 < sum(one) < 500 for one in got), "they did not race"


def test_redis_counts_as_memory_does(
    any_redis: str, buckets: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    at_clock = "{math.floor(ARGV[3] / 1000000), ARGV[3] % 1000000}"
    assert "redis.call('TIME')" in throttling.SPEND
    script = throttling.SPEND.replace("redis.call('TIME')", at_clock)
    spend = redis.Redis.from_url(any_redis).register_script(script)
    chance = random.Random(7)

    for number, (quota, window_s) in enumerate([(1, 1), (7, 60), (13, 3), (1200, 60)]):
        policy = Policy(buckets, quota, window_s)
        memory = Memory(now_us=clock)
        for _ in range(500):
            clock.us += chance.choice(
                [0, 0, 1, 1_000, policy.cost_us, window_s * 10**6]
            )
            told = spend(
                keys=[f"clinicast:limit:{buckets}:{number}"],
                args=[policy.cost_us, policy.capacity_us, clock.us],
            )
            assert Verdict(bool(told[0]), *told[1:]) == memory.spend(policy, "a")


def test_redis_learns_no_address_and_forgets_who_is_quiet(
    any_redis: str, buckets: str
) -> None:
    client = redis.Redis.from_url(any_redis)
    shared = Shared(any_redis, "secret")

    shared.spend(Policy(buckets, 10, 60), "203.0.113.7")

    (key,) = client.scan_iter(f"clinicast:limit:{buckets}:*")
    assert b"203.0.113.7" not in key
    assert len(key.rpartition(b":")[2]) == 32
    assert 0 < client.pttl(key) <= 6_000
    other = Shared(any_redis, "other secret")
    other.spend(Policy(buckets, 10, 60), "203.0.113.7")
    assert len(list(client.scan_iter(f"clinicast:limit:{buckets}:*"))) == 2


@pytest.mark.parametrize(
    ("ahead_s", "is_allowed"), [(HOUR_S * 2, True), (HOUR_S + 0.5, False)]
)
def test_a_clock_that_is_set_back_shuts_nobody_out(
    any_redis: str, buckets: str, ahead_s: float, is_allowed: bool
) -> None:
    client = redis.Redis.from_url(any_redis)
    shared = Shared(any_redis, "secret")
    policy = Policy(buckets, 10, HOUR_S)
    shared.spend(policy, "a")
    (key,) = client.scan_iter(f"clinicast:limit:{buckets}:*")

    # As if it had been written before the clock of Redis went back.
    client.set(key, str(int((time.time() + ahead_s) * 1_000_000)))

    assert shared.spend(policy, "a").is_allowed is is_allowed


def test_a_redis_that_dies_takes_nothing_down_and_is_used_again_when_it_is_back(
    own_redis: Server,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(throttling, "REST_S", 0.2)
    policy = Policy("open", 3, HOUR_S)
    limiter = Limiter(Shared(own_redis.url, "secret"), Memory())
    elsewhere = Limiter(Shared(own_redis.url, "secret"), Memory())

    first = [limiter.spend(policy, "a") for _ in range(3)]
    own_redis.kill()
    with caplog.at_level(logging.WARNING):
        alone = [limiter.spend(policy, "a") for _ in range(50)]
    own_redis.start()
    time.sleep(0.3)
    again = [one.spend(policy, "a") for one in (limiter, elsewhere) for _ in range(3)]

    assert passed(first) == 3
    assert passed(alone) == 3, "it did not count by itself"
    # The new server knows of nobody, and the two share it.
    assert passed(again) == 3
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "Redis does not answer" in caplog.text


def test_a_redis_that_hangs_is_waited_for_once(own_redis: Server) -> None:
    policy = Policy("open", 100, HOUR_S)
    limiter = Limiter(Shared(own_redis.url, "secret"), Memory())
    limiter.spend(policy, "a")
    own_redis.send(signal.SIGSTOP)

    started = time.monotonic()
    verdicts = [limiter.spend(policy, "a") for _ in range(50)]
    took_s = time.monotonic() - started
    own_redis.send(signal.SIGCONT)

    assert passed(verdicts) == 50
    assert throttling.PATIENCE_S <= took_s < 20 * throttling.PATIENCE_S


def test_a_redis_that_never_was_takes_nothing_down() -> None:
    limiter = Limiter(Shared("redis://127.0.0.1:1/0", "secret"), Memory())

    assert limiter.spend(Policy("open", 1, 60), "a").is_allowed
