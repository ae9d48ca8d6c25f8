"""Measure the product: `make bench`, `bench-growth`, `bench-sync`, `bench-clock`."""

from __future__ import annotations

from tests.bench import environment

environment.of_their_own()

import django  # noqa: E402 - reads the settings

django.setup()

from tests.bench import programs  # noqa: E402 - needs the settings

if __name__ == "__main__":
    programs.main()
