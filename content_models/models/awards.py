from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.search import index

from .base import Translated


class Award(Translated):
    """An honour that the practice, an author or a location was given."""

    name = models.CharField(max_length=200)
    giver = models.CharField("given by", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    result = models.CharField(
        max_length=60, blank=True, help_text="Winner, finalist, honourable mention"
    )
    badge = models.ForeignKey(
        "content_models.Image",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    author = models.ForeignKey(
        "content_models.Author",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Leave author and location empty for the practice as a whole.",
    )
    location = models.ForeignKey(
        "content_models.Location",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    search_fields: ClassVar = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("year"),
        index.FilterField("locale"),
    ]

    class Meta(Translated.Meta):
        ordering = ["-year", "name"]

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.name, self.year) if part)

    def clean(self) -> None:
        super().clean()
        if self.author_id and self.location_id:
            raise ValidationError(
                {"location": "An award goes to an author or to a location, not both."}
            )


class Affiliation(Translated):
    """An organisation that the practice belongs to or works with."""

    name = models.CharField(max_length=200)
    website = models.URLField(blank=True)
    logo = models.ForeignKey(
        "content_models.Image",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    search_fields: ClassVar = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale"),
    ]

    class Meta(Translated.Meta):
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
