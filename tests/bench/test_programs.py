"""What can be measured can be started."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cms.readers import BASE_DIR


@pytest.mark.parametrize("what", ["speed", "growth", "sync", "clock", "entitlement"])
def test_each_measurement_says_what_may_be_asked_of_it(what: str):
    command = [sys.executable, "-m", "tests.bench", what, "--help"]

    said = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True)

    assert said.returncode == 0, said.stderr
    assert "--kept" in said.stdout
