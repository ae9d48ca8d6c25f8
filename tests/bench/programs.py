"""What can be measured, by name."""

from __future__ import annotations

import argparse

from . import clock, entitlement, growth, speed, sync

PROGRAMS = {
    "speed": speed,
    "growth": growth,
    "sync": sync,
    "clock": clock,
    "entitlement": entitlement,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parts = parser.add_subparsers(dest="what", required=True)
    for name, module in PROGRAMS.items():
        part = parts.add_parser(name, description=module.__doc__)
        part.add_argument(
            "--write", action="store_true", help="into docs/performance.md"
        )
        part.add_argument("--kept", action="store_true", help="the last run's database")
        module.options(part)
    asked = parser.parse_args()
    PROGRAMS[asked.what].main(asked)
