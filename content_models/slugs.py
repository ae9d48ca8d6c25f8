"""The last part of a public address: made from a name, one per kind and language."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

# Leaves room for a number behind it in fields of 120.
_LENGTH = 100


def settle_slug(instance: Any, others: models.QuerySet[Any]) -> None:
    """Give `instance` a slug that none of `others` has, from its name if it is empty.

    Raises ValidationError for a slug that was chosen and is taken.
    """
    if not instance.slug:
        instance.slug = free_slug(str(instance), others)
    refuse_taken_slug(instance, others)


def refuse_taken_slug(instance: Any, others: models.QuerySet[Any]) -> None:
    """Raise ValidationError, for the field, if one of `others` has its slug."""
    try:
        taken_slug(instance.slug, others.exclude(pk=instance.pk))
    except ValidationError as refused:
        raise ValidationError({"slug": refused}) from refused


def taken_slug(slug: str, others: models.QuerySet[Any]) -> None:
    """Raise ValidationError if one of `others` has `slug`."""
    other = others.filter(slug=slug).first()
    if other is not None:
        raise ValidationError(
            "“%(other)s” already has the address “%(slug)s”. Choose another one.",
            params={"other": str(other), "slug": slug},
        )


def free_slug(name: str, others: models.QuerySet[Any]) -> str:
    """The words of `name`, with -2, -3 and so on behind them where they are taken."""
    words = slugify(name)
    if len(words) > _LENGTH:
        words = words[:_LENGTH].rpartition("-")[0] or words[:_LENGTH]
    # A name in letters that have no Latin form leaves nothing.
    words = words or others.model._meta.model_name or "item"
    similar = others.filter(slug__startswith=words).order_by()
    taken = set(similar.values_list("slug", flat=True))
    number, slug = 1, words
    while slug in taken:
        number += 1
        slug = f"{words}-{number}"
    return slug
