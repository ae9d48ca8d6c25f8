from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

from .articles import Article


class Urgency(models.TextChoices):
    """How soon every site has to have taken a copy down."""

    URGENT = "urgent", "Urgent: it could harm readers"
    ROUTINE = "routine", "Routine"


class Withdrawal(models.Model):
    """Why an article was taken off every site, in words for its readers."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="withdrawals"
    )
    reason = models.CharField(
        max_length=300,
        help_text="One sentence. Readers see it where the article was, on every site.",
    )
    urgency = models.CharField(
        max_length=8, choices=Urgency.choices, default=Urgency.ROUTINE
    )
    replacement = models.ForeignKey(
        Article,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="what to read instead",
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.article}: {self.reason}"


def withdrawal_of(article_id: int, now: datetime) -> Withdrawal | None:
    """Why that article is not public at `now`; None if it was not withdrawn.

    Published again, and only taken down then, it is no longer withdrawn.
    """
    last = models.F("article__last_published_at")
    made = Withdrawal.objects.filter(article=article_id, made_at__lte=now)
    return made.filter(made_at__gte=last).select_related("replacement").first()
