"""A thin layer of WSGI before Django: open answers that are known, from memory.

It knows nothing of what is in an answer. What views offered (`api.kept`) it keeps
under all that was asked, and gives to the next who asks the same, after one statement
that tells whether the channel is still what it was. So it is never older than that
statement, as no answer of Django's is; where `ANSWER_FRESH_MS` is set, the statement is
asked only so often. After a change one of those who ask a process for the same renews
it, and the others wait. Everything else goes through to Django: keys, other methods and
dates; what is not known, was refused, moved or is gone; and what goes wrong.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import Error
from django.utils import timezone

from api import kept, middleware, throttling
from api.callers import caller_of
from api.documents import versions
from api.headers import Headers
from api.kept import Answers, Kept, Offer
from api.renewing import Renewals

log = logging.getLogger(__name__)

PREFIXES = ("/api/v1/", "/feeds/")
METHODS = ("GET", "HEAD")
# With one of these, whose is the answer, or whether it is one, is for Django to say.
# A date is compared with the clock; a tag is part of what was asked.
FALL_THROUGH = frozenset(("HTTP_AUTHORIZATION", "HTTP_IF_MODIFIED_SINCE"))
# All that an answer may depend on. Whoever lets a view look at another header offers
# its answer no longer, or adds the header here.
ASKED = (
    "REQUEST_METHOD",
    "wsgi.url_scheme",
    "HTTP_HOST",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_IF_NONE_MATCH",
)
TAGS = ASKED.index("HTTP_IF_NONE_MATCH")
# Which an answer is kept with: what was found, and that the client has it.
STATUSES = ("200", "304")
# In how many characters somebody may ask for what is kept: more would only fill memory.
LONGEST_KEY = 2_000
REQUEST_ID = "X-Request-ID"
# How many times somebody waits for others who renew an answer: it may change meanwhile.
RENEWALS = 2

Environ = dict[str, Any]
Key = tuple[str | None, ...]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class Front:
    """`application` behind the layer, which keeps at most `most_b` bytes.

    For `fresh_s` seconds what was read of a channel is taken to be so still.
    """

    def __init__(
        self, application: Application, most_b: int, fresh_s: float = 0
    ) -> None:
        self._application = application
        self._answers = Answers(most_b)
        self._renewals = Renewals()
        # By channel, the version of the latest answer that was offered.
        self._latest: dict[str, kept.Version] = {}
        self._fresh_s = fresh_s
        # By channel, the version that was read last, and until when it counts.
        self._read: dict[str, tuple[kept.Version | None, float]] = {}

    def __call__(
        self, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        if not _is_open_reading(environ):
            return self._application(environ, start_response)
        key = tuple(environ.get(name) for name in ASKED)
        known = self._answers.get(key)
        if known is None or not _may_pass(environ):
            return self._passed_on(key, environ, start_response)
        is_current = self._is_current(known)
        if is_current:
            return _given(known, environ, start_response)
        if is_current is None:
            return self._passed_on(key, environ, start_response)
        return self._renewed(key, known, environ, start_response)

    def _renewed(
        self, key: Key, old: Kept, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """What is there in place of `old`: made by this thread, or by another one."""
        for _ in range(RENEWALS):
            with self._renewals.of(key) as is_ours:
                known = self._answers.get(key) or self._other_than(key)
                if known is None:
                    break
                if known is not old and self._is_current(known):
                    return _given(known, environ, start_response)
                if is_ours:
                    return self._passed_on(key, environ, start_response, known)
                if known is old:
                    # Another one goes on for long.
                    break
                old = known
        return self._passed_on(key, environ, start_response)

    def _other_than(self, key: Key) -> Kept | None:
        """The answer for clients without a tag, if that of `key` is another state."""
        tags = key[TAGS]
        known = self._answers.get(_untagged(key)) if tags else None
        held = None if known is None else dict(known.headers).get("ETag")
        return None if not held or not tags or held in tags else known

    def _is_current(self, known: Kept) -> bool | None:
        """Whether Django would say the same now; None where nobody knows.

        With one statement; without one where another answer had another version since:
        after a change that spares everything that is known one statement more.
        """
        offer = known.offer
        if self._latest.get(offer.channel) != offer.version:
            return False
        if offer.until is not None and timezone.now() >= offer.until:
            return False
        try:
            return self._is_version(offer)
        except Error as error:
            # Django connects anew, and has an answer for it where it cannot.
            reason = type(error).__name__
            log.warning("The version of a channel was not read: %s", reason)
            return None

    def _is_version(self, offer: Offer) -> bool:
        """Whether that is what the channel is now. Raises django.db.Error."""
        version, until = self._read.get(offer.channel, (None, 0.0))
        # Before it is asked, so that nothing is taken to be so for any longer.
        now = time.monotonic()
        if version == offer.version and now < until:
            return True
        version = versions.of_open_channel(offer.channel)
        self._read[offer.channel] = version, now + self._fresh_s
        return version == offer.version

    def _passed_on(
        self,
        key: Key,
        environ: Environ,
        start_response: StartResponse,
        old: Kept | None = None,
    ) -> Iterable[bytes]:
        """Django's answer, which is kept in place of `old` if it may be.

        Where it may not, nobody shall wait for the next one: `old` is forgotten.
        """
        said: list[tuple[str, Headers]] = []

        def started(status: str, headers: Headers, *args: Any) -> Any:
            said.append((status, headers))
            return start_response(status, headers, *args)

        answer = self._application(environ, started)
        offered = kept.offered_by(environ)
        if offered is not None:
            self._latest[offered.channel] = offered.version
        status, headers = said[0] if said else ("", [])
        if offered is None or not _may_be_kept(key, status, offered):
            if old is not None and not status.startswith("5"):
                self._answers.forget(key, old)
            return answer
        body = b"".join(answer)
        if close := getattr(answer, "close", None):
            close()
        shared = [one for one in headers if one[0] != REQUEST_ID]
        new = Kept(offered, status, shared, body)
        if status.startswith("304"):
            self._answers.keep(key, new)
        else:
            # Of the many tags that a client may send, those that it holds.
            self._answers.keep(_untagged(key), new)
        if old is not None:
            self._answers.forget(key, old)
        return (body,)


def _may_be_kept(key: Key, status: str, offered: Offer) -> bool:
    """Whether it is worth it; not where it is out of date already by the clock."""
    if offered.until is not None and offered.until <= timezone.now():
        return False
    length = sum(map(len, filter(None, key)))
    return length <= LONGEST_KEY and status.startswith(STATUSES)


def _untagged(key: Key) -> Key:
    """What somebody asks with who has no answer."""
    return (*key[:TAGS], None, *key[TAGS + 1 :])


def _is_open_reading(environ: Environ) -> bool:
    path: str = environ.get("PATH_INFO", "")
    return (
        path.startswith(PREFIXES)
        and environ["REQUEST_METHOD"] in METHODS
        and FALL_THROUGH.isdisjoint(environ)
    )


def _may_pass(environ: Environ) -> bool:
    """Count the request of a caller; False for one too many, which Django refuses."""
    policy = middleware.open_policy()
    if policy is None:
        return True
    caller = caller_of(environ, settings.TRUSTED_PROXIES)
    is_allowed = throttling.limiter().spend(policy, caller).is_allowed
    if is_allowed:
        throttling.note_counted(environ)
    return is_allowed


def _given(
    known: Kept, environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    own = (REQUEST_ID, middleware.request_id(environ.get("HTTP_X_REQUEST_ID")))
    start_response(known.status, [*known.headers, own])
    return (known.body,)
