"""The door for web servers: `granian --interface wsgi cms.wsgi:application`."""

from __future__ import annotations

import os
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")


class Request(WSGIRequest):
    """A request whose headers may say anything."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except ValueError:
            # A character set that cannot be; Django would fail before it has a request
            # to answer. What the body is, nobody knows then.
            self.content_type, self.content_params = "", {}


class Application(WSGIHandler):
    request_class = Request


def fronted() -> Application | Front:
    """The door, behind the answers that are kept in memory, if any shall be."""
    behind = Application()
    if not settings.ANSWER_CACHE_MB:
        return behind
    return Front(behind, settings.ANSWER_CACHE_MB * 1024 * 1024)


django.setup(set_prefix=False)
from api.front import Front  # noqa: E402 - needs the settings

application = fronted()
