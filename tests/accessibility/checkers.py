"""Two checkers of other origins, put into a page as it is shown by a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests import node

_HERE = Path(__file__).parent
_PURPOSE = "installs what checks pages for accessibility"

# What is asked for: WCAG 2.2 AA, and what both makers call good practice.
_AXE = """
() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
})
"""
_ACE = """
async () => {
  const report = await new ace.Checker().check(document, ["WCAG_2_2", "EXTENSIONS"]);
  return report.results
    .filter(({ value }) => value[0] === "VIOLATION" && value[1] === "FAIL")
    .map(({ ruleId, message, path, snippet }) => ({ ruleId, message, path, snippet }));
}
"""


def complaints(page: Page) -> list[str]:
    """What either checker has against the page as it is shown, a line each."""
    return [*axe(page), *ace(page)]


def axe(page: Page) -> list[str]:
    """Deque's axe-core."""
    _put(page, "axe-core/axe.min.js", "axe")
    found: dict[str, Any] = page.evaluate(_AXE)
    return [
        f"axe {violation['id']}: {element['html'][:200]} ({violation['help']})"
        for violation in found["violations"]
        for element in violation["nodes"]
    ]


def ace(page: Page) -> list[str]:
    """IBM's Equal Access engine."""
    _put(page, "accessibility-checker-engine/ace.js", "ace")
    found: list[dict[str, str]] = page.evaluate(_ACE)
    return [f"ace {f['ruleId']}: {f['snippet'][:200]} ({f['message']})" for f in found]


def _put(page: Page, script: str, name: str) -> None:
    if page.evaluate(f"typeof window.{name} === 'undefined'"):
        modules = node.installed(_HERE, _PURPOSE) / "node_modules"
        # The protocol of the browser's tools asks no policy of the page's.
        page.evaluate(f"{(modules / script).read_text()}\n;window.{name} = {name};")
