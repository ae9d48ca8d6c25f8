"""How a webhook stands, in staff's words."""

from __future__ import annotations

from django.urls import reverse

from api.documents.models import Placement
from api.webhooks.models import Delivery, Endpoint
from cms.desk.standing import GOOD, LATE, State

UNUSED = State("Nothing confirmed yet")
WORKS = State("Works", GOOD)
TRYING = State("Trying again", LATE)
PAUSED = State("Paused", LATE)
ENDED = State("Ended")

OUTCOMES = {
    Delivery.State.WAITING: State("On its way"),
    Delivery.State.DELIVERED: State("Delivered", GOOD),
    Delivery.State.FAILED: State("Failed", LATE),
    Delivery.State.SUPERSEDED: State("Overtaken"),
}


def state_of(endpoint: Endpoint) -> State:
    if endpoint.has_ended:
        return ENDED
    if endpoint.is_paused:
        return PAUSED
    if endpoint.failures:
        return TRYING
    return WORKS if endpoint.confirmed_at else UNUSED


def events_of(endpoint: Endpoint) -> str:
    """As “article: published, withdrawn; author: updated”."""
    if not endpoint.events:
        return "Everything"
    verbs: dict[str, list[str]] = {}
    for event in endpoint.events:
        kind, _, verb = event.partition(".")
        verbs.setdefault(kind, []).append(verb)
    return "; ".join(f"{kind}: {', '.join(said)}" for kind, said in verbs.items())


def behind(endpoint: Endpoint) -> int:
    """How many changes of its channel it has still to hear of, or to pass over."""
    after = Placement.objects.filter(
        channel=endpoint.channel_id, sequence__gt=endpoint.sequence
    )
    return after.count()


def outcome_of(delivery: Delivery) -> State:
    waits = delivery.asked_at is not None
    return OUTCOMES[Delivery.State.WAITING if waits else Delivery.State(delivery.state)]


def page_of(endpoint: Endpoint) -> str:
    """Where staff see how it stands, and what was sent."""
    return reverse("webhooks:inspect", args=[endpoint.pk])
