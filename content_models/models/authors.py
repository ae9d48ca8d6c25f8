from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField
from wagtail.search import index

from content_models import addresses, bylines, readiness
from content_models.blocks import TEXT_FEATURES
from content_models.previews import ShownOnSites
from content_models.validators import validate_jurisdiction

from .base import Identified, Item, Translated
from .practice import Practice


class CredentialType(Identified, index.Indexed, models.Model):
    """A kind of degree, licence or certification. Saving publishes it."""

    class Kind(models.TextChoices):
        DEGREE = "degree", "Degree"
        LICENCE = "licence", "Licence"
        CERTIFICATION = "certification", "Certification"
        HONOUR = "honour", "Honour"

    abbreviation = models.CharField(
        max_length=24, unique=True, help_text="As it stands in a byline: DPT"
    )
    name = models.CharField(max_length=200, help_text="Doctor of Physical Therapy")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    issuer = models.CharField(max_length=200, blank=True)
    rank = models.PositiveSmallIntegerField(
        default=500, help_text="Smaller stands earlier in a byline."
    )

    search_fields: ClassVar = [
        index.SearchField("abbreviation"),
        index.AutocompleteField("abbreviation"),
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("kind"),
    ]

    class Meta:
        ordering = ["rank", "abbreviation"]

    def __str__(self) -> str:
        return f"{self.abbreviation}, {self.name}"


class Author(ShownOnSites, Translated):
    """A clinician or writer: writes articles, or reviews them."""

    class BylineOrder(models.TextChoices):
        RANK = "rank", "Customary: licence and degree before certifications"
        OWN = "own", "As listed below: the author's own order"

    prefix = models.CharField(max_length=24, blank=True, help_text="Dr., Prof.")
    given_name = models.CharField("given names", max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    suffix = models.CharField(
        max_length=12, blank=True, help_text="Jr., III; credentials stand below."
    )
    photo = models.ForeignKey(
        "content_models.Image",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    job_title = models.CharField(max_length=120, blank=True)
    bio = RichTextField("biography", features=TEXT_FEATURES, blank=True)
    byline_order = models.CharField(
        "order of credentials",
        max_length=4,
        choices=BylineOrder.choices,
        default=BylineOrder.RANK,
    )

    search_fields: ClassVar = [
        index.SearchField("given_name"),
        index.AutocompleteField("given_name"),
        index.SearchField("family_name"),
        index.AutocompleteField("family_name"),
        index.FilterField("locale"),
    ]

    class Meta(Translated.Meta):
        ordering = ["family_name", "given_name"]

    def __str__(self) -> str:
        return self.name or "(no name)"

    def clean(self) -> None:
        if not self.given_name and not self.family_name:
            raise ValidationError({"family_name": "Give at least one name."})
        super().clean()

    @property
    def canonical_url(self) -> str:
        """The author's address on the practice's site, published or not."""
        return addresses.of_author(self, Practice.load())

    def obstacles(self) -> list[str]:
        places = [place.location for place in self.work_places.all()]
        return readiness.unpublished(places)

    @property
    def name(self) -> str:
        """Given and family names with the generational suffix; no title before it."""
        return " ".join(
            part for part in (self.given_name, self.family_name, self.suffix) if part
        )

    def credentials_on(self, day: date) -> list[Credential]:
        """What may stand in the byline on `day`, in the order in which it does.

        A credential held in two jurisdictions is listed for each of them.
        """
        valid = [held for held in self.credentials.all() if held.is_valid_on(day)]
        by_position = sorted(valid, key=lambda held: held.sort_order or 0)
        if self.byline_order == self.BylineOrder.OWN:
            return by_position
        return sorted(by_position, key=lambda held: held.type.rank)

    def post_nominals_on(self, day: date) -> list[str]:
        """The abbreviations after the name on `day`, each once."""
        held = [credential.type.abbreviation for credential in self.credentials_on(day)]
        return list(dict.fromkeys(held))

    def byline_on(self, day: date) -> str:
        """The name with its post-nominals of `day`: `Lisa Scarlino, PT, DPT, ATC`."""
        return bylines.join(self.name, self.post_nominals_on(day))

    def next_change_after(self, day: date) -> date | None:
        """The first day after `day` on which another set of credentials is valid."""
        changes = [
            changed
            for held in self.credentials.all()
            for changed in held.changes_on()
            if changed > day
        ]
        return min(changes, default=None)


class CredentialQuerySet(models.QuerySet["Credential"]):
    def valid_on(self, day: date) -> Self:
        """Credentials that may stand in a byline on `day`; the last day counts."""
        begun = Q(issued_on=None) | Q(issued_on__lte=day)
        return self.filter(begun & (Q(expires_on=None) | Q(expires_on__gte=day)))


class Credential(Item):
    """One degree, licence or certification that an author holds."""

    author = ParentalKey(Author, on_delete=models.CASCADE, related_name="credentials")
    type = models.ForeignKey(
        CredentialType, on_delete=models.PROTECT, related_name="held"
    )
    # Licences are per state, degrees are not: empty means "valid everywhere".
    jurisdiction = models.CharField(
        max_length=6,
        blank=True,
        validators=[validate_jurisdiction],
        help_text="Country and state (ISO 3166-2), as in US-NJ. Empty: everywhere.",
    )
    number = models.CharField(
        max_length=60, blank=True, help_text="Stays in house: never published."
    )
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(
        null=True,
        blank=True,
        help_text="The last day on which it is valid. It leaves every byline after.",
    )
    is_verified = models.BooleanField(
        "verified", default=False, help_text="Somebody checked it with the issuer."
    )

    objects = CredentialQuerySet.as_manager()

    class Meta(Item.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["author", "type", "jurisdiction"],
                name="credential_held_once",
                violation_error_message="This author already holds this credential.",
                # A list is saved row by row: while two swap places, both name one.
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(issued_on=None)
                | Q(expires_on=None)
                | Q(expires_on__gte=models.F("issued_on")),
                name="credential_expires_after_issue",
                violation_error_message="It expires before it was issued.",
            ),
        ]

    def __str__(self) -> str:
        return self.type.abbreviation

    def clean(self) -> None:
        super().clean()
        if self.issued_on and self.expires_on and self.expires_on < self.issued_on:
            raise ValidationError({"expires_on": "It expires before it was issued."})

    def is_valid_on(self, day: date) -> bool:
        """Whether it may stand in a byline on `day`; first and last day count."""
        begun = self.issued_on is None or self.issued_on <= day
        return begun and (self.expires_on is None or day <= self.expires_on)

    def changes_on(self) -> list[date]:
        """The days on which it begins to count and ceases to."""
        days = [self.issued_on] if self.issued_on else []
        if self.expires_on:
            days.append(date.fromordinal(self.expires_on.toordinal() + 1))
        return days


class AuthorLocation(Item):
    author = ParentalKey(Author, on_delete=models.CASCADE, related_name="work_places")
    location = models.ForeignKey(
        "content_models.Location", on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Item.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["author", "location"],
                name="author_works_once_at_a_location",
                violation_error_message="This location is already in the list.",
                # A list is saved row by row: while two swap places, both name one.
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return str(self.location)
