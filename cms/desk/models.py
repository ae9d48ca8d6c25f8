from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


def _key() -> str:
    return secrets.token_urlsafe(24)


class PreviewQuerySet(models.QuerySet["Preview"]):
    def open_at(self, now: datetime) -> Self:
        return self.filter(ends_at__gt=now, ended_at=None)

    def shared(self) -> Self:
        """Links that somebody made to be sent, not the editor's own looks."""
        return self.filter(answer="")

    def past_use_at(self, now: datetime, remembered: timedelta) -> Self:
        """What can be cleared away: nobody asks any more what became of it."""
        is_done = models.Q(ends_at__lte=now) & ~models.Q(answer="")
        return self.filter(is_done | models.Q(ends_at__lte=now - remembered))

    def of(self, content: Any) -> Self:
        """Those that show `content`."""
        kind = ContentType.objects.get_for_model(content)
        return self.filter(content_type=kind, object_id=content.pk)


class Preview(models.Model):
    """An address at which one draft may be read for a while, without a login.

    The editor's own preview holds the `answer`, with what is not even saved yet. A
    shared one names its content, and shows the newest draft whenever it is opened.
    """

    key = models.CharField(max_length=32, unique=True, default=_key, editable=False)
    # No key of the database: a link outlives what it showed, to say that it is gone.
    content_type = models.ForeignKey(
        ContentType, null=True, on_delete=models.CASCADE, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(null=True)
    content = GenericForeignKey()
    # A site's name, as `content_models.previews` gives it.
    site = models.CharField(max_length=255)
    answer = models.TextField(blank=True)
    # Nobody any more: then it shows nothing.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(
        null=True, help_text="When somebody ended it before its time."
    )

    objects = PreviewQuerySet.as_manager()

    # Who may look at what is looked up by the content: no permissions of its own.
    class Meta:
        default_permissions = ()
        ordering = ["-made_at"]
        indexes = [
            # For the screen that lists the links to one thing.
            models.Index(
                fields=["content_type", "object_id"], name="preview_of_content"
            )
        ]

    def __str__(self) -> str:
        return f"Preview {self.pk} until {self.ends_at:%Y-%m-%d %H:%M}"

    @property
    def is_shared(self) -> bool:
        return not self.answer
