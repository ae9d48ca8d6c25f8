"""Mail leaves when what it tells of has happened: after the commit, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction


class AfterCommit(BaseEmailBackend):
    """Hands mail to the backend `EMAIL_DELIVERY_BACKEND` once the transaction commits.

    Outside of a transaction that is at once, and an error is the caller's. After a
    commit nobody is left to answer for it, so it is logged.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        letters = list(email_messages)
        if transaction.get_connection().in_atomic_block:
            transaction.on_commit(lambda: self._deliver(letters), robust=True)
        else:
            self._deliver(letters)
        return len(letters)

    def _deliver(self, letters: list[EmailMessage]) -> None:
        with get_connection(
            settings.EMAIL_DELIVERY_BACKEND, fail_silently=self.fail_silently
        ) as backend:
            backend.send_messages(letters)
