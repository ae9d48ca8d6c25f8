"""What is measured: one row each, in the order of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .rivals import paths

MISSED = str(Path(__file__).with_name("missed.lua"))


@dataclass(frozen=True)
class Row:
    """One address of one server, asked in one way.

    `server` is `ours`, `bare`, `rivals` or `nginx`. With `is_edited`, somebody
    publishes ten times a second meanwhile.
    """

    name: str
    server: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    script: str = ""
    is_edited: bool = False

    @property
    def patience(self) -> int:
        """How much longer it is asked than others, to come to enough answers."""
        return 4 if self.server == "rivals" else 1


@dataclass(frozen=True)
class Target:
    """That one row is at least so many times as fast as another."""

    row: str
    against: str
    least: float


LIST = "/api/v1/articles/"
DETAIL = "/api/v1/articles/article-500/"
LIMITS = (
    Row("nginx, a file", "nginx", "/list.json"),
    Row("bare Django, list from memory", "bare", "/memory/list"),
    Row("bare Django, list in one SELECT", "bare", "/stored/list"),
    Row("bare Django, detail from memory", "bare", "/memory/detail"),
    Row("bare Django, detail in one SELECT", "bare", "/stored/detail"),
    Row("bare Django, 304", "bare", "/unchanged", {"If-None-Match": '"bare"'}),
)
RIVALS = (
    Row("Wagtail API v2, list", "rivals", paths.WAGTAIL_LIST),
    Row("Wagtail API v2, detail", "rivals", paths.WAGTAIL_DETAIL),
    Row("prefetched REST framework, list", "rivals", "/drf/articles/?limit=20"),
    Row("prefetched REST framework, detail", "rivals", "/drf/articles/article-500/"),
    Row("prefetched REST framework, search", "rivals", "/drf/articles/?q=bursitis"),
)
# What is asked of ours in each of three ways: missed, kept, and while somebody edits.
ASKED = {
    "list": LIST,
    "detail": DETAIL,
    "filtered list": f"{LIST}?tag=tag-7",
    "deep page": f"{LIST}?offset=900",
    "search": f"{LIST}?q=bursitis",
    "facets": f"{LIST}?facets=category,tag&limit=1",
    "near": "/api/v1/locations/?near=40.5,-74.5",
}
FEED = (
    Row("change feed, first 100", "ours", "/api/v1/sync/?types=article"),
    Row("list, gzip, kept", "ours", LIST, {"Accept-Encoding": "gzip"}),
)


def ours(etags: Mapping[str, str]) -> list[Row]:
    """Our rows; `etags` are those of the list and the detail."""
    rows: list[Row] = []
    for name, path in ASKED.items():
        rows += [
            Row(f"{name}, missed", "ours", path, script=MISSED),
            Row(f"{name}, kept", "ours", path),
            Row(f"{name}, while somebody publishes", "ours", path, is_edited=True),
        ]
    for name in ("list", "detail"):
        held = {"If-None-Match": etags[name]}
        rows.append(Row(f"{name}, 304", "ours", ASKED[name], held))
        rows.append(Row(f"{name}, 304, missed", "ours", ASKED[name], held, MISSED))
    return [*rows, *FEED]


TARGETS = (
    Target("list, missed", "bare Django, list in one SELECT", 0.6),
    Target("list, missed", "Wagtail API v2, list", 200),
    Target("list, missed", "prefetched REST framework, list", 35),
    Target("list, kept", "bare Django, list from memory", 0.55),
    Target("detail, missed", "bare Django, detail in one SELECT", 0.6),
    Target("detail, missed", "Wagtail API v2, detail", 30),
    Target("list, 304", "bare Django, 304", 0.7),
    Target("detail, 304", "bare Django, 304", 0.7),
    Target("search, missed", "prefetched REST framework, search", 10),
)
