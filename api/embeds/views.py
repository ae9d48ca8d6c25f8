"""`/embed/v1/clinic-feed.js`: what others put into their pages. It reads nothing."""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

FOLDER = Path(__file__).parent / "v1"
# One module of several files, each of which knows the names in those before it: so the
# policy and the hash of a page need to name only one.
PARTS = ("about", "words", "style", "nodes", "element", "feed", "article", "define")
# For those who read the files, not for those who load them.
COMMENT_OR_INDENT = re.compile(r"^ *(?://.*|/\*\*.*\*/)\n|^ +|^\n", re.MULTILINE)

MODULE = COMMENT_OR_INDENT.sub(
    "", "".join((FOLDER / f"{part}.js").read_text() for part in PARTS)
)
ETAG = f'"{blake2b(MODULE.encode(), digest_size=16).hexdigest()}"'


@require_safe
@condition(etag_func=lambda request: ETAG)
def module(request: HttpRequest) -> HttpResponse:
    """The module, for pages of any origin; asked for again after five minutes."""
    return HttpResponse(
        MODULE,
        content_type="text/javascript; charset=utf-8",
        headers={
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": "public, max-age=300",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )
