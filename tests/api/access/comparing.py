"""What an answer tells of hidden things, against a world that has none."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from .asking import Answer, Probe
from .states import State

GONE_MEMBERS = {
    *("type", "title", "status", "detail", "instance", "errors"),
    *("kind", "reason", "withdrawn_at", "replacement"),
}
# As JSON and as the front matter of Markdown.
VERSIONED = re.compile(
    r'\b(version|updated_at|updated|dateModified)"?: ?"?[-\w:.]+', re.IGNORECASE
)
# As a feed says it, in each of its formats.
WITHDRAWN = re.compile(
    r"<at:deleted-entry .*?</at:deleted-entry>"
    r"|<item><title>This article (?:was withdrawn|is no longer offered)<.*?</item>"
    r'|\{"id":"[^"]*","title":"[^"]*","content_html":"[^"]*","date_modified":"[^"]*",'
    r'"language":"..","_clinic":\{"withdrawn":\{.*?\}\}\},?'
)
# When a channel and what is on it changed last, as feeds say it.
CHANGED_AT = re.compile(r'<updated>[^<]*|<lastBuildDate>[^<]*|"date_modified":"[^"]*')
CACHED_BY = {"ETag", "Last-Modified", "Cache-Control", "CDN-Cache-Control"}
CACHED_BY |= {"Retry-After"}


def leak(state: State, probe: Probe, answer: Answer, without: Answer | None) -> str:
    """What `answer` tells that the world without hidden things does not; or nothing."""
    if state.moves and probe.operation == "sync":
        answer, without = _unplaced(answer), without and _unplaced(without)
    if state.leaves and probe.operation.startswith("read_"):
        answer = _without_withdrawn(answer)
        without = without and _without_withdrawn(without)
    words = answer.told() - (without.told() if without else set())
    if words:
        return f"says {sorted(words)}"
    if probe.named and answer.status == 410 and state.leaves:
        return _beyond_a_tombstone(state, answer)
    if state.takes_along or (state.lapses and probe.is_conditional):
        return ""
    if state.renews and probe.asks_when:
        return ""
    if state.moves and probe.operation == "sync" and probe.asks_for("limit=1"):
        # Changes are on other pages when something changed before them.
        return ""
    if without is None:
        return "is a page that there was not"
    seen, expected = _comparable(state, answer), _comparable(state, without)
    if seen != expected:
        return _difference(seen, expected)
    is_same_work = not state.moves or (probe.named and not state.lapses)
    if is_same_work and answer.statements != without.statements:
        return f"took {answer.statements} statements, not {without.statements}"
    return ""


def _unplaced(answer: Answer) -> Answer:
    """An answer of the change feed without what says when something changed."""
    lines = answer.body.splitlines()
    try:
        said = [json.loads(line) for line in lines]
    except ValueError:
        return answer
    if answer.status != 200:
        return answer
    changes = [one for line in said for one in line.get("changes", [line])]
    kept = sorted(
        json.dumps({name: to for name, to in one.items() if name != "sequence"})
        for one in changes
        if "op" in one
    )
    headers = {**answer.headers}
    headers.pop("Content-Length", None)
    return replace(answer, headers=headers, body="\n".join(kept))


def _without_withdrawn(answer: Answer) -> Answer:
    """A feed without that it says that something is gone."""
    headers = {**answer.headers}
    headers.pop("Content-Length", None)
    return replace(answer, headers=headers, body=WITHDRAWN.sub("", answer.body))


def _beyond_a_tombstone(state: State, answer: Answer) -> str:
    """What a 410 says besides what it promises to say."""
    if not answer.body:
        return ""
    said = json.loads(answer.body)
    if set(said) != GONE_MEMBERS or said["kind"] != state.leaves:
        return f"is a tombstone that says {said}"
    return ""


def _comparable(state: State, answer: Answer) -> Answer:
    """`answer` without that in which it may differ in `state`."""
    without: set[str] = set()
    if state.moves:
        # Something was public and changed: lists say that there is something new.
        without |= {"ETag"}
    body = answer.body
    if state.lapses:
        without |= CACHED_BY
    if state.renews:
        without |= {"Last-Modified"}
        body = VERSIONED.sub("", body)
    if "Last-Modified" in without:
        body = CHANGED_AT.sub("", body)
    kept = {name: to for name, to in answer.headers.items() if name not in without}
    return replace(answer, headers=kept, body=body)


def _difference(seen: Answer, expected: Answer) -> str:
    if seen.status != expected.status:
        return f"is {seen.status}, not {expected.status}: {seen.body[:300]}"
    for name in sorted({*seen.headers, *expected.headers} - {"Content-Length"}):
        one, other = seen.headers.get(name), expected.headers.get(name)
        if one != other:
            return f"has {name}: {one!r}, not {other!r}"
    pairs = enumerate(zip(seen.body, expected.body, strict=False))
    shorter = min(len(seen.body), len(expected.body))
    at = next((place for place, (one, other) in pairs if one != other), shorter)
    around = slice(max(0, at - 80), at + 80)
    return f"differs: …{seen.body[around]}…, not …{expected.body[around]}…"
