"""Tells each endpoint what comes next in the changes of its channel.

An endpoint has a place in these changes, and moves on when it confirms one: so nothing
is skipped, and nothing is sent that has been overtaken by a later change of the same
document. Whoever works for an endpoint holds a lease on its row. When a worker is
killed, the lease runs out and another sends the same message, under the same id.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Min, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from api.documents.changes import Change, changes_after, shown_at
from api.documents.reading import Standing, is_settling, standing_of_channel
from api.documents.waking import wake_worker

from . import messages, schedule, signing
from .models import Attempt, Delivery, Endpoint, State, new_id
from .posting import Answer, post

log = logging.getLogger(__name__)

# Twice as long as a request may take.
LEASE = timedelta(seconds=30)
# After that, others that wait come first.
SLICE_S = 20
# Changes that are looked through at a time for one that is wanted.
BATCH = 20
# While a channel settles: how long until its next change is looked for again.
SETTLING = timedelta(seconds=5)
# After a mistake of our own.
BROKEN = timedelta(minutes=1)
# Of an answer, for staff.
MOST_KEPT = 2_000
REMEMBERED = timedelta(days=30)
CLEARED_AT_ONCE = 1_000
GONE = 410
IS_GONE = "The site answered 410: it wants to hear nothing more."
IS_LOST = (
    "The secret key of this server is another one than when the signing secret was "
    "made. Make a new secret, give it to the site, and resume."
)


@dataclass(frozen=True)
class Message:
    """What is sent next, and as what it is logged; without a change out of turn."""

    delivery: Delivery
    body: bytes
    change: Change | None = None


def set_right(now: datetime) -> None:
    """Have none wait for a time that only a clock which was ahead can have written."""
    is_ahead = Q(failures=0, next_attempt_at__gt=now + 2 * BROKEN) | Q(
        next_attempt_at__gt=now + 2 * schedule.LONGEST_WAIT
    )
    Endpoint.objects.filter(is_ahead).update(next_attempt_at=now)
    Endpoint.objects.filter(leased_until__gt=now + 2 * LEASE).update(
        lease=None, leased_until=None
    )


def claim(now: datetime, *, with_trouble: bool = True) -> Endpoint | None:
    """The endpoint that has waited longest, leased to the caller; None if none waits.

    Without `with_trouble`, only those that answered the last time, and at once.
    """
    with transaction.atomic():
        due = Endpoint.objects.due_at(now)
        if not with_trouble:
            due = due.without_trouble()
        endpoint = (
            due.select_for_update(of=("self",), skip_locked=True)
            .order_by("next_attempt_at", "pk")
            .first()
        )
        if endpoint is not None:
            endpoint.lease, endpoint.leased_until = uuid.uuid4(), now + LEASE
            endpoint.save(update_fields=["lease", "leased_until"])
    return endpoint


def serve(endpoint: Endpoint) -> None:
    """Tell `endpoint`, which the caller has claimed, all it can be told; give it back.

    After `SLICE_S` it is given back in any case, so that others have their turn.
    """
    until = time.monotonic() + SLICE_S
    pause = timedelta(0)
    try:
        while _tell_next(endpoint) and time.monotonic() < until:
            pass
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # A mistake of our own about one endpoint holds up no other.
        log.exception("Endpoint %s cannot be told", endpoint.pk)
        pause = BROKEN
        _give_up_asked(endpoint)
    # Behind those that wait, and no earlier than was agreed.
    earliest = Value(timezone.now() + pause)
    _held(endpoint).update(
        lease=None,
        leased_until=None,
        next_attempt_at=Greatest(F("next_attempt_at"), earliest),
    )


def places() -> dict[int, int]:
    """How far the slowest endpoint of each channel has come, paused ones included."""
    heard = Endpoint.objects.exclude(state=State.ENDED)
    slowest = heard.order_by().values_list("channel").annotate(at=Min("sequence"))
    return dict(slowest)


def clear() -> bool:
    """Forget a batch of old messages; False if none is left."""
    old = Delivery.objects.filter(
        created_at__lt=timezone.now() - REMEMBERED, asked_at=None
    )
    batch = list(old.values_list("pk", flat=True)[:CLEARED_AT_ONCE])
    Delivery.objects.filter(pk__in=batch).delete()
    return len(batch) == CLEARED_AT_ONCE


def _held(endpoint: Endpoint) -> QuerySet[Endpoint]:
    """The row, as long as nobody took over."""
    return Endpoint.objects.filter(pk=endpoint.pk, lease=endpoint.lease)


def _tell_next(claimed: Endpoint) -> bool:
    """Send one message; whether there may be another at once.

    No transaction is open while the receiver has the word.
    """
    now = timezone.now()
    if not _held(claimed).update(leased_until=now + LEASE):
        return False
    # Read anew: staff may have changed or paused it, and the channel gone on.
    endpoint = Endpoint.objects.get(pk=claimed.pk)
    standing = standing_of_channel(endpoint.channel_id)
    moment = standing.moment(now)
    message = _asked(endpoint, standing, moment) or _next(endpoint, standing, moment)
    if message is None:
        return False
    try:
        valid = endpoint.reveal_secrets(now)
    except signing.SecretIsLost:
        Delivery.objects.filter(pk=message.delivery.pk).update(asked_at=None)
        endpoint.pause(IS_LOST, is_told=False)
        return False
    headers = signing.headers(
        message.delivery.webhook_id, int(time.time()), message.body, valid
    )
    answer = post(endpoint.url, message.body, headers)
    return _record(endpoint, message, answer)


def _asked(endpoint: Endpoint, standing: Standing, now: datetime) -> Message | None:
    """What staff asked to be sent, unless the document has changed since."""
    asked = endpoint.deliveries.filter(asked_at__isnull=False)
    for delivery in asked.order_by("asked_at"):
        body = _body_again(endpoint, standing, delivery, now)
        row = Delivery.objects.filter(pk=delivery.pk)
        if body is not None:
            row.update(payload=body.decode())
            return Message(delivery, body)
        row.update(asked_at=None)
    return None


def _give_up_asked(endpoint: Endpoint) -> None:
    """What was asked for is due at once: it would fail again without end."""
    asked = endpoint.deliveries.filter(asked_at__isnull=False)
    asked.filter(state=Delivery.State.WAITING).update(state=Delivery.State.FAILED)
    asked.update(asked_at=None)


def _body_again(
    endpoint: Endpoint, standing: Standing, delivery: Delivery, now: datetime
) -> bytes | None:
    """What `delivery` says today; None where it is not so any more."""
    if delivery.sequence is None:
        return messages.test_body(now)
    found = changes_after(standing, delivery.sequence - 1, now, 1)
    change = found[0] if found else None
    is_newest = change is not None and change.sequence == delivery.sequence
    if change is None or not is_newest or standing.channel.is_suspended:
        return None
    if change.is_provisional:
        return None
    return messages.body_of(
        delivery.event, change, with_document=endpoint.carries_document
    )


def _next(endpoint: Endpoint, standing: Standing, now: datetime) -> Message | None:
    """The next change of the channel that `endpoint` wants to hear of.

    What it does not want is passed over.
    """
    channel = standing.channel
    limit = BATCH if endpoint.events else 1
    while endpoint.is_active and not channel.is_suspended:
        found = changes_after(standing, endpoint.sequence, now, limit)
        known = shown_at(channel, endpoint.sequence, [change.id for change in found])
        for change in found:
            if change.is_provisional and is_settling(channel):
                # So soon after, nobody knows whether it may be told at all.
                _wait(endpoint, now + SETTLING)
                return None
            event = messages.event_of(change, was_shown=change.id in known)
            if not _is_over(change) and endpoint.wants(event):
                return _message(endpoint, event, change)
            endpoint.sequence = change.sequence
        is_all = len(found) < limit
        if is_all:
            # There they end, whatever came since.
            endpoint.sequence = max(endpoint.sequence, standing.sequence)
        if not _held(endpoint).update(sequence=endpoint.sequence) or is_all:
            return None
    return None


def _is_over(change: Change) -> bool:
    """Whether it ended by the clock alone; the worker makes another change of that."""
    return change.text is None and change.left is None


def _wait(endpoint: Endpoint, until: datetime) -> None:
    _held(endpoint).update(next_attempt_at=until)
    wake_worker()


def _message(endpoint: Endpoint, event: str, change: Change) -> Message:
    body = messages.body_of(event, change, with_document=endpoint.carries_document)
    written = {
        "event": event,
        "document": change.id,
        "slug": json.loads(body)["data"]["slug"] or "",
        "payload": body.decode(),
    }
    # Stored before it is sent, so it is the same however often, and whoever sends it.
    webhook_id = new_id()
    delivery, _ = Delivery.objects.update_or_create(
        endpoint=endpoint,
        sequence=change.sequence,
        defaults=written,
        create_defaults={**written, "webhook_id": webhook_id},
    )
    return Message(delivery, body, change)


def _record(endpoint: Endpoint, message: Message, answer: Answer) -> bool:
    """Write down what came of it, and when to go on; whether that is at once."""
    now = timezone.now()
    Attempt.objects.create(
        delivery=message.delivery,
        at=now - timedelta(seconds=answer.took_s),
        took_ms=int(answer.took_s * 1000),
        status=answer.status,
        error=answer.error,
        answer=_text(answer.body),
    )
    with transaction.atomic():
        held = _held(endpoint).select_for_update(of=("self",)).first()
        if held is None:
            # It took longer than the lease, and somebody else sends it again.
            return False
        _log_outcome(message, answer, now)
        held.last_ms = int(answer.took_s * 1000)
        if answer.is_success:
            _move_on(held, message.change, now)
        elif answer.status == GONE:
            held.end(IS_GONE, is_told=False)
        elif message.change is not None:
            _try_again(held, answer, now)
        held.save()
    log.info(
        "Endpoint %s: %s, %s, %.1f s",
        held.pk,
        message.delivery.webhook_id,
        answer.status or "no answer",
        answer.took_s,
    )
    if held.failures and message.change is not None:
        # Sooner, perhaps, than any worker would look.
        wake_worker()
        return False
    return not held.has_ended


def _log_outcome(message: Message, answer: Answer, now: datetime) -> None:
    delivery = message.delivery
    delivery.refresh_from_db()
    if answer.is_success:
        delivery.state, delivery.delivered_at = Delivery.State.DELIVERED, now
    elif delivery.state == Delivery.State.WAITING:
        delivery.state = Delivery.State.FAILED
    if message.change is None:
        delivery.asked_at = None
    delivery.save(update_fields=["state", "delivered_at", "asked_at"])


def _move_on(held: Endpoint, change: Change | None, now: datetime) -> None:
    """What was confirmed, the endpoint has: its place is behind it."""
    # Whoever answers a test need not wait for the end of a pause.
    held.next_attempt_at = now
    if change is None:
        return
    held.sequence, held.confirmed_at = change.sequence, now
    held.failures, held.failing_since = 0, None
    is_open = Q(state__in=[Delivery.State.WAITING, Delivery.State.FAILED])
    overtaken = held.deliveries.filter(is_open, sequence__lt=change.sequence)
    overtaken.update(state=Delivery.State.SUPERSEDED)


def _try_again(held: Endpoint, answer: Answer, now: datetime) -> None:
    held.failures += 1
    held.failing_since = held.failing_since or now
    pause = schedule.pause_after(held.failures, answer.retry_after_s)
    if pause is not None:
        held.next_attempt_at = now + pause
    elif held.state == State.ACTIVE:
        said = f"answered {answer.status}" if answer.status else "did not answer"
        held.pause(
            f"The site {said} {held.failures} times in a row. Nothing is lost: once it "
            "is resumed, it hears of all that changed meanwhile.",
            is_told=False,
        )


def _text(body: bytes) -> str:
    # No text in the database can have NUL.
    return body[: MOST_KEPT * 4].decode(errors="replace").replace("\0", "�")[:MOST_KEPT]
