"""What caches may keep, and when a client already has what it asks for.

Everything here happens after it is decided that the client may read the answer, so
neither a 304 nor an ETag tells anything to anybody else.
Source: RFC 9110 (validators), RFC 9111 (caching), RFC 9213 (CDN-Cache-Control).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from api.headers import put

VARY = "Authorization, Accept, Accept-Encoding"
# An edge that is not told when an answer is out of date may hold one no longer than a
# withdrawal may take to arrive, and may not show an old one on an error either.
EDGE_S = 1
# One that is told may keep it. Source: RFC 5861 for the two others.
EDGE_PURGED_S = 600
STALE = "stale-while-revalidate=60, stale-if-error=3600"
# What is not there, or no longer, is asked for again soon.
EDGE_ABSENT_S = 60
# For how long after a change another one could still fall into the same second, in
# which HTTP could not tell the two apart.
UNSETTLED = timedelta(seconds=2)
# What the keys of an answer may take in one header. Servers in between refuse all the
# headers together at 8 kB, some of them.
KEYS_B = 4_000
# With one of these, who has an answer already may be told only that.
CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"}
# `api.compression` marks the compressed forms of an answer with them.
CODINGS = ("-gzip", "-zstd")


@dataclass(frozen=True)
class Lifetime:
    """How long an answer stays right by itself: whole seconds, None without an end.

    `turns_in_s` is when it becomes another one, with another tag, so that it may be
    compared until then, but not kept any longer.
    """

    left_s: int | None
    turns_in_s: int | None = None
    # Whether edges are told by its keys, and by all of them, when it is out of date.
    is_purged: bool = False

    @classmethod
    def until(
        cls,
        moment: datetime | None,
        now: datetime,
        turns_at: datetime | None = None,
        *,
        is_purged: bool = False,
    ) -> Lifetime:
        def left_s(end: datetime | None) -> int | None:
            return None if end is None else max(0, int((end - now).total_seconds()))

        return cls(left_s(moment), left_s(turns_at), is_purged)

    def of_found(self) -> dict[str, str]:
        """Headers of an answer that may be read by everyone.

        Browsers ask again each time, since nobody can purge them; edges keep it, but
        in no case longer than it is right.
        """
        if self.left_s == 0:
            return {"Cache-Control": "no-store"}
        kept_s = self._at_most(EDGE_PURGED_S if self.is_purged else EDGE_S)
        edge = f"max-age={kept_s}"
        if self.is_purged and self.left_s is None and self.turns_in_s is None:
            # What ends by the clock is not shown a second longer.
            edge = f"{edge}, {STALE}"
        return {"Cache-Control": "public, no-cache", "CDN-Cache-Control": edge}

    def of_absent(self) -> dict[str, str]:
        """Headers of an answer that says that there is nothing here."""
        kept_s = self._at_most(EDGE_ABSENT_S)
        edge = {"CDN-Cache-Control": f"max-age={kept_s}"} if kept_s else {}
        return {"Cache-Control": "no-store", **edge}

    @property
    def steady_s(self) -> int | None:
        """For how long at least the headers stay as they are; None without an end."""
        if self.turns_in_s is not None:
            return 0
        return None if self.left_s is None else max(0, self.left_s - EDGE_S)

    def at_most(self, moment: datetime | None, now: datetime) -> Lifetime:
        """The same, or until `moment` where that is earlier."""
        ends = [self.left_s, Lifetime.until(moment, now).left_s]
        left = min((end for end in ends if end is not None), default=None)
        return replace(self, left_s=left)

    def _at_most(self, seconds: int) -> int:
        ends = (self.left_s, self.turns_in_s)
        return min([seconds, *(end for end in ends if end is not None)])


@dataclass(frozen=True)
class Validators:
    """What tells one state of an answer from another; `etag` is without its quotes."""

    etag: str
    changed_at: datetime | None

    def headers(self, now: datetime) -> dict[str, str]:
        headers = {"ETag": f'"{self.etag}"'}
        if self.changed_at is not None:
            # Never a second in which more may still happen: the one before it.
            early = now - self.changed_at <= UNSETTLED
            shown = self.changed_at - timedelta(seconds=1 if early else 0)
            headers["Last-Modified"] = _http_date(int(shown.timestamp()))
        return headers

    def steady_until(self, now: datetime) -> datetime | None:
        """When `headers` become others by the clock; None for never."""
        if self.changed_at is None or now - self.changed_at > UNSETTLED:
            return None
        return self.changed_at + UNSETTLED

    def held_by(self, request: HttpRequest, now: datetime) -> str | None:
        """The ETag under which the client has this very state; None if it has not.

        Where the client names tags, its date does not count (RFC 9110, 13.2.2).
        """
        named = request.META.get("HTTP_IF_NONE_MATCH")
        if named is None:
            return self.etag if self._unchanged_since(request, now) else None
        for tag in parse_etags(named):
            held = tag.removeprefix("W/").strip('"')
            if tag == "*" or _without_coding(held) == self.etag:
                return self.etag if tag == "*" else held
        return None

    def _unchanged_since(self, request: HttpRequest, now: datetime) -> bool:
        given = request.META.get("HTTP_IF_MODIFIED_SINCE")
        if given is None or self.changed_at is None:
            return False
        since = parse_http_date_safe(given)
        if since is None:
            return False
        is_settled = since < (now - UNSETTLED).timestamp()
        return is_settled and int(self.changed_at.timestamp()) <= since


def steady_until(
    validators: Validators, lifetime: Lifetime, now: datetime
) -> datetime | None:
    """Until when the clock alone changes no header of an answer; None for ever."""
    left_s = lifetime.steady_s
    ends = (
        validators.steady_until(now),
        None if left_s is None else now + timedelta(seconds=left_s),
    )
    return min((end for end in ends if end is not None), default=None)


def is_conditional(request: HttpRequest) -> bool:
    """Whether a client asks only for what it may not have yet."""
    return not CONDITIONS.isdisjoint(request.META)


def etag_of(*parts: object) -> str:
    """One tag for all that an answer depends on."""
    text = "\n".join(map(str, parts))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def answer(
    request: HttpRequest,
    validators: Validators,
    lifetime: Lifetime,
    now: datetime,
    build: Callable[[], HttpResponse],
    keys: Sequence[str] = (),
) -> HttpResponse:
    """What `build()` gives; 304 without calling it where the client has the answer.

    `keys` are what caches may be told to forget it by, coarsest first. What is about
    to change by the clock alone is neither kept nor compared.
    """
    headers = {**lifetime.of_found(), **tags(keys)}
    if lifetime.left_s == 0:
        return _with(headers, build())
    headers |= validators.headers(now)
    held = validators.held_by(request, now)
    if held is None:
        return _with(headers, build())
    return HttpResponse(status=304, headers=headers | {"ETag": f'"{held}"'})


def unchanging(request: HttpRequest, text: str, now: datetime) -> HttpResponse:
    """An answer that only a new release changes."""
    return answer(
        request,
        Validators(etag_of(text), None),
        Lifetime(None),
        now,
        lambda: HttpResponse(text, content_type="application/json"),
    )


def tags(keys: Sequence[str]) -> Mapping[str, str]:
    """The headers by whose keys caches can be told what is out of date.

    `keys` are a letter and 16 hex digits each, coarsest first: where they do not all
    fit into 4 kB, the last ones are left out. At least 190 fit; what an answer with
    more depends on is purged by a coarser key.

    Source: RFC 9875 for `Cache-Groups`, a List of Strings as in RFC 9651. A cache that
    follows it takes at least 32 groups of at least 32 characters and may pass over the
    rest: only the first 32 keys are sure to work there. `Cache-Tag` is Cloudflare's and
    `Surrogate-Key` Fastly's and Varnish's; both take 16 kB.
    """
    return _tags(tuple(keys))


# Those of lists are few, and those of what is much read as well.
@lru_cache(1_000)
def _tags(keys: Sequence[str]) -> Mapping[str, str]:
    if not keys:
        return {}
    once = list(dict.fromkeys(keys))
    return {
        "Cache-Groups": _joined((f'"{key}"' for key in once), ", "),
        "Cache-Tag": _joined(once, ","),
        "Surrogate-Key": _joined(once, " "),
    }


def _joined(keys: Iterable[str], separator: str) -> str:
    """As many of `keys` as fit, from the first one on."""
    text = separator.join(keys)
    if len(text) <= KEYS_B:
        return text
    return text[:KEYS_B].rpartition(separator)[0]


def _with(headers: Mapping[str, str], response: HttpResponse) -> HttpResponse:
    put(response, headers)
    return response


# Many are asked for what changed last.
_http_date = lru_cache(1_000)(http_date)


def _without_coding(etag: str) -> str:
    for coding in CODINGS:
        etag = etag.removesuffix(coding)
    return etag
