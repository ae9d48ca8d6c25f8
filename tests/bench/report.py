"""The tables that are printed and written."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from .load import Run, command
from .rows import Row, Target

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs" / "performance.md"
# What stands between them in the report is written by the program named in the first.
BEGIN, END = "<!-- {} writes what follows -->", "<!-- end -->"
HEAD = (
    "| what | requests/s | p50 ms | p99 ms | statements | memory MB | failed "
    "| publications/s |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
)


@dataclass(frozen=True)
class Result:
    """All runs of one row, as it was asked last; what an answer and its server take."""

    row: Row
    runs: Sequence[Run]
    memory_mb: float
    # None where that cannot be counted, since somebody publishes.
    statements: int | None

    @property
    def rate(self) -> float:
        return median(one.rate for one in self.runs)

    @property
    def p50_ms(self) -> float:
        return median(one.p50_ms for one in self.runs)

    @property
    def p99_ms(self) -> float:
        return median(one.p99_ms for one in self.runs)

    @property
    def failed(self) -> int:
        return sum(one.failed for one in self.runs)

    @property
    def published(self) -> float:
        return median(one.published for one in self.runs)

    def line(self) -> str:
        statements = "" if self.statements is None else self.statements
        published = f"{self.published:.1f}" if self.row.is_edited else ""
        return (
            f"| {self.row.name} | {self.rate:,.{0 if self.rate >= 10 else 1}f} | "
            f"{self.p50_ms:.2f} | {self.p99_ms:.2f} | {statements} | "
            f"{self.memory_mb:.0f} | {self.failed} | {published} |"
        )


Results = Mapping[str, Result]


def section(
    title: str, facts: Sequence[str], targets: Sequence[str], results: Results
) -> str:
    """One run as Markdown: facts, what was wanted, all figures."""
    parts = [f"### {title}", "", *(f"- {fact}" for fact in facts), ""]
    if targets:
        wanted = ("| ratio of medians | wanted | measured | |", "|---|---:|---:|---|")
        parts += [*wanted, *targets, ""]
    return "\n".join([*parts, *HEAD, *(one.line() for one in results.values()), ""])


def reached(results: Results, targets: Sequence[Target]) -> list[str]:
    """A line for each target whose rows were both measured."""
    return [
        verdict(one, results[one.row], results[one.against])
        for one in targets
        if one.row in results
        and one.against in results
        # Where not one answer came in time nothing can be said.
        and results[one.against].rate
    ]


def verdict(target: Target, one: Result, other: Result) -> str:
    """What `one` comes to beside `other`."""
    if target.most:
        ratio = one.p99_ms / other.p99_ms
        is_reached, wanted = ratio <= target.most, f"≤ {target.most:g}"
        name = f"p99 of {target.row} ÷ p99 of {target.against}"
    else:
        ratio = one.rate / other.rate
        is_reached, wanted = ratio >= target.least, f"≥ {target.least:g}"
        name = f"{target.row} ÷ {target.against}"
    return (
        f"| {name} | {wanted} | {ratio:.2f} | "
        f"{'reached' if is_reached else 'not reached'} |"
    )


def commands(results: Sequence[Results], seconds: int) -> str:
    """The command of each row."""
    by_name = {name: one.row for few in results for name, one in few.items()}
    lines = ["### The command of each row", "", "```"]
    for name, row in by_name.items():
        words = command(8000, row, seconds * row.patience)
        lines.append(f"# {name}\n{' '.join(_quoted(words))}")
    return "\n".join([*lines, "```", ""])


def machine() -> str:
    """On what it ran, and when."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    today = datetime.now(UTC).date()
    return (
        f"{today}, {os.cpu_count()} cores of {cpu}, Python {platform.python_version()}"
    )


def keep(text: str, program: str, path: Path = REPORT) -> None:
    """Write `text` into the place that `program` has in the report."""
    begin = BEGIN.format(f"`{program}`")
    before, mark, rest = path.read_text().partition(begin)
    if not mark:
        sys.exit(f"{path} has no line {begin}")
    after = rest.partition(END)[2]
    path.write_text(f"{before}{begin}\n\n{text.rstrip()}\n\n{END}{after}")


def _quoted(words: Sequence[str]) -> Sequence[str]:
    plain = [word.replace(f"{ROOT}/", "") for word in words]
    return [f"'{word}'" if set(word) & set(' ?&"()') else word for word in plain]
