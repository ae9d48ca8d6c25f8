from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models


def make_secret() -> str:
    """256 bits, as text."""
    return secrets.token_urlsafe(32)


class SigningKey(models.Model):
    """What checkpoints are signed with: the newest key signs, all of them verify.

    They are in the database because checkpoints are about what is in it: both move to
    another machine together.
    """

    secret = models.CharField(max_length=64, default=make_secret)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Made {self.created_at:%Y-%m-%d %H:%M}"
