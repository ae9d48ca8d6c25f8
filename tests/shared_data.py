"""The real input beside the checkout; what needs it is skipped where it is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(name: str) -> Path:
    """The path of a file of real input; skips the test where there is none."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"NOT TESTED ON REAL INPUT: ../shared/data/{name} is not here")
    return path


def shared_rows(name: str) -> list[dict[str, Any]]:
    lines = shared(name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]
