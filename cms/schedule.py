"""What staff have scheduled: publishing and expiry that have fallen due.

Wagtail's own command does all of it in one go; here each object is a publication of its
own, so that one that fails holds up no other. It stays scheduled, and is tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Min
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

from api.documents import publishing

log = logging.getLogger(__name__)

# What is due, in words for the log, and the deed.
Due = tuple[str, Callable[[], None]]


def work_off() -> bool:
    """Expire and publish all that is due; False, as nothing is left to do at once."""
    now = timezone.now()
    for name, act in [*expiries(now), *publications(now)]:
        try:
            with publishing.publishing():
                act()
        except ValidationError as refusal:
            # Its words are for staff and name content, so the log goes without them.
            log.warning("%s was refused: %s", name, type(refusal).__name__)
        except Exception:
            # What else is due does not wait until somebody has mended this one.
            log.exception("%s failed", name)
    return False


def next_at() -> datetime | None:
    """When the next publication falls due; may be overdue.

    What expires is gone from every site by the clock already, so it may wait.
    """
    return Revision.objects.aggregate(at=Min("approved_go_live_at"))["at"]


def expiries(now: datetime) -> Iterator[Due]:
    for model in draftable_models():
        due = model.objects.filter(live=True, expire_at__lt=now).order_by("expire_at")
        for pk in due.values_list("pk", flat=True):
            name = f"Expiry of {model._meta.label} {pk}"
            yield name, partial(expire, model, pk, now)


def publications(now: datetime) -> Iterator[Due]:
    due = Revision.objects.filter(approved_go_live_at__lt=now)
    for pk in due.order_by("approved_go_live_at").values_list("pk", flat=True):
        yield f"Publication of revision {pk}", partial(publish, pk, now)


# Both read the row again, locked: staff may have thought better of it meanwhile.


def expire(model: type[Any], pk: Any, now: datetime) -> None:
    due = model.objects.select_for_update().filter(live=True, expire_at__lt=now)
    if found := due.filter(pk=pk).first():
        found.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def publish(pk: int, now: datetime) -> None:
    revision = Revision.objects.filter(pk=pk).first()
    if revision is None:
        return
    # The content first, then its revision, as the editor does: the other way round
    # each could wait for the other.
    content = revision.base_content_type.model_class()
    content._base_manager.select_for_update().filter(pk=revision.object_id).first()
    due = Revision.objects.select_for_update().filter(approved_go_live_at__lt=now)
    if revision := due.filter(pk=pk).first():
        revision.publish(log_action="wagtail.publish.scheduled")


def draftable_models() -> list[type[Any]]:
    """Every model with drafts; all kinds of page are found through `Page`."""
    others = [
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    return [Page, *others]
