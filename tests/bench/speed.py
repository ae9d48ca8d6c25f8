"""The API beside what others would use, and beside the limit: `make bench`.

Fills a database of its own, starts the servers as the docs do, with one worker each, on
one core with their database, and asks them from the other one; all rows in turn, and
that again: first with few articles, then with many. Prints tables, and writes them into
docs/performance.md. Figures move from hour to hour: only ratios within one run count.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from django.db import connection

from tests.edge.varnish import NoVarnish

from . import corpus, counting, databases, editor, load, report, rows, serving
from .places import Places
from .report import Result, Results
from .rivals import bare, searched
from .rows import FRESH_MS, Row
from .serving import LOAD_CORE, OURS, RIVAL, Backends, Server

ROUNDS, SECONDS = 3, 2
# What is compared takes turns within a round, each time for that part of its time.
TURNS = 2
FEW, MANY = 1_000, 20_000
# Of how many articles an author is renamed, where there are many, and how soon.
AUTHORED, RENAMED_S = 1_000, 10
# With which a server's channels are asked only so often.
FRESH = {"ANSWER_FRESH_MS": str(FRESH_MS)}
# By server: what it serves, and the environment for it.
COUNTED = {
    "ours": (OURS, {"DJANGO_SETTINGS_MODULE": "cms.settings"}),
    "fresh": (OURS, {"DJANGO_SETTINGS_MODULE": "cms.settings", **FRESH}),
    "bare": (RIVAL, {"DJANGO_SETTINGS_MODULE": "tests.bench.rivals.bare_settings"}),
    "rivals": (RIVAL, {"DJANGO_SETTINGS_MODULE": "tests.bench.rivals.settings"}),
}
# How often it is looked how soon a publication is seen, and how long at most.
LOOKS, SEEN_S = 5, 20


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--articles", type=int, nargs="*", default=[FEW, MANY])
    load.options(parser, ROUNDS, SECONDS)


def main(asked: argparse.Namespace) -> None:
    load.wrk()
    began = time.monotonic()
    few, *more = asked.articles
    rate = corpus.made(few, is_kept=asked.kept)
    facts = [report.machine()]
    if rate is not None:
        facts.append(f"rendering in one process: {rate:,.0f} documents a second")
    all_results = [_results(rows.WITH_FEW, few, asked, facts)]
    sections = [_section(few, facts, all_results[0])]
    # Few, to be measured beside many.
    with_few = databases.copied() if more else ""
    for number in more:
        facts = []
        corpus.grow(number)
        all_results.append(_results(rows.WITH_MANY, number, asked, facts, with_few))
        sections.append(_section(number, facts, all_results[-1]))
    minutes = (time.monotonic() - began) / 60
    text = (
        f"`make bench` took {minutes:.0f} minutes.\n\n"
        + "\n".join(sections)
        + f"\n{report.commands(all_results, asked.seconds)}"
    )
    print(text)
    if asked.write:
        report.keep(text, "make bench")


def _section(articles: int, facts: Sequence[str], results: Results) -> str:
    title = f"{articles:,} articles on {corpus.CHANNELS} channels"
    targets = report.reached(results, rows.TARGETS)
    return report.section(title, facts, targets, results)


def _results(
    all_rows: Sequence[Row],
    articles: int,
    asked: argparse.Namespace,
    facts: list[str],
    with_few: str = "",
) -> Results:
    """The figures of those rows that are asked for; what else is found is a fact.

    `with_few` is the DATABASE_URL of the articles that were there at first.
    """
    wanted = [row for row in all_rows if re.search(asked.only, row.name)]
    with ExitStack() as stack:
        servers = _started(stack, wanted, with_few)
        backends = Backends(connection.settings_dict)
        stack.callback(backends.close)
        places = Places(servers["ours"].port, articles)
        measuring = Measuring(servers, backends, places, wanted, asked.seconds)
        for number in range(asked.rounds):
            measuring.round(number + 1)
        results = measuring.results()
        facts += measuring.facts
        if articles >= MANY and not asked.only:
            facts.append(_renamed_everywhere(servers["ours"]))
        if "fresh" in servers:
            facts.append(_seen_in_memory(servers["fresh"]))
        if "edge" in servers:
            facts.append(_seen_through_edge(servers["edge"]))
    return results


def _started(
    stack: ExitStack, wanted: Sequence[Row], with_few: str
) -> dict[str, Server]:
    """Those servers that the rows need, and ours."""
    needed = {row.server for row in wanted}
    ours = stack.enter_context(serving.granian(OURS, "/health"))
    servers = {"ours": ours}
    text = load.ask(ours.port, rows.LIST)[2]
    bare.store(
        {
            "list": text.decode(),
            "detail": load.ask(ours.port, rows.DETAIL)[2].decode(),
        }
    )
    searched.store()
    for name, path in (
        ("fresh", "/health"),
        ("bare", "/unchanged"),
        ("rivals", "/drf/articles/?limit=1"),
    ):
        if name in needed:
            door, environ = COUNTED[name]
            servers[name] = stack.enter_context(serving.granian(door, path, **environ))
    if "few" in needed:
        servers["few"] = stack.enter_context(
            serving.granian(OURS, "/health", DATABASE_URL=with_few)
        )
    if "nginx" in needed:
        servers["nginx"] = stack.enter_context(serving.nginx(text))
    if "edge" in needed:
        try:
            servers["edge"] = stack.enter_context(serving.behind_varnish())
        except NoVarnish as error:
            print(f"Not measured through an edge: {error}", file=sys.stderr)
    return servers


class Measuring:
    """Rounds of all rows in turn; those under an editor come last in each."""

    def __init__(
        self,
        servers: Mapping[str, Server],
        backends: Backends,
        places: Places,
        wanted: Sequence[Row],
        seconds: int,
    ) -> None:
        self._servers, self._backends, self._places = servers, backends, places
        self._wanted = [row for row in wanted if row.server in servers]
        self._seconds = seconds
        self._runs: dict[str, list[load.Run]] = {row.name: [] for row in self._wanted}
        self._asked: dict[str, Row] = {}
        self._memory: list[float] = [servers["ours"].memory_mb]
        self._publications: list[tuple[float, float]] = []
        self._at_rest: list[tuple[float, float]] = []

    def round(self, number: int) -> None:
        self._places.renew()
        quiet = [row for row in self._wanted if not row.is_edited]
        for group in rows.in_turn(quiet):
            turns = TURNS if len(group) > 1 else 1
            for row in group * turns:
                self._run(row, number, turns)
        edited = [row for row in self._wanted if row.is_edited]
        if edited:
            self._publish_at_rest()
            with _editing(self._seconds * len(edited) * 3) as said:
                for row in edited:
                    before, began = len(_lines(said)), time.monotonic()
                    run = self._run(row, number)
                    took_s = time.monotonic() - began
                    number_published = len(_lines(said)) - before
                    run = replace(run, published=number_published / took_s)
                    self._runs[row.name][-1] = run
                self._publications += _lines(said)
        self._memory.append(self._servers["ours"].memory_mb)

    def _publish_at_rest(self) -> None:
        """See what a publication takes while nobody reads."""
        load.rested()
        with _editing(self._seconds) as said:
            time.sleep(self._seconds)
            self._at_rest += _lines(said)

    def _run(self, row: Row, number: int, turns: int = 1) -> load.Run:
        """Measure `row`, the given part of its time."""
        server = self._servers[row.server]
        asked = self._places.asked(row, server.port)
        self._backends.pin()
        seconds = max(1, self._seconds * row.patience // turns)
        run = load.run(server.port, asked, seconds)
        self._runs[row.name].append(run)
        self._asked[row.name] = asked
        print(f"{number} {row.name}: {run.rate:,.0f}", file=sys.stderr)
        return run

    def results(self) -> Results:
        counted = self._counted()
        return {
            row.name: Result(
                self._asked[row.name],
                self._runs[row.name],
                self._servers[row.server].memory_mb,
                counted.get(row.name),
            )
            for row in self._wanted
        }

    @property
    def facts(self) -> list[str]:
        memory = ", ".join(f"{one:.0f}" for one in self._memory)
        facts = [
            f"memory of our one worker at the start and after each round: {memory} MB"
        ]
        for when, publications in (
            ("at rest", self._at_rest),
            ("under load", self._publications),
        ):
            if publications:
                whole, ours = (median(one) for one in zip(*publications, strict=True))
                facts.append(
                    f"a publication took {whole:.0f} ms {when}, of which documents and "
                    f"placements {ours:.0f} ms before the commit (median of "
                    f"{len(publications)}, `python -m tests.bench.editor 5`)"
                )
        return facts

    def _counted(self) -> dict[str, int]:
        """How many statements each row takes, asked for while nobody publishes."""
        found: dict[str, int] = {}
        for server, (door, environ) in COUNTED.items():
            its = [row for row in self._wanted if row.server == server]
            its = [row for row in its if not row.is_edited]
            if not its:
                continue
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.counting", door],
                input=counting.asked(
                    # With the ETags of now.
                    [self._places.asked(row, self._servers[server].port) for row in its]
                ),
                env={**os.environ, **environ},
                capture_output=True,
                text=True,
            )
            if done.returncode:
                sys.exit(done.stderr)
            numbers = map(int, done.stdout.split())
            found |= {row.name: one for row, one in zip(its, numbers, strict=True)}
        return found


@contextmanager
def _editing(most_s: int) -> Iterator[Path]:
    """Somebody publishes ten times a second, on the load's core; where they say it."""
    with tempfile.NamedTemporaryFile("w+", suffix=".txt") as said:
        path = Path(said.name)
        command = [sys.executable, "-m", "tests.bench.editor", str(most_s)]
        process = subprocess.Popen(
            ["/usr/bin/env", "taskset", "-c", str(LOAD_CORE), *command], stdout=said
        )
        try:
            while not _lines(path) and process.poll() is None:
                time.sleep(0.05)
            yield path
        finally:
            process.terminate()
            process.wait()


def _lines(said: Path) -> list[tuple[float, float]]:
    """Of each publication so far what it took, and what our part took: milliseconds."""
    lines = said.read_text().splitlines()
    return [
        (float(whole), float(ours))
        for whole, ours in (line.split() for line in lines if line.count(" ") == 1)
    ]


_NEWEST = f"{rows.LIST}?limit=100"


def _renamed_everywhere(server: Server) -> str:
    """How soon all articles of a renamed author say so, and whether readers wait."""
    waits_ms: list[float] = []
    command = [sys.executable, "-m", "tests.bench.renaming", str(AUTHORED)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as renaming:
        assert renaming.stdout is not None
        renaming.stdout.readline()
        while renaming.poll() is None:
            began = time.perf_counter()
            load.ask(server.port, rows.LIST)
            waits_ms.append((time.perf_counter() - began) * 1_000)
            time.sleep(0.02)
        said = renaming.stdout.read()
    if renaming.returncode:
        sys.exit("No author was renamed.")
    articles, took_s = int(said.split()[0]), float(said.split()[1])
    is_soon = "within" if took_s <= RENAMED_S else "NOT within"
    return (
        f"an author of {articles:,} articles was renamed in all of them {is_soon} "
        f"{RENAMED_S} s: after {took_s:.1f} s (`python -m tests.bench.renaming "
        f"{AUTHORED}`); a list that was asked for meanwhile took "
        f"{median(waits_ms):.0f} ms, at most {max(waits_ms):.0f} (of {len(waits_ms)})"
    )


def _seen_in_memory(server: Server) -> str:
    """How soon publications are seen where a channel is not asked each time."""
    seen = _seen(server, 100)
    return f"with `ANSWER_FRESH_MS={FRESH_MS}` a publication was seen {seen}"


def _seen_through_edge(edge: Server) -> str:
    """How soon publications are seen through the edge."""
    while load.ask(edge.port, _NEWEST)[1]["X-Cache"] != "hit":
        time.sleep(0.01)
    return f"through Varnish a publication was seen {_seen(edge, 1_000)}"


def _seen(server: Server, wanted_ms: int) -> str:
    """How long after its commit each of some publications is seen by who asks on."""
    took_ms = []
    with ThreadPoolExecutor(1) as pool:
        for number, pk in enumerate(editor.articles()[:LOOKS]):
            mark = f"seen-{number}-{time.monotonic():.3f}"
            seeing = pool.submit(_moment_of, server, mark.encode())
            published = editor.publish(pk, mark)
            took_ms.append((seeing.result() - published.committed) * 1_000)
    is_soon = "within" if max(took_ms) <= wanted_ms else "NOT within"
    return (
        f"{is_soon} {wanted_ms} ms of its commit: after {median(took_ms):.0f} ms, at "
        f"most {max(took_ms):.0f} (of {LOOKS})"
    )


def _moment_of(server: Server, mark: bytes) -> float:
    """When `mark` was in an answer for the first time."""
    began = time.perf_counter()
    while mark not in load.ask(server.port, _NEWEST)[2]:
        if time.perf_counter() - began > SEEN_S:
            sys.exit("A publication was not seen.")
        time.sleep(0.002)
    return time.perf_counter()
