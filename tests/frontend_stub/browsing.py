"""What the tests in a browser share."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page


def run(page: Page, script: str, argument: Any = None) -> Any:
    """Run a script in the page, which knows the argument as `given`."""
    return page.evaluate(f"async (given) => {{ {script} }}", argument)
