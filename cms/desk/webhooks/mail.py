"""Tells those who look after webhooks that one was stopped, and not by them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.urls import reverse

from api.webhooks.models import Endpoint

BACKEND = "django.contrib.auth.backends.ModelBackend"
TEXT = """\
{name} hears nothing of changes on “{channel}” any more.

{reason}

What was sent and what came back, and how to go on:
{url}
"""


def send() -> bool:
    """Write of one endpoint; False if there is nothing to tell."""
    waiting = Endpoint.objects.filter(is_told=False).select_related("channel")
    endpoint = waiting.first()
    if endpoint is None:
        return False
    # Where that fails it is tried again: told twice is better than never.
    _letter(endpoint).send()
    Endpoint.objects.filter(pk=endpoint.pk).update(is_told=True)
    return True


def readers() -> list[str]:
    """The addresses of those who may change endpoints."""
    may = get_user_model().objects.with_perm(
        "webhooks.change_endpoint", backend=BACKEND
    )
    return sorted(set(may.exclude(email="").values_list("email", flat=True)))


def _letter(endpoint: Endpoint) -> EmailMessage:
    state = endpoint.get_state_display().lower()
    url = settings.PUBLIC_BASE_URL + reverse("webhooks:inspect", args=[endpoint.pk])
    body = TEXT.format(
        name=endpoint, channel=endpoint.channel, reason=endpoint.reason, url=url
    )
    # Nobody need see who else was told.
    return EmailMessage(f"Webhook {state}: {endpoint}", body, bcc=readers())
