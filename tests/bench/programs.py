"""What can be measured, by name."""

from __future__ import annotations

import argparse

from . import clock, growth, speed, sync

PROGRAMS = {"speed": speed, "growth": growth, "sync": sync, "clock": clock}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parts = parser.add_subparsers(dest="what", required=True)
    for name, module in PROGRAMS.items():
        module.options(parts.add_parser(name, description=module.__doc__))
    asked = parser.parse_args()
    PROGRAMS[asked.what].main(asked)
