"""Every question to which an answer could tell of a hidden thing.

They are made from the OpenAPI document: an endpoint, a media type or an enumerated
value that is new there is asked at once. A parameter whose values nobody can guess has
to be given some in `VALUES`; until then making the probes fails, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from django.urls import URLPattern, get_resolver

from api import problems
from tests.contract import description
from tests.contract.description import Operation

from .asking import Probe
from .names import DOI, LATITUDE, LONGITUDE, MARK, NAMES, OPEN_AT

OPEN_CHANNEL, CLOSED_CHANNEL = "shore", "vault"
# After the neighbours were published, and before anything was hidden among them.
SINCE_PUBLISHED = "Mon, 11 Mar 2030 16:30:00 GMT"
SEARCHED = ("article", "author", "location")
# Details of these kinds exist; nothing is published of the kinds behind them yet.
ASKED_AS = {"form": "article", "redirect": "article"}


def every_probe() -> list[Probe]:
    """Of each operation of the OpenAPI document.

    Raises LookupError naming what no probe is known for.
    """
    probes = [
        probe for operation in description.operations() for probe in _of(operation)
    ]
    return list(dict.fromkeys(probes))


def pages() -> list[Probe]:
    """What is in the URL map of the API and in no operation: pages for people.

    Raises LookupError naming what no probe is known for.
    """
    known = {operation.path.partition("{")[0] for operation in description.operations()}
    found = []
    for path in _paths(get_resolver("api.urls").url_patterns, "/"):
        fixed, variable, _ = path.partition("<")
        if path == "/developers/problems/<slug:name>/":
            found += [path.replace("<slug:name>", kind.name) for kind in problems.TYPES]
        elif fixed in known:
            continue
        elif variable:
            raise LookupError(f"No probe knows what to put into {path}.")
        else:
            found.append(path)
    return [Probe("pages", path) for path in found]


def _of(operation: Operation) -> Iterator[Probe]:
    path = operation.path.replace("{channel}", "public")
    if "{" not in path:
        yield from _asking(operation, path)
        return
    if re.findall(r"\{\w+\}", path) != ["{slug_or_id}"]:
        raise LookupError(f"No probe knows what to put into {operation.path}.")
    kind = _kind_of(operation)
    names = NAMES[kind]
    yield from _asking(operation, _at(operation, names.slug), kind)
    for name in (names.former_slug, str(names.id_in("en")), str(names.id_in("es"))):
        yield Probe(operation.id, _at(operation, name), named=kind)
    for slug in PUBLIC.get(kind, ()):
        # What they show of others.
        yield Probe(operation.id, _at(operation, slug))
        for form in _choices(operation, "format")[1:]:
            yield Probe(operation.id, f"{_at(operation, slug)}?format={form}")
        if any(one["name"] == "as_of" for one in operation.parameters):
            for moment in VALUES["as_of"]:
                yield Probe(operation.id, f"{_at(operation, slug)}?{moment}")


def _at(operation: Operation, name: str) -> str:
    return operation.path.replace("{slug_or_id}", name)


def _kind_of(operation: Operation) -> str:
    """The kind of thing that stands at the path of `operation`."""
    collection = operation.path.split("/")[3]
    kinds = {**{kind: kind for kind in NAMES}, **ASKED_AS}
    for kind, asked_as in kinds.items():
        if collection in (f"{kind}s", f"{kind[:-1]}ies"):
            return asked_as
    raise LookupError(f"No probe knows what stands in {operation.path}.")


def _asking(
    operation: Operation, path: str, kind: str | None = None
) -> Iterator[Probe]:
    """`path` with every parameter and header that there is."""

    def probe(query: str = "", method: str = "GET", **headers: str) -> Probe:
        sent = tuple((name.replace("_", "-"), to) for name, to in headers.items())
        address = f"{path}?{query}" if query else path
        its_path = _ITS_PATH.search(address)
        named = kind or (its_path[1] if its_path else None)
        return Probe(operation.id, address, method, sent, named)

    asked = [one for one in operation.parameters if one["in"] == "query"]
    needed = [one["name"] for one in asked if one.get("required")]
    least = "&".join(_values(operation, name)[0] for name in needed)
    yield probe(least)
    for parameter in asked:
        name = parameter["name"]
        for query in _values(operation, name):
            rest = "" if name in needed else least
            counted = _counting(operation) if name not in ("facets", "limit") else ""
            yield probe("&".join(filter(None, [rest, query, counted])))
    for media_type in list(operation.described["responses"]["200"]["content"])[1:]:
        yield probe(least, Accept=media_type)
    yield probe(least, "HEAD")
    yield probe(least, If_None_Match="*")
    yield probe(least, If_Modified_Since=SINCE_PUBLISHED)


def _counting(operation: Operation) -> str:
    """Whatever a list is narrowed to, its facets are counted."""
    counted = _choices(operation, "facets")
    return f"facets={','.join(counted)}" if counted else ""


def _values(operation: Operation, name: str) -> Sequence[str]:
    """Queries that give the parameter `name` each value worth asking with."""
    if name in VALUES:
        return VALUES[name]
    choices = _choices(operation, name)
    if not choices:
        raise LookupError(
            f"{operation.id} takes {name}: say in VALUES how to ask for hidden things."
        )
    if name == "order":
        # Backwards it is the same results.
        choices = [choice for choice in choices if not choice.startswith("-")]
    return [f"{name}={choice}" for choice in choices]


def _choices(operation: Operation, name: str) -> list[str]:
    for parameter in operation.parameters:
        if parameter["name"] == name:
            schema = parameter["schema"]
            chosen: list[str] = schema.get("items", schema).get("enum", [])
            return chosen
    return []


def _paths(patterns: Sequence[Any], before: str) -> Iterator[str]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield path
        else:
            yield from _paths(one.url_patterns, path)


# Slugs of documents that are public in every state and may name what is hidden.
PUBLIC = {
    "article": ("hip-pain", "back-pain", "host"),
    "author": ("lisa-scarlino", "host-author"),
    "reference": ("a-trial-of-exercise",),
    "location": ("brick", "host-location"),
    "award": ("best-of-the-shore", "host-award"),
    "affiliation": ("association", "host-affiliation"),
    "category": ("hip",),
    "tag": ("running",),
}


def _named(kind: str) -> list[str]:
    names = NAMES[kind]
    return [names.slug, names.former_slug]


def _filtered(name: str, values: Sequence[str]) -> dict[str, list[str]]:
    return {
        full: [urlencode({full: value}) for value in values]
        for full in (name, f"not_{name}")
    }


# What the secret words are, and what somebody would type who guesses at them.
_WORDS = " or ".join(
    word for kind in SEARCHED for word in (NAMES[kind].word, NAMES[kind].body_word)
)
_PHRASES = [
    _WORDS,
    f"{MARK}art",
    f'"{NAMES["author"].word} {MARK}authorfamilyname" or {MARK}categorytitle',
    f"{MARK}service or hip -{NAMES['article'].word}",
    "guide or the or host or hip",
]
_ITS_PATH = re.compile(rf"path=/\w+/{MARK}-(?:former-)?(\w+)")
_HERE = f"near={LATITUDE},{LONGITUDE}"
_PATHS = [
    f"/{place}/{slug}/"
    for place, kind in (
        ("articles", "article"),
        ("team", "author"),
        ("locations", "location"),
    )
    for slug in _named(kind)
]
# For each parameter whose values are not enumerated, whole queries that have it.
VALUES: dict[str, Sequence[str]] = {
    **_filtered("category", _named("category")),
    **_filtered("tag", _named("tag")),
    **_filtered("author", _named("author")),
    **_filtered("location", _named("location")),
    **_filtered("reference", [DOI, str(NAMES["reference"].group)]),
    "q": [f"q={quote(phrase)}" for phrase in _PHRASES],
    "path": [f"path={quote(path)}" for path in [*_PATHS, "/articles/host/", "/"]],
    "near": [_HERE],
    "radius_km": [f"{_HERE}&radius_km=5"],
    "open_at": ["open_at=now", f"open_at={OPEN_AT}"],
    "updated_since": ["updated_since=2030-03-11T16:30:00Z"],
    # Before, when, and after something was hidden, and in a time to come.
    "as_of": [
        "as_of=2030-03-11T16:30:00Z",
        "as_of=2030-03-11T17:00:00Z",
        "as_of=2030-03-11T18:30:00Z",
        "as_of=2030-06-01",
    ],
    "published_after": ["published_after=2030-03-11T16:30:00Z"],
    "published_before": ["published_before=2030-03-11T16:30:00Z"],
    # Lists are followed from there to their end.
    "limit": ["limit=1"],
    "offset": ["offset=1&limit=2"],
    "cursor": ["cursor=none"],
    "fields": ["fields=*"],
    "locale": ["locale=es"],
    "fallback": ["fallback=true&locale=es"],
    "channel": [f"channel={slug}" for slug in (OPEN_CHANNEL, CLOSED_CHANNEL)],
    "grouped": ["grouped=true"],
    "since": ["since=none"],
    "wait": ["wait=1"],
    "facets": ["facets=category,tag,author,location,year"],
}
