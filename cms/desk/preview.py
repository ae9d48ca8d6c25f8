"""Drafts in the real microsite: the only reader of what is not published.

The editor's preview leads the browser to the site that was chosen, with a key behind
the `#` of the address, which no browser sends to a server or tells in a Referer. The
site's own script comes back with it to the door below, and to nothing else.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from wagtail.admin.userbar import Userbar

from api.documents import previewing
from api.documents.scene import Scene
from cms.desk.checks import site_origins
from cms.desk.models import Preview
from content_models import readiness
from content_models.models import Article
from content_models.previews import PreviewSite

# The editor renews its preview with each change; one that is left open goes stale.
OWN = timedelta(hours=1)
SHARED = timedelta(days=7)
# What is longer was made by nobody here.
LONGEST_TOKEN = 200

_signer = Signer(salt="cms.desk.preview")


def token_of(preview: Preview) -> str:
    """What opens `preview`: its key, signed, so that nobody can try keys."""
    return _signer.sign(preview.key)


def address_of(preview: Preview, site: PreviewSite) -> str:
    """Where a browser sees the draft on `site`."""
    return f"{site.url}/preview/#{token_of(preview)}"


def show(content: Any, request: HttpRequest, site: PreviewSite) -> HttpResponse:
    """Lead the editor's browser to `site`, which then asks for the draft."""
    now, user = timezone.now(), cast(User, request.user)
    Preview.objects.exclude(pk__in=Preview.objects.open_at(now)).delete()
    answer = told(content, now, until=now + OWN)
    if getattr(request, "in_preview_panel", False):
        answer["userbar"] = _checks_for(user)
    preview = Preview.objects.create(
        site=site.name,
        answer=json.dumps(answer),
        made_by=user,
        ends_at=now + OWN,
    )
    return redirect(address_of(preview, site))


def _checks_for(user: Any) -> str:
    """Wagtail's user bar, hidden: it runs the editor's checks inside of the frame."""
    # The editor's own request to preview is a dummy, of which Wagtail takes the site
    # that is shown for its own host.
    request: Any = HttpRequest()
    request.META["HTTP_HOST"] = urlsplit(settings.PUBLIC_BASE_URL).netloc
    request.user, request.in_preview_panel = user, True
    return Userbar().render_html({"request": request})


def told(content: Any, now: datetime, until: datetime) -> dict[str, Any]:
    """What the site is told: the document, and what the reader should know of it.

    `{"document": …, "until": RFC 3339, "obstacles": ["…"], "userbar": null}`
    """
    return {
        "document": json.loads(previewing.text_of(content, Scene.at(now))),
        "until": until.isoformat(),
        # Why it could not be published as it is: some of it does not show.
        "obstacles": readiness.obstacles(content),
        "userbar": None,
    }


def door(request: HttpRequest, token: str) -> HttpResponse:
    """`GET /preview/{token}/`: the draft, for whoever has a key that is still good."""
    response = _answer(token)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Vary"] = "Origin"
    origin = request.headers.get("Origin", "")
    if origin in site_origins():
        response["Access-Control-Allow-Origin"] = origin
    return response


def _answer(token: str) -> HttpResponse:
    preview = _found(token)
    if preview is None:
        return _refused(
            "This link shows no draft any more: it has ended or was taken back. Ask "
            "whoever sent it for a new one."
        )
    if preview.page is None:
        return HttpResponse(preview.answer, content_type="application/json")
    newest = preview.page.specific.get_latest_revision_as_object()
    told_now = told(newest, timezone.now(), preview.ends_at)
    return HttpResponse(json.dumps(told_now), content_type="application/json")


def _found(token: str) -> Preview | None:
    try:
        key = _signer.unsign(token[:LONGEST_TOKEN])
    except BadSignature:
        return None
    good = Preview.objects.open_at(timezone.now()).select_related("page")
    return good.filter(key=key).first()


def _refused(sentence: str) -> HttpResponse:
    return HttpResponse(
        json.dumps({"title": "No draft here", "detail": sentence}),
        content_type="application/problem+json",
        status=404,
    )


def share(article: Article, site: PreviewSite, user: Any) -> Preview:
    """A new link to the newest draft of `article`, good for a week."""
    return Preview.objects.create(
        page=article,
        site=site.name,
        made_by=user,
        ends_at=timezone.now() + SHARED,
    )
