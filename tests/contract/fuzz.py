"""Thousands of requests that nobody thought of, against the real server: `make fuzz`.

The operations, parameters and promises are those of the OpenAPI document that the
server itself gives: what is added to the API is asked for by itself. Every request that
breaks a promise is printed as a curl command. It takes minutes, so no other run
collects this file.

    make fuzz SEED=7 CASES=20000
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings

from tests.contract.description import operations
from tests.contract.serving import Server

CASES = int(os.environ.get("CASES") or 5_000)
SEED = int(os.environ.get("SEED") or random.randrange(1_000_000))
GENERATED = re.compile(r"(\d[\d,]*) generated")
# Allocators keep some; a leak of 20 kB a request would be far above it.
GROWTH_BYTES = 100 * 2**20

pytestmark = pytest.mark.django_db


def test_no_request_breaks_a_promise_of_the_document(
    server: Server, tmp_path: Path
) -> None:
    before = server.resident_bytes()

    done, cases = _fuzz(server, tmp_path)
    after = server.resident_bytes()

    grown = {pid: after.get(pid, 0) - held for pid, held in before.items()}
    _say(f"{cases} cases over {len(operations())} operations, seed {SEED}.")
    _say(f"Memory grew by {max(grown.values()) / 2**20:.0f} MB at most per process.")
    assert done == 0, f"Promises were broken; again with: make fuzz SEED={SEED}"
    assert cases >= CASES, f"only {cases} cases were tried"
    assert set(after) == set(before), "A worker process died and was replaced."
    assert max(grown.values()) < GROWTH_BYTES


def _fuzz(server: Server, folder: Path) -> tuple[int, int]:
    """The exit status of all phases, and how many cases they tried."""
    config = folder / "schemathesis.toml"
    config.write_text(_config(server))
    command = [
        *(str(Path(sys.executable).parent / "schemathesis"), "--config-file"),
        *(str(config), "run", f"{server.url}/api/v1/openapi.json"),
        *("--url", server.url, "--seed", str(SEED), "--workers", "2"),
        *("--checks", "all", "--max-examples", str(_examples())),
        *("--phases", "examples,coverage,fuzzing,stateful", "--no-color"),
        *("--generation-database", "none", "--continue-on-failure"),
    ]
    environ = os.environ | {
        "SCHEMATHESIS_HOOKS": "tests.contract.fuzz_rules",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    for line in process.stdout or ():
        _say(line.rstrip("\n"))
        said.append(line)
    counts = GENERATED.findall("".join(said))
    return process.wait(), int(counts[-1].replace(",", "")) if counts else 0


def _examples() -> int:
    """Random cases for each operation.

    As many come on top, and more with each parameter: those that try every
    parameter absent, empty, twice, and at and past its limits.
    """
    return -(-CASES // 2 // len(operations()))


def _config(server: Server) -> str:
    """Half of the details are asked for by a name that there is.

    Random names find nothing, and what is found has more to promise.
    """
    # A channel that does not exist is refused before anything else is looked at.
    known = '{ dictionary = "channels", probability = 1.0 }'
    parts = [
        f'parameters = {{ "query.channel" = {known} }}\n',
        '[dictionaries.channels]\nvalues = ["public"]\n',
        # Too long an address is a refusal as well.
        "[checks.negative_data_rejection]\n"
        "expected-statuses = [400, 401, 403, 404, 406, 414]\n",
    ]
    for operation in operations():
        collection, _, name = operation.path.rstrip("/").rpartition("/")
        names = _names(server, f"{collection}/") if name == "{slug_or_id}" else []
        if not names:
            continue
        parts.append(f"[dictionaries.{operation.id}]\nvalues = {json.dumps(names)}\n")
        bound = f'{{ dictionary = "{operation.id}", probability = 0.5 }}'
        parts.append(
            f"[[operations]]\ninclude-path = {json.dumps(operation.path)}\n"
            f'parameters = {{ "path.slug_or_id" = {bound} }}\n'
        )
    return "\n".join(parts)


def _names(server: Server, path: str) -> list[str]:
    with urlopen(f"{server.url}{path}") as answer:
        results = json.load(answer)["results"]
    return [one[name] for one in results for name in ("slug", "id")]


def _say(line: str) -> None:
    # `make fuzz` lets it through while it runs: it takes minutes.
    print(line, flush=True)  # noqa: T201
