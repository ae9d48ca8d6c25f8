from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase
from wagtail.search import index

from content_models.validators import validate_slug_is_no_id

from .base import Identified, Translated


class Category(Translated):
    """A subject under which readers look for articles."""

    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, help_text="One or two sentences.")

    search_fields: ClassVar = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale"),
    ]

    class Meta(Translated.Meta):
        ordering = ["name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class Tag(Identified, TagBase):
    """A word that staff attach to articles. It has no draft: saving publishes it."""

    # A word typed into a draft would be public before the draft is.
    free_tagging = False

    class Meta:
        ordering = ["name"]
        verbose_name = "tag"
        verbose_name_plural = "tags"

    def slugify(self, tag: str, i: int | None = None) -> str:
        """The tag's slug, never empty and never one that reads as an id."""
        slug = str(super().slugify(tag, i))
        try:
            validate_slug_is_no_id(slug)
        except ValidationError:
            return f"tag-{slug}"
        return slug or "tag"


class ArticleTag(ItemBase):
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="tagged")
    content_object = ParentalKey(
        "content_models.Article", on_delete=models.CASCADE, related_name="tagged_items"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "content_object"], name="article_tagged_once"
            )
        ]
