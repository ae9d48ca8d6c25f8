"""What is measured: one row each, in the order of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .rivals import paths

MISSED = str(Path(__file__).with_name("missed.lua"))
SEARCHED = str(Path(__file__).with_name("searched.lua"))
CONNECTIONS = 16


@dataclass(frozen=True)
class Row:
    """One address of one server, asked in one way.

    `server` is `ours`, `fresh`, `few`, `bare`, `rivals`, `nginx` or `edge`; `fresh` is
    ours with `ANSWER_FRESH_MS` set to `FRESH_MS`, `few` is ours with the articles that
    were there at first. `path` may name places that are looked up
    before each run: `{deep}`, a cursor behind nine tenths of the articles or as many as
    can be skipped, and `{since}`, a checkpoint behind which ten articles have changed.
    With `is_held` the ETag of the answer is sent along, with `is_edited` somebody
    publishes meanwhile.
    """

    name: str
    server: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    script: str = ""
    is_held: bool = False
    is_edited: bool = False
    connections: int = CONNECTIONS
    # How much longer it is asked than others, to come to enough answers.
    patience: int = 1


@dataclass(frozen=True)
class Target:
    """What one row should come to beside another one.

    With `least` it is that many times as fast, with `most` its p99 is at most so many
    times the other's.
    """

    row: str
    against: str
    least: float = 0
    most: float = 0


LIST = "/api/v1/articles/"
DETAIL = "/api/v1/articles/article-500/"
# All articles with their bodies, a line each.
ALL = "/api/v1/sync/?types=article&format=ndjson"
BARE_LIST, BARE_DETAIL = "bare Django, list", "bare Django, detail"
BARE_ALL = "bare Django, all bodies in one SELECT"
BARE_304 = "bare Django, 304"
WAGTAIL, DRF = "Wagtail API v2", "prefetched REST framework"
LIMITS = (
    Row("nginx, a file", "nginx", "/list.json"),
    Row(f"{BARE_LIST} from memory", "bare", "/memory/list"),
    Row(f"{BARE_LIST} in one SELECT", "bare", "/stored/list"),
    Row(f"{BARE_DETAIL} from memory", "bare", "/memory/detail"),
    Row(f"{BARE_DETAIL} in one SELECT", "bare", "/stored/detail"),
    Row(BARE_ALL, "bare", "/bodies", connections=1),
    Row(BARE_304, "bare", "/unchanged", {"If-None-Match": '"bare"'}),
)
RIVALS = tuple(
    Row(f"{whose}, {what}", "rivals", path, patience=3)
    for whose, what, path in (
        (WAGTAIL, "list", paths.WAGTAIL_LIST),
        (WAGTAIL, "detail", paths.WAGTAIL_DETAIL),
        (WAGTAIL, "search", paths.WAGTAIL_SEARCH),
        (DRF, "list", "/drf/articles/?limit=20"),
        (DRF, "detail", "/drf/articles/article-500/"),
        (DRF, "search", "/drf/articles/?q=bursitis"),
    )
)
# What is asked of ours in each of three ways: missed, kept, and while somebody edits.
ASKED = {
    "list": LIST,
    "detail": DETAIL,
    "filtered list": f"{LIST}?tag=tag-7",
    "deep page": "{deep}",
    "search": f"{LIST}?q=bursitis",
    "facets": f"{LIST}?facets=category,tag&limit=1",
    "near": "/api/v1/locations/?near=40.5,-74.5",
    # What the module that others put into their pages asks.
    "embedded feed": f"{LIST}?category=subject-3&limit=5",
}
# What is never kept.
FEED = {"change feed, 10 changes": "/api/v1/sync/?since={since}"}
MISSED_NAME, KEPT_NAME, EDITED_NAME = ", missed", ", kept", ", under publication"


def _asked(name: str, path: str) -> list[Row]:
    script = SEARCHED if "?q=" in path else MISSED
    return [
        Row(f"{name}{MISSED_NAME}", "ours", path, script=script),
        Row(f"{name}{KEPT_NAME}", "ours", path),
        Row(f"{name}{EDITED_NAME}", "ours", path, is_edited=True),
    ]


def _held(name: str, path: str) -> list[Row]:
    held = Row(f"{name}, 304{KEPT_NAME}", "ours", path, is_held=True)
    missed = Row(f"{name}, 304{MISSED_NAME}", "ours", path, is_held=True, script=MISSED)
    return [missed, held]


OURS = (
    *(row for name, path in ASKED.items() for row in _asked(name, path)),
    *(row for name in ("list", "detail") for row in _held(name, ASKED[name])),
    Row(f"search, ranked before{MISSED_NAME}", "ours", ASKED["search"], script=MISSED),
    Row("list, gzip, kept", "ours", LIST, {"Accept-Encoding": "gzip"}),
    Row("change feed, all articles", "ours", ALL, connections=1),
    Row(
        f"change feed, all articles{EDITED_NAME}",
        "ours",
        ALL,
        is_edited=True,
        connections=1,
    ),
    *(
        row
        for name, path in FEED.items()
        for row in (
            Row(name, "ours", path),
            Row(f"{name}{EDITED_NAME}", "ours", path, is_edited=True),
        )
    ),
)
# With which channels are asked only so often whether they have changed.
FRESH_MS = 50
FRESH_NAME = f"list, version read each {FRESH_MS} ms"
FRESH = (
    Row(f"{FRESH_NAME}{KEPT_NAME}", "fresh", LIST),
    Row(f"{FRESH_NAME}{EDITED_NAME}", "fresh", LIST, is_edited=True),
)
EDGE = (
    Row("list, through Varnish", "edge", LIST),
    Row(f"list, through Varnish{EDITED_NAME}", "edge", LIST, is_edited=True),
)
WITH_FEW = (*LIMITS, *RIVALS, *OURS, *FRESH, *EDGE)
# What many articles make slower, asked where there are still few.
OF_FEW = Row("search of few articles, missed", "few", ASKED["search"], script=SEARCHED)
# With many articles what is missed tells how it grows, and what is kept does not.
WITH_MANY = (
    *(
        row
        for row in LIMITS
        if row.name.endswith("in one SELECT") and row.connections > 1
    ),
    *(row for row in RIVALS if row.name.endswith("search")),
    OF_FEW,
    *(row for row in OURS if MISSED_NAME in row.name or row.name in FEED),
)

TARGETS = (
    Target("search, missed", OF_FEW.name, 0.5),
    Target("list, missed", f"{BARE_LIST} in one SELECT", 0.6),
    Target("list, missed", f"{WAGTAIL}, list", 200),
    Target("list, missed", f"{DRF}, list", 35),
    Target("list, kept", f"{BARE_LIST} from memory", 0.55),
    Target(f"{FRESH_NAME}{KEPT_NAME}", f"{BARE_LIST} from memory", 1),
    Target("detail, missed", f"{BARE_DETAIL} in one SELECT", 0.6),
    Target("detail, missed", f"{WAGTAIL}, detail", 30),
    Target("list, 304, kept", BARE_304, 0.7),
    Target("detail, 304, kept", BARE_304, 0.7),
    Target("change feed, all articles", BARE_ALL, 0.5),
    Target("search, missed", f"{DRF}, search", 10),
    Target("list, through Varnish", "nginx, a file", 0.4),
    *(
        Target(f"{name}{EDITED_NAME}", f"{name}{KEPT_NAME}", most=3)
        for name in ("list", "detail", "filtered list", "search")
    ),
)


def in_turn(rows: Sequence[Row]) -> list[list[Row]]:
    """`rows` as they are measured: in one list what is compared first of all.

    Figures move within seconds, so those have to be measured in turn.
    """
    names = {row.name for row in rows}
    beside: dict[str, str] = {}
    for target in TARGETS:
        if target.least and {target.row, target.against} <= names:
            beside.setdefault(target.row, target.against)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(beside.get(row.name, row.name), []).append(row)
    return list(groups.values())
