from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, Min, OuterRef, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from api.documents.reading import Channel, Kind
from api.documents.waking import wake_worker

from . import addresses, signing

PUBLISHED, UPDATED, WITHDRAWN = VERBS = ("published", "updated", "withdrawn")
# Enough to rotate without an outage.
MOST_SECRETS = 2
# How long the former secret signs as well, unless it is ended earlier.
OVERLAP = timedelta(days=7)
# Who answers no faster has to leave some of the senders to the others.
SLOW_MS = 2_000


def every_event() -> list[tuple[str, list[tuple[str, str]]]]:
    """The events, by type: what staff tick."""
    return [
        (kind.label, [(f"{kind}.{verb}", verb.capitalize()) for verb in VERBS])
        for kind in Kind
    ]


def new_id() -> str:
    """The name of a message, by which receivers know one that comes again."""
    return f"msg_{uuid.uuid4().hex}"


class State(models.TextChoices):
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def with_work(self) -> Self:
        """Those that have not been told all there is, or were asked for something."""
        is_behind = Q(
            state=State.ACTIVE,
            channel__is_suspended=False,
            channel__head__sequence__gt=F("sequence"),
        )
        return self.filter(is_behind | Q(_is_asked()), ~Q(state=State.ENDED))

    def due_at(self, now: datetime) -> Self:
        """Those for which there is something to do at `now`, and nobody does it."""
        is_free = Q(leased_until=None) | Q(leased_until__lte=now)
        is_time = Q(next_attempt_at__lte=now) | Q(_is_asked())
        return self.with_work().filter(is_free, is_time)

    def without_trouble(self) -> Self:
        """Those that answered the last time, and at once."""
        return self.filter(Q(last_ms=None) | Q(last_ms__lte=SLOW_MS), failures=0)

    def next_at(self) -> datetime | None:
        """When there will be something to do; may be overdue."""
        waiting = self.with_work().annotate(
            at=Greatest("next_attempt_at", "leased_until")
        )
        at: datetime | None = waiting.aggregate(first=Min("at"))["first"]
        return at


def _is_asked() -> Exists:
    asked = Delivery.objects.filter(endpoint=OuterRef("pk"), asked_at__isnull=False)
    return Exists(asked)


class Endpoint(models.Model):
    """Where one site hears of the changes of its channel, and how far it has come."""

    channel = models.ForeignKey(
        Channel,
        on_delete=models.CASCADE,
        related_name="endpoints",
        help_text="The site whose changes are told.",
    )
    url = models.CharField(
        "address",
        max_length=addresses.LONGEST_URL,
        help_text="Where messages are sent, such as https://gazette.example/hooks. It "
        "must be public and begin with https://.",
    )
    description = models.CharField(
        max_length=120,
        blank=True,
        help_text="What it is for, such as “Search index of the Gazette”.",
    )
    events = ArrayField(
        models.CharField(max_length=40),
        blank=True,
        default=list,
        help_text="What it wants to hear of. None ticked: everything.",
    )
    carries_document = models.BooleanField(
        "whole document",
        default=False,
        help_text="Messages carry the document itself, as the channel shows it, and "
        "not only its address.",
    )
    state = models.CharField(
        max_length=6, choices=State.choices, default=State.ACTIVE, editable=False
    )
    # Why it is paused or ended: a sentence for staff.
    reason = models.TextField(blank=True, editable=False)
    # Whether staff were told of a pause that nobody of them made.
    is_told = models.BooleanField(default=True, editable=False)
    # Its place in the channel's changes: all up to here was confirmed, or not wanted.
    sequence = models.BigIntegerField(default=0, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    next_attempt_at = models.DateTimeField(default=timezone.now, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    last_ms = models.PositiveIntegerField(null=True, editable=False)
    # Who is at it, and until when nobody else may be.
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = "webhook"
        ordering: ClassVar[list[str]] = ["channel__name", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["channel", "url"], name="endpoint_once")
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="active"),
                name="endpoint_due",
            )
        ]

    def __str__(self) -> str:
        return self.description or self.url

    def clean(self) -> None:
        super().clean()
        known = {name for _, events in every_event() for name, _ in events}
        if unknown := sorted(set(self.events) - known):
            raise ValidationError({"events": f"There is no event {unknown[0]}."})
        try:
            addresses.check(self.url)
        except addresses.Refused as error:
            raise ValidationError({"url": str(error)}) from error

    @property
    def is_active(self) -> bool:
        return self.state == State.ACTIVE

    @property
    def is_paused(self) -> bool:
        return self.state == State.PAUSED

    @property
    def has_ended(self) -> bool:
        return self.state == State.ENDED

    def wants(self, event: str) -> bool:
        return not self.events or event in self.events

    def begin(self) -> None:
        """Stand where the channel is now: what comes from here on is told."""
        head = getattr(self.channel, "head", None)
        self.sequence = head.sequence if head else 0

    def pause(self, reason: str, *, is_told: bool = True) -> None:
        self._stop(State.PAUSED, reason, is_told=is_told)

    def end(self, reason: str, *, is_told: bool = True) -> None:
        self._stop(State.ENDED, reason, is_told=is_told)

    def _stop(self, state: State, reason: str, *, is_told: bool) -> None:
        self.state, self.reason, self.is_told = state, reason, is_told
        self.save(update_fields=["state", "reason", "is_told"])

    def resume(self) -> None:
        """Go on where it stopped: whatever changed meanwhile is told now."""
        self.state, self.reason, self.is_told = State.ACTIVE, "", True
        self.failures, self.failing_since = 0, None
        self.next_attempt_at = timezone.now()
        self.save(
            update_fields=[
                "state",
                "reason",
                "is_told",
                "failures",
                "failing_since",
                "next_attempt_at",
            ]
        )
        wake_worker()

    def ask_for_test(self) -> Delivery:
        """Have the worker send something that tells of no change."""
        now = timezone.now()
        delivery = Delivery.objects.create(
            endpoint=self,
            event=Delivery.TEST,
            webhook_id=new_id(),
            asked_at=now,
        )
        wake_worker()
        return delivery

    def valid_secrets(self, now: datetime) -> Sequence[Secret]:
        """The secrets that sign at `now`, the newest first."""
        is_valid = Q(ends_at=None) | Q(ends_at__gt=now)
        return list(self.secrets.filter(is_valid).order_by("-pk"))

    def reveal_secrets(self, now: datetime) -> list[bytes]:
        """What messages are signed with at `now`, the newest first.

        A former one that cannot be told any more is left out. Raises
        signing.SecretIsLost where the newest cannot, or there is none.
        """
        valid = self.valid_secrets(now)
        if not valid:
            raise signing.SecretIsLost
        secrets = [signing.secret_of(valid[0].seed, valid[0].fingerprint)]
        for kept in valid[1:]:
            with suppress(signing.SecretIsLost):
                secrets.append(signing.secret_of(kept.seed, kept.fingerprint))
        return secrets

    @transaction.atomic
    def new_secret(self) -> str:
        """The text of a new secret, which nobody can be shown again.

        The one before it signs as well for `OVERLAP`. Raises ValidationError where two
        are valid already.
        """
        # Of two who make one at the same moment, the second sees the first one's.
        Endpoint.objects.select_for_update(of=("self",)).get(pk=self.pk)
        now = timezone.now()
        valid = self.valid_secrets(now)
        if len(valid) >= MOST_SECRETS:
            raise ValidationError(
                "Messages are signed with two secrets at the moment. End the former "
                "one when the site uses it no longer, then make another."
            )
        for former in valid:
            former.ends_at = now + OVERLAP
            former.save(update_fields=["ends_at"])
        made = signing.make()
        self.secrets.create(seed=made.seed, fingerprint=made.fingerprint)
        return made.text

    def end_former_secrets(self) -> None:
        now = timezone.now()
        for former in self.valid_secrets(now)[1:]:
            former.ends_at = now
            former.save(update_fields=["ends_at"])


class Secret(models.Model):
    """What is kept of a secret: enough to sign with it, together with the server's."""

    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="secrets"
    )
    seed = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=16)
    created_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Secret {self.fingerprint}"


class Delivery(models.Model):
    """One message to one endpoint, sent once or more often under the same id."""

    TEST = "webhook.test"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"
        SUPERSEDED = "superseded", "Superseded"

    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="deliveries"
    )
    # Of the change; a test has none.
    sequence = models.BigIntegerField(null=True)
    event = models.CharField(max_length=40)
    # No key of the database: the door does not know that table.
    document = models.UUIDField(null=True)
    slug = models.CharField(max_length=120, blank=True)
    webhook_id = models.CharField(max_length=64)
    # What was sent last.
    payload = models.TextField(blank=True)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.WAITING
    )
    # By staff, out of turn and once.
    asked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["-pk"]
        verbose_name_plural = "deliveries"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["endpoint", "sequence"], name="delivery_once"
            )
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["endpoint"],
                condition=Q(asked_at__isnull=False),
                name="delivery_asked",
            ),
            # The daily clearing.
            models.Index(fields=["created_at"], name="delivery_created"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.webhook_id}"

    @property
    def is_test(self) -> bool:
        return self.event == self.TEST

    def ask_again(self) -> None:
        """Have the worker send it again, with the same id."""
        self.asked_at = timezone.now()
        self.save(update_fields=["asked_at"])
        wake_worker()


class Attempt(models.Model):
    """One time that a message was sent, and what came of it."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="attempts"
    )
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.TextField(blank=True)
    # The beginning of what the receiver answered, for staff only.
    answer = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.status or self.error} at {self.at}"

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300
