"""The table that is printed and written."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from .load import Run, command
from .rows import Row, Target

REPORT = Path(__file__).parents[2] / "docs" / "performance.md"
# What stands between them in the report is written by `make bench`.
BEGIN, END = "<!-- make bench: {} articles -->", "<!-- end -->"


@dataclass(frozen=True)
class Result:
    """All runs of one row, and what its server takes of memory."""

    row: Row
    runs: Sequence[Run]
    memory_mb: float

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


def written(
    results: Sequence[Result],
    targets: Sequence[Target],
    facts: Sequence[str],
    seconds: int,
) -> str:
    """The report as Markdown: facts, targets, figures, and the command of each."""
    by_name = {one.row.name: one for one in results}
    parts = [*(f"- {fact}" for fact in facts), "", *_targets(by_name, targets), ""]
    parts += [
        "| what | requests/s | p50 ms | p99 ms | memory MB | failed |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for one in results:
        parts.append(
            f"| {one.row.name} | {one.rate:,.0f} | {one.p50_ms:.2f} | "
            f"{one.p99_ms:.2f} | {one.memory_mb:.0f} | {one.failed} |"
        )
    parts += ["", "Each row's command:", "", "```"]
    for one in results:
        row = one.row
        long = seconds * row.patience
        words = command(8000, row.path, row.headers, long, row.script)
        said = " ".join(_quoted(words))
        parts.append(f"# {row.name}\n{said}")
    return "\n".join([*parts, "```", ""])


def _targets(by_name: Mapping[str, Result], targets: Sequence[Target]) -> Sequence[str]:
    lines = ["| ratio of medians | wanted | measured | |", "|---|---:|---:|---|"]
    for one in targets:
        if one.row in by_name and one.against in by_name:
            if not by_name[one.against].rate:
                # Not one answer came in time: nothing can be said.
                continue
            ratio = by_name[one.row].rate / by_name[one.against].rate
            verdict = "reached" if ratio >= one.least else "not reached"
            lines.append(
                f"| {one.row} ÷ {one.against} | {one.least:g} | {ratio:.2f} | "
                f"{verdict} |"
            )
    return lines


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


def _quoted(words: Sequence[str]) -> Sequence[str]:
    here = f"{Path(__file__).parents[2]}/"
    plain = [word.replace(here, "") for word in words]
    return [f"'{word}'" if set(word) & set(' ?&"()') else word for word in plain]
