"""What answers cost with ever more articles and channels: `make bench-growth`.

One server for each size, each with a database of its own; every row is asked at each
size in turn, and that again, so that ratios between sizes are of one moment. Nothing is
kept from one request to the next. Ends with 1 where a plan with the most articles reads
a large table from end to end.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from django.conf import settings
from django.db import connection
from django.test import Client

from tests.api.plans import LARGE, plans, scanned

from . import copies, corpus, databases, editor, load, plots, report, rows, serving
from .places import Places
from .serving import OURS, Backends, Server

ARTICLES = (1_000, 20_000, 100_000)
CHANNELS = (1, 30, 300)
ROUNDS, SECONDS, PUBLICATIONS = 3, 2, 5
IMAGES = report.ROOT / "docs" / "images"
ROWS = [
    replace(row, name=row.name.removesuffix(rows.MISSED_NAME))
    for row in rows.OURS
    if rows.MISSED_NAME in row.name or row.name in rows.FEED
]
# Which rows shall keep how much of their speed, between which sizes.
KEPT = dict.fromkeys(
    ("list", "detail", "filtered list", "deep page", "facets", "near"), 0.8
)
SEARCH_KEPT = 0.5
DOORS = (
    *("articles/", "articles/article-500/", "articles/article-500/related/"),
    *("articles/?tag=tag-7", "articles/?category=subject-3&tag=tag-7"),
    *("articles/?author=writer-3", "articles/?q=bursitis", "search/?q=knee"),
    *("articles/?category=subject-3&facets=tag", "authors/", "references/"),
    *("locations/?near=40.5,-74.5", "locations.geojson?near=40.5,-74.5"),
    *("resolve/?path=/articles/article-500/", "sync/?types=article&limit=100"),
    *("articles/?updated_since=2026-09-20&limit=1", "articles/?offset=5000"),
    "articles/?published_after=2026-09-30",
)


@dataclass
class Size:
    """A database of one size, and the server that reads it."""

    database: str
    server: Server
    backends: Backends
    places: Places


# By row, what was measured at each size, in their order: requests a second.
Rates = Mapping[str, Sequence[float]]


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--articles", type=int, nargs="*", default=ARTICLES)
    parser.add_argument("--channels", type=int, nargs="*", default=CHANNELS)
    load.options(parser, ROUNDS, SECONDS)


def main(asked: argparse.Namespace) -> None:
    load.wrk()
    if min(len(asked.articles), len(asked.channels)) < 2:
        sys.exit("Name two sizes at least, as in --articles 1000 20000.")
    few = asked.articles[0]
    corpus.made(few, is_on_one_channel=True, is_kept=asked.kept)
    base = databases.used()
    by_articles, scans = _by_articles(base, asked)
    by_channels, publishing = _by_channels(base, asked)
    drawn = {
        "growth-articles.svg": plots.lines(
            "Milliseconds of one core for an answer, none kept",
            asked.articles,
            _cost_ms(by_articles),
            "articles on one channel",
        ),
        "growth-channels.svg": plots.lines(
            "Milliseconds of one core, none kept",
            asked.channels,
            {**_cost_ms(by_channels), "publication": publishing},
            f"channels with {few:,} articles",
        ),
    }
    text = "\n".join(
        [
            f"- {report.machine()}",
            "",
            "![Cost by articles](images/growth-articles.svg)",
            "",
            *_table(by_articles, asked.articles, "articles"),
            "",
            *_verdicts(by_articles, asked.articles),
            "",
            _said(scans, asked.articles[-1]),
            "",
            "![Cost by channels](images/growth-channels.svg)",
            "",
            *_table(by_channels, asked.channels, "channels"),
            "",
            _published(asked.channels, publishing),
            "",
        ]
    )
    print(text)
    if asked.write:
        report.keep(text, "make bench-growth")
        for name, svg in drawn.items():
            Path(IMAGES / name).write_text(svg)
    if scans:
        sys.exit(1)


def _by_articles(
    base: str, asked: argparse.Namespace
) -> tuple[Rates, Mapping[str, set[str]]]:
    made = [base]
    for number in asked.articles[1:]:
        databases.make(f"{base}_{number}", made[-1])
        made.append(f"{base}_{number}")
        databases.use(made[-1])
        corpus.grow(number, with_content=False)
    scans = _scans()
    rates = _measured(list(zip(made, asked.articles, strict=True)), asked)
    _drop(base, made[1:])
    return rates, scans


def _by_channels(base: str, asked: argparse.Namespace) -> tuple[Rates, Sequence[float]]:
    databases.use(base)
    made = [base]
    for number in asked.channels[1:]:
        databases.make(f"{base}_{number}", made[-1])
        made.append(f"{base}_{number}")
        databases.use(made[-1])
        copies.channels(number)
    rates = _measured([(name, asked.articles[0]) for name in made], asked)
    publishing = _publishing(made)
    _drop(base, made[1:])
    return rates, publishing


def _drop(base: str, made: Sequence[str]) -> None:
    databases.use(base)
    for name in made:
        databases.drop(name)


def _measured(named: Sequence[tuple[str, int]], asked: argparse.Namespace) -> Rates:
    """What the rows come to in the databases `named`, with so many articles each."""
    wanted = [row for row in ROWS if re.search(asked.only, row.name)]
    runs: dict[str, list[list[float]]] = {row.name: [] for row in wanted}
    with ExitStack() as stack:
        sizes = [_started(stack, *one) for one in named]
        for _ in range(asked.rounds):
            for size in sizes:
                databases.use(size.database)
                size.places.renew()
            for row in wanted:
                rates = [_rate(size, row, asked.seconds) for size in sizes]
                runs[row.name].append(rates)
                print(row.name, *(f"{one:,.0f}" for one in rates), file=sys.stderr)
    return {
        name: [median(one) for one in zip(*found, strict=True)]
        for name, found in runs.items()
    }


def _started(stack: ExitStack, name: str, articles: int) -> Size:
    databases.use(name)
    server = stack.enter_context(serving.granian(OURS, "/health"))
    backends = Backends(connection.settings_dict)
    stack.callback(backends.close)
    return Size(name, server, backends, Places(server.port, articles))


def _rate(size: Size, row: rows.Row, seconds: int) -> float:
    asked = size.places.asked(row, size.server.port)
    size.backends.pin()
    return load.run(size.server.port, asked, seconds).rate


def _publishing(made: Sequence[str]) -> list[float]:
    """What a publication takes in each of the databases, ms: medians, in turn."""
    took: dict[str, list[float]] = {name: [] for name in made}
    for number in range(PUBLICATIONS):
        for name in made:
            databases.use(name)
            pk = editor.articles()[number]
            took[name].append(editor.publish(pk, f"in turn {number}")[0])
    return [median(one) for one in took.values()]


def _scans() -> dict[str, set[str]]:
    """The doors that read a large table from end to end, and which."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(HTTP_HOST="localhost")
    found = {}
    for door in DOORS:
        tables = set().union(*map(scanned, plans(client, f"/api/v1/{door}"))) & LARGE
        if tables:
            found[door] = tables
    return found


def _said(scans: Mapping[str, set[str]], articles: int) -> str:
    if not scans:
        return (
            f"With {articles:,} articles no plan of {len(DOORS)} addresses reads "
            f"{', '.join(f'`{name}`' for name in sorted(LARGE))} from end to end "
            "(EXPLAIN)."
        )
    listed = "; ".join(f"`{door}` {', '.join(one)}" for door, one in scans.items())
    return f"With {articles:,} articles read from end to end: {listed}."


def _cost_ms(rates: Rates) -> dict[str, list[float]]:
    return {name: [1_000 / one for one in line] for name, line in rates.items()}


def _table(rates: Rates, sizes: Sequence[int], what: str) -> list[str]:
    heads = " | ".join(f"{size:,} {what}" for size in sizes)
    lines = [
        f"| requests/s | {heads} | last ÷ first |",
        f"|---|{'---:|' * (len(sizes) + 1)}",
    ]
    for name, line in rates.items():
        figures = " | ".join(f"{one:,.0f}" for one in line)
        lines.append(f"| {name} | {figures} | {line[-1] / line[0]:.2f} |")
    return lines


def _verdicts(rates: Rates, sizes: Sequence[int]) -> list[str]:
    wanted = {name: (least, sizes[-1], -1) for name, least in KEPT.items()}
    wanted["search"] = (SEARCH_KEPT, sizes[1], 1)
    lines = ["| speed kept | wanted | measured | |", "|---|---:|---:|---|"]
    for name, (least, size, place) in wanted.items():
        if name not in rates:
            continue
        ratio = rates[name][place] / rates[name][0]
        verdict = "reached" if ratio >= least else "not reached"
        lines.append(
            f"| {name}, {size:,} ÷ {sizes[0]:,} articles | ≥ {least:g} | {ratio:.2f} | "
            f"{verdict} |"
        )
    return lines


def _published(channels: Sequence[int], took_ms: Sequence[float]) -> str:
    said = ", ".join(
        f"{one:.0f} ms on {number}"
        for number, one in zip(channels, took_ms, strict=True)
    )
    return (
        f"A publication takes {said} channels (medians of {PUBLICATIONS}, with what "
        "Wagtail itself does)."
    )
