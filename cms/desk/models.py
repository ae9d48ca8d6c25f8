from __future__ import annotations

import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from wagtail.models import Page


def _key() -> str:
    return secrets.token_urlsafe(24)


class PreviewQuerySet(models.QuerySet["Preview"]):
    def open_at(self, now: datetime) -> Self:
        return self.filter(ends_at__gt=now)

    def shared(self) -> Self:
        """Links that somebody made to be sent, not the editor's own looks."""
        return self.filter(page__isnull=False)


class Preview(models.Model):
    """An address at which one draft may be read for a while, without a login.

    The editor's own preview holds the `answer`, with what is not even saved yet. A
    shared one names the page, and shows the newest draft whenever it is opened.
    """

    key = models.CharField(max_length=32, unique=True, default=_key, editable=False)
    page = models.ForeignKey(
        Page, null=True, on_delete=models.CASCADE, related_name="+"
    )
    # A site's name, as `content_models.previews` gives it.
    site = models.CharField(max_length=255)
    answer = models.TextField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField(db_index=True)

    objects = PreviewQuerySet.as_manager()

    # Who may look at what is looked up by the page: no permissions of its own.
    class Meta:
        default_permissions = ()
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"Preview of {self.page_id} until {self.ends_at:%Y-%m-%d %H:%M}"
