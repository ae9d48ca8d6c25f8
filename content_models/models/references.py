from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.search import index

from content_models.citations import identifiers
from content_models.slugs import settle_slug

from .base import Drafted, Identified, Item, SlugField


class Reference(Identified, Drafted):
    """A source that articles rest on: CSL-JSON behind named fields.

    Source: Citation Style Language 1.0.2, schema csl-data.json.
    """

    class Kind(models.TextChoices):
        JOURNAL_ARTICLE = "article-journal", "Journal article"
        BOOK = "book", "Book"
        CHAPTER = "chapter", "Chapter of a book"
        REPORT = "report", "Report or guideline"
        WEBPAGE = "webpage", "Web page"
        DATASET = "dataset", "Data set"
        THESIS = "thesis", "Thesis"

    slug = SlugField(unique=True)
    kind = models.CharField(
        max_length=20, choices=Kind.choices, default=Kind.JOURNAL_ARTICLE
    )
    title = models.TextField()
    authors_incomplete = models.BooleanField(
        "and others (et al.)",
        default=False,
        help_text="The source names more authors than are listed here.",
    )
    container_title = models.CharField(
        "journal or book", max_length=300, blank=True, help_text="Its full title."
    )
    container_title_short = models.CharField(
        "journal, abbreviated", max_length=160, blank=True, help_text="As NLM does it."
    )
    publisher = models.CharField(max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1500), MaxValueValidator(2100)],
    )
    month = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    volume = models.CharField(max_length=40, blank=True)
    issue = models.CharField(max_length=40, blank=True)
    page = models.CharField("pages or article number", max_length=60, blank=True)
    doi = models.CharField("DOI", max_length=255, blank=True, null=True, unique=True)
    pmid = models.CharField(
        "PubMed id", max_length=12, blank=True, null=True, unique=True
    )
    url = models.URLField("web address", max_length=500, blank=True)
    accessed_on = models.DateField(null=True, blank=True)
    raw_text = models.TextField(
        "as it was found", blank=True, help_text="The text this was read from."
    )

    search_fields: ClassVar = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.SearchField("container_title"),
        index.FilterField("doi"),
        index.FilterField("year"),
    ]

    class Meta:
        ordering = ["-year", "title"]

    def __str__(self) -> str:
        year = f" ({self.year})" if self.year else ""
        return f"{self.title}{year}"

    def clean(self) -> None:
        """Normalise the identifiers; an empty one is None, so that many may be empty.

        Raises ValidationError by field for an identifier that cannot exist and for a
        date that is not in the calendar.
        """
        super().clean()
        wrong: dict[str, ValidationError] = {}
        for field, normalise in (
            ("doi", identifiers.normalise_doi),
            ("pmid", identifiers.normalise_pmid),
        ):
            given = getattr(self, field)
            try:
                setattr(self, field, normalise(given) if given else None)
            except ValueError as refused:
                wrong[field] = ValidationError(str(refused))
        if self.day and not self.month:
            wrong["month"] = ValidationError("Give the month, or leave the day out.")
        if self.month and not self.year:
            wrong["year"] = ValidationError("Give the year, or leave the month out.")
        if self.year and self.month and self.day:
            try:
                date(self.year, self.month, self.day)
            except ValueError:
                wrong["day"] = ValidationError("There is no such day in that month.")
        if wrong:
            raise ValidationError(wrong)
        settle_slug(self, Reference.objects.all())

    @property
    def csl(self) -> dict[str, Any]:
        """The reference as one CSL-JSON item; absent fields are left out."""
        issued = [part for part in (self.year, self.month, self.day) if part]
        item: dict[str, Any] = {"id": str(self.uuid), "type": self.kind}
        fields = {
            "title": self.title,
            "author": [author.csl for author in self.authors.all()],
            "container-title": self.container_title,
            "container-title-short": self.container_title_short,
            "publisher": self.publisher,
            "issued": {"date-parts": [issued]} if issued else None,
            "volume": self.volume,
            "issue": self.issue,
            "page": self.page,
            "DOI": self.doi,
            "PMID": self.pmid,
            "URL": self.url,
            "accessed": self._accessed,
            "custom": {"authors_incomplete": True} if self.authors_incomplete else None,
        }
        return item | {name: value for name, value in fields.items() if value}

    @property
    def _accessed(self) -> dict[str, Any] | None:
        day = self.accessed_on
        return {"date-parts": [[day.year, day.month, day.day]]} if day else None


class ReferenceAuthor(Item):
    """One name of a source's author list: a person's in parts, or an organisation's."""

    reference = ParentalKey(Reference, on_delete=models.CASCADE, related_name="authors")
    family = models.CharField("family name", max_length=120, blank=True)
    given = models.CharField("given names or initials", max_length=120, blank=True)
    literal = models.CharField(
        "organisation", max_length=250, blank=True, help_text="Instead of a person."
    )

    def __str__(self) -> str:
        return self.literal or f"{self.family} {self.given}".strip()

    def clean(self) -> None:
        super().clean()
        if bool(self.literal) == bool(self.family):
            raise ValidationError(
                "Give a person's family name or an organisation, one of the two."
            )

    @property
    def csl(self) -> dict[str, str]:
        if self.literal:
            return {"literal": self.literal}
        name = {"family": self.family}
        return name | ({"given": self.given} if self.given else {})
