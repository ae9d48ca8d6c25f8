from __future__ import annotations

from django.db import models

PUBLIC = "public"


class Channel(models.Model):
    """One destination that content is syndicated to.

    The built-in `public` channel carries everything that is published, in full.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    # An open channel is read by anyone who names it; any other needs a key.
    is_open = models.BooleanField(default=False)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name
