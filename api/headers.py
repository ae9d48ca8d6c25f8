"""Headers of an answer, many at once.

Django looks at each name and value that is set, whether it could break out of its line:
of the time that a door works for one article, a twelfth. What is put here is this
project's own: no text of a client, unless it was looked at before.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.http.response import HttpResponseBase

Headers = list[tuple[str, str]]


def put(response: HttpResponseBase, headers: Mapping[str, str]) -> None:
    """Set `headers`, which nobody outside has written: Latin-1, without line breaks."""
    response.headers._store.update(
        {name.lower(): (name, value) for name, value in headers.items()}
    )


def put_missing(response: HttpResponseBase, headers: Mapping[str, str]) -> None:
    """The same for those of them that the answer does not have."""
    store = response.headers._store
    for name, value in headers.items():
        store.setdefault(name.lower(), (name, value))


def listed(response: HttpResponseBase) -> Headers:
    """All headers of an answer, as WSGI has them."""
    return list(response.headers._store.values())
