"""The last part of a public address: made from a name, one per kind and language."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

from content_models.validators import SLUG_LENGTH

# Leaves room for a number behind it.
_LENGTH = SLUG_LENGTH - 20


def settle_slug(instance: Any, others: models.QuerySet[Any]) -> None:
    """Give `instance` a slug that none of `others` has, from its name if it is empty.

    Forms fill it from the name while one types: for something new, that is not a choice
    either. Raises ValidationError for a slug that was chosen and is taken.
    """
    others = others.exclude(pk=instance.pk)
    name = str(instance)
    is_from_name = instance._state.adding and instance.slug == slug_of(name)
    if not instance.slug or is_from_name:
        instance.slug = free_slug(name, others)
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


def slug_of(name: str) -> str:
    """The words of `name`, cut at a word; empty for letters that have no Latin form."""
    words = slugify(name)
    if len(words) > _LENGTH:
        words = words[:_LENGTH].rpartition("-")[0] or words[:_LENGTH]
    return words


def free_slug(name: str, others: models.QuerySet[Any]) -> str:
    """The slug of `name`, with -2, -3 and so on behind it where it is taken."""
    words = slug_of(name) or others.model._meta.model_name or "item"
    similar = others.filter(slug__startswith=words).order_by()
    taken = set(similar.values_list("slug", flat=True))
    number, slug = 1, words
    while slug in taken:
        number += 1
        slug = f"{words}-{number}"
    return slug
