"""Drafts in the real microsite: the only reader of what is not published.

The editor's preview and a link that was sent lead the browser to a site, with a key
behind the `#` of the address, which no browser sends to a server or tells in a Referer.
The site's own script comes back with it to the door, and to nothing else.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from wagtail.admin.userbar import Userbar
from wagtail.models import Page
from wagtail.permissions import policy_registry

from api.documents import previewing
from api.documents.scene import Scene
from cms.desk.models import Preview
from content_models.previews import PreviewSite

# The editor renews its preview with each change; one that is left open goes stale.
OWN = timedelta(hours=1)
SHARED = timedelta(days=7)
# How long whoever opens a link hears what became of it.
REMEMBERED = timedelta(days=30)
# What is longer was made by nobody here.
LONGEST_TOKEN = 200

# Guests' pages can stand in no frame and run nothing but the site's own scripts; those
# for the editor's frame have an address of their own, as the rules go by address.
FOR_GUESTS = "/preview/"
FOR_THE_DESK = "/preview/desk/"

_signer = Signer(salt="cms.desk.preview")


class Closed(Enum):
    """Why there is nothing to see: what became of it, a title, a sentence."""

    UNKNOWN = (
        "unknown",
        "We do not know this link",
        "It may have been copied only in part. Ask whoever sent it to send it again.",
    )
    EXPIRED = (
        "expired",
        "This link has expired",
        f"Links to a draft end after {SHARED.days} days. Ask whoever sent it for a new "
        "one.",
    )
    ENDED = (
        "ended",
        "This link was ended",
        "Whoever made it does not share this draft any more. Ask them for a new one.",
    )
    ORPHANED = (
        "ended",
        "This link has ended",
        "Whoever made it does not look after this page any more. Ask the practice for "
        "a new one.",
    )
    DELETED = (
        "deleted",
        "This page was deleted",
        "There is no draft of it any more, and no new link can be made.",
    )

    def __init__(self, kind: str, title: str, detail: str) -> None:
        self.kind = kind
        self.title = title
        self.detail = detail


def token_of(preview: Preview) -> str:
    """What opens `preview`: its key, signed, so that nobody can try keys."""
    return _signer.sign(preview.key)


def address_of(preview: Preview, site: PreviewSite) -> str:
    """Where a browser sees the draft on `site`."""
    path = FOR_GUESTS if preview.is_shared else FOR_THE_DESK
    return f"{site.url}{path}#{token_of(preview)}"


def show(content: Any, request: HttpRequest, site: PreviewSite) -> HttpResponse:
    """Lead the editor's browser to `site`, which then asks for the draft."""
    now, user = timezone.now(), cast(User, request.user)
    Preview.objects.past_use_at(now, REMEMBERED).delete()
    answer = told(content, now, now + OWN, to_staff=True)
    if getattr(request, "in_preview_panel", False):
        answer["userbar"] = _checks_for(user)
    preview = Preview.objects.create(
        # It may be one that was never saved.
        content=content if content.pk else None,
        site=site.name,
        answer=json.dumps(answer),
        made_by=user,
        ends_at=now + OWN,
    )
    response = redirect(address_of(preview, site))
    response["Referrer-Policy"] = "no-referrer"
    return response


def share(content: Any, site: PreviewSite, user: Any) -> Preview:
    """A new link to the newest draft of `content`, good for a week."""
    return Preview.objects.create(
        content=content,
        site=site.name,
        made_by=user,
        ends_at=timezone.now() + SHARED,
    )


def may_edit(user: Any, content: Any) -> bool:
    """Whether `user` may work on `content` now, and so show its draft to others."""
    if user is None or not user.is_active:
        return False
    if isinstance(content, Page):
        return bool(content.permissions_for_user(user).can_edit())
    policy = policy_registry.get_by_type(type(content))
    return bool(policy.user_has_permission_for_instance(user, "change", content))


def found(token: str, now: datetime) -> Preview | Closed:
    """What `token` opens at `now`, or why it opens nothing."""
    try:
        key = _signer.unsign(token[:LONGEST_TOKEN])
    except BadSignature:
        return Closed.UNKNOWN
    preview = Preview.objects.filter(key=key).select_related("made_by").first()
    if preview is None:
        # Signed by us, and so long ago that it was cleared away.
        return Closed.EXPIRED
    return closed(preview, now) or preview


def closed(preview: Preview, now: datetime) -> Closed | None:
    """Why `preview` shows nothing at `now`; None while it shows its draft."""
    if preview.ended_at is not None:
        return Closed.ENDED
    if preview.ends_at <= now:
        return Closed.EXPIRED
    if preview.object_id is not None and preview.content is None:
        return Closed.DELETED
    user = preview.made_by
    if preview.is_shared:
        return None if may_edit(user, preview.content) else Closed.ORPHANED
    # The editor has asked for the rest a moment ago.
    return None if user is not None and user.is_active else Closed.ORPHANED


def answer_of(preview: Preview, now: datetime) -> str:
    """What the site is told, as JSON."""
    if not preview.is_shared:
        return preview.answer
    content: Any = preview.content
    newest = content.get_latest_revision_as_object()
    return json.dumps(told(newest, now, preview.ends_at, to_staff=False))


def told(
    content: Any, now: datetime, until: datetime, *, to_staff: bool
) -> dict[str, Any]:
    """The document, and what the reader should know of it.

    `{"document": …, "until": RFC 3339, "to_do": 1, "obstacles": ["…"],
    "userbar": null}`
    """
    obstacles = content.obstacles()
    return {
        "document": json.loads(previewing.text_of(content, Scene.at(now))),
        "until": until.isoformat(),
        "to_do": len(obstacles),
        # They name what is not public itself: nothing for guests.
        "obstacles": obstacles if to_staff else [],
        "userbar": None,
    }


def _checks_for(user: Any) -> str:
    """Wagtail's user bar, hidden: it runs the editor's checks inside of the frame."""
    # The editor's own request to preview is a dummy, of which Wagtail takes the site
    # that is shown for its own host.
    request: Any = HttpRequest()
    request.META["HTTP_HOST"] = urlsplit(settings.PUBLIC_BASE_URL).netloc
    request.user, request.in_preview_panel = user, True
    return Userbar().render_html({"request": request})
