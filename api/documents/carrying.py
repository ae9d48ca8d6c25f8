"""What a channel may carry, as a question to the database.

It says the same as `Entitlement.verdict`, for many documents at once: for doors while
a channel's placements do not say it yet, and for what a change would add and remove.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Value

from api.channels import entitlements
from api.channels.entitlements import (
    ARTICLE,
    FOLLOWING,
    PRACTICE,
    UNTRANSLATED,
    Entitlement,
)
from api.channels.models import Channel, Selection

from .models import Placement, PlacementQuerySet, is_visible_at


def shown_on(channel: Channel, now: datetime) -> PlacementQuerySet:
    """The placements that `channel` may show at `now`.

    Those that the worker has not taken off yet after a change of the entitlement are
    not among them.
    """
    return Placement.objects.filter(is_shown(channel, now), channel=channel)


def is_shown(channel: Channel, now: datetime) -> Q:
    """Which placements of `channel` those are."""
    visible = is_visible_at(now)
    return visible & is_carried(channel, now) if is_settling(channel) else visible


def is_settling(channel: Channel) -> bool:
    """Whether placements may differ from the entitlement.

    No statement where the channel was read together with its `settling`.
    """
    known = channel._state.fields_cache
    if "settling" in known:
        # Asking for one that there is not costs more, and a list asks for each row.
        return known["settling"] is not None
    return hasattr(channel, "settling")


def is_carried(channel: Channel, now: datetime) -> Q:
    """Which placements `channel` may carry at `now`."""
    entitlement = entitlements.of_channels([channel])[channel.pk]
    using = Placement.objects.visible_at(now).filter(
        is_article_carried(entitlement, now, "document__"),
        channel=channel,
        document__uses__contains=[OuterRef("document_id")],
    )
    return is_entitled(entitlement, now, "document__") | Q(
        Exists(using), type__in=FOLLOWING
    )


def is_entitled(entitlement: Entitlement, now: datetime, to: str = "") -> Q:
    """Which documents may be carried at `now` whether or not an article uses them.

    `to` leads to the document from what is asked about.
    """
    others = ~Q(**{f"{to}type": ARTICLE})
    if not entitlement.is_public:
        others = Q(**{f"{to}type": PRACTICE}) | (
            Q(**{f"{to}type__in": entitlement.collections})
            & _is_in_language(entitlement, to)
        )
    return others | is_article_carried(entitlement, now, to)


def is_article_carried(entitlement: Entitlement, now: datetime, to: str) -> Q:
    """Which articles may be carried at `now`."""
    group = f"{to}translation_group__in"
    chosen = Q(**{group: entitlement.picked})
    if entitlement.is_public or entitlement.selection == Selection.ALL:
        chosen |= ~Q(**{group: entitlement.confined})
    elif entitlement.selection == Selection.SELECTED and entitlement.topics:
        about = Q(**{f"{to}topics__overlap": sorted(entitlement.topics)})
        chosen |= about & ~Q(**{group: entitlement.confined})
    return (
        chosen
        & ~Q(**{group: entitlement.excepted})
        & Q(**{f"{to}type": ARTICLE})
        & Q(**{f"{to}published_at__lte": now - entitlement.delay})
        & _is_in_language(entitlement, to)
    )


def _is_in_language(entitlement: Entitlement, to: str) -> Q:
    if entitlement.languages is None:
        return Q(Value(True))
    is_in_any = Q(**{f"{to}type__in": UNTRANSLATED})
    return is_in_any | Q(**{f"{to}locale__in": entitlement.languages})
