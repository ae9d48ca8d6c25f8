"""What every kind of content has in common."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models
from modelcluster.models import ClusterableModel, model_from_serializable_data
from wagtail.models import (
    DraftStateMixin,
    Locale,
    LockableMixin,
    Orderable,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from content_models.slugs import settle_slug
from content_models.validators import SLUG_LENGTH, validate_slug_is_no_id


class SlugField(models.SlugField):
    """The last part of a public address; `settle_slug` fills an empty one."""

    default_validators = [*models.SlugField.default_validators, validate_slug_is_no_id]

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("max_length", SLUG_LENGTH)
        kwargs.setdefault("blank", True)
        kwargs.setdefault(
            "help_text",
            "The last part of the public address: small letters, digits and hyphens. "
            "Empty: made from the name.",
        )
        super().__init__(**kwargs)  # type: ignore[arg-type]


def gone(
    model: type[models.Model], data: dict[str, Any]
) -> list[models.ForeignKey[Any, Any]]:
    """The protected relations of `model` whose target in `data` was deleted since.

    Protection holds what the live content uses. Drafts and old versions use things
    too, and opening one must not fail for what nobody else used and somebody deleted.
    """
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is models.PROTECT
        and data.get(field.name) is not None
        and not field.related_model._base_manager.filter(pk=data[field.name]).exists()
    ]


class Restorable(models.Model):
    """Content whose versions can be opened although what they name was deleted."""

    class Meta:
        abstract = True

    @classmethod
    def from_serializable_data(
        cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False
    ) -> Self | None:
        without = {field.name: None for field in gone(cls, data)}
        return super().from_serializable_data(  # type: ignore[misc]
            {**data, **without}, check_fks=check_fks, strict_fks=strict_fks
        )


class Item(Orderable):
    """One row of a list in content, such as one author of an article."""

    class Meta(Orderable.Meta):
        abstract = True
        # Rows that code made have no place of their own: as they were added, then.
        ordering = ["sort_order", "pk"]

    @classmethod
    def from_serializable_data(
        cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False
    ) -> Self | None:
        """The row, or None if what it names was deleted: then there is no row."""
        if gone(cls, data):
            return None
        row: Self | None = model_from_serializable_data(
            cls, data, check_fks=check_fks, strict_fks=strict_fks
        )
        return row


class Drafted(
    Restorable,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    index.Indexed,
    ClusterableModel,
):
    """Content with drafts, revisions, locks and workflow, that is not a page."""

    # Brought by a list, where Wagtail would ask twice for each of its rows.
    is_scheduled: bool | None = None
    is_under_review: bool | None = None

    class Meta:
        abstract = True

    @property
    def approved_schedule(self) -> bool:
        known = self.is_scheduled
        return super().approved_schedule if known is None else known

    @property
    def workflow_in_progress(self) -> bool:
        known = self.is_under_review
        return super().workflow_in_progress if known is None else known


class Identified(models.Model):
    """Content that is not translated: its identity is a UUID of its own."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class Translated(Drafted, TranslatableMixin):
    """Drafted content, one object per language."""

    slug = SlugField()

    class Meta(TranslatableMixin.Meta):
        abstract = True
        unique_together = [("translation_key", "locale"), ("locale", "slug")]

    def clean(self) -> None:
        """Fill an empty slug; refuse one that another of its kind and language has."""
        super().clean()
        settle_slug(self, type(self)._base_manager.filter(locale_id=self.locale_id))

    def copy_for_translation(
        self, locale: Locale, exclude_fields: list[str] | None = None
    ) -> Self:
        """An unsaved draft in `locale`; Wagtail's would be live, read by nobody."""
        copy: Self = super().copy_for_translation(locale, exclude_fields=exclude_fields)
        copy.live, copy.has_unpublished_changes = False, True
        copy.live_revision = copy.latest_revision = None
        copy.first_published_at = copy.last_published_at = None
        copy.go_live_at = copy.expire_at = None
        return copy
