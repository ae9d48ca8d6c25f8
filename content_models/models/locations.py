from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField
from wagtail.search import index

from content_models import addresses
from content_models.blocks import TEXT_FEATURES
from content_models.previews import ShownOnSites
from content_models.validators import (
    display_phone,
    e164,
    validate_colour,
    validate_country,
    validate_region,
    validate_time_zone,
)

from .base import Item, Translated
from .practice import Practice


class Location(ShownOnSites, Translated):
    """A clinic that people can walk into."""

    name = models.CharField(max_length=120)
    intro = RichTextField("introduction", features=TEXT_FEATURES, blank=True)
    street_address = models.CharField(max_length=200, blank=True)
    address_line_2 = models.CharField("suite, floor", max_length=200, blank=True)
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(
        max_length=6,
        blank=True,
        validators=[validate_region],
        help_text="Country and state (ISO 3166-2), as in US-NJ.",
    )
    postal_code = models.CharField(max_length=16, blank=True)
    country = models.CharField(
        max_length=2, default="US", validators=[validate_country]
    )
    # WGS 84; seven decimals are a centimetre.
    latitude = models.DecimalField(
        max_digits=9,
        decimal_places=7,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        max_digits=10,
        decimal_places=7,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    time_zone = models.CharField(
        max_length=64, default="America/New_York", validators=[validate_time_zone]
    )
    booking_url = models.URLField("booking link", max_length=500, blank=True)
    site_url = models.URLField(
        "microsite's address",
        blank=True,
        help_text="Only where this location has a web site of its own.",
    )
    accent_colour = models.CharField(
        max_length=7, blank=True, validators=[validate_colour], help_text="#rrggbb"
    )

    search_fields: ClassVar = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("city"),
        index.FilterField("locale"),
    ]

    class Meta(Translated.Meta):
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def canonical_url(self) -> str:
        """The location's address, on its own site if it has one, published or not."""
        return addresses.of_location(self, Practice.load())

    def stand_where_others_do(self) -> None:
        """Give a new one the time zone of the practice, and the state of the newest."""
        self.time_zone = Practice.load().time_zone
        newest = Location.objects.order_by("-pk").first()
        if newest is not None:
            self.country, self.region = newest.country, newest.region

    def clean(self) -> None:
        super().clean()
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError(
                {"longitude": "Give both latitude and longitude, or neither."}
            )


class Phone(Item):
    class Kind(models.TextChoices):
        MAIN = "main", "Main"
        APPOINTMENTS = "appointments", "Appointments"
        FAX = "fax", "Fax"
        TEXT = "text", "Text messages"

    location = ParentalKey(Location, on_delete=models.CASCADE, related_name="phones")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.MAIN)
    number = models.CharField(max_length=32, help_text="As in (732) 555-0123.")

    def __str__(self) -> str:
        return self.display

    def clean(self) -> None:
        super().clean()
        # In a form, the location is not known before all of it is valid.
        location = getattr(self, "location", None)
        country = location.country if location else "US"
        try:
            self.number = e164(self.number, country)
        except ValidationError as refused:
            raise ValidationError({"number": refused}) from refused

    @property
    def display(self) -> str:
        """The number as people write it, such as `(732) 555-0123`."""
        return display_phone(self.number)


class Weekday(models.IntegerChoices):
    """ISO 8601 week days."""

    MONDAY = 1, "Monday"
    TUESDAY = 2, "Tuesday"
    WEDNESDAY = 3, "Wednesday"
    THURSDAY = 4, "Thursday"
    FRIDAY = 5, "Friday"
    SATURDAY = 6, "Saturday"
    SUNDAY = 7, "Sunday"


def _refuse_backward_hours(opens: object, closes: object) -> None:
    if opens is not None and closes is not None and closes <= opens:  # type: ignore[operator]
        raise ValidationError({"closes": "It must close after it opens, the same day."})


class OpeningHours(Item):
    """One stretch of a week day, in the location's own time zone."""

    location = ParentalKey(Location, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta(Item.Meta):
        ordering = ["weekday", "opens"]
        verbose_name_plural = "opening hours"

    def __str__(self) -> str:
        return f"{Weekday(self.weekday).label} {self.opens:%H:%M}-{self.closes:%H:%M}"

    def clean(self) -> None:
        super().clean()
        _refuse_backward_hours(self.opens, self.closes)


class HoursException(Item):
    """Days on which other hours are kept, or none; it replaces the week's hours."""

    location = ParentalKey(
        Location, on_delete=models.CASCADE, related_name="hours_exceptions"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day; the same for a single day.")
    opens = models.TimeField(null=True, blank=True, help_text="Empty: closed all day.")
    closes = models.TimeField(null=True, blank=True)
    reason = models.CharField(max_length=120, blank=True, help_text="Shown to readers.")

    class Meta(Item.Meta):
        ordering = ["starts_on", "opens"]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.reason}".strip()

    def clean(self) -> None:
        super().clean()
        if None not in (self.starts_on, self.ends_on) and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "The last day lies before the first."})
        if (self.opens is None) != (self.closes is None):
            raise ValidationError(
                {"closes": "Give both times, or neither for closed all day."}
            )
        _refuse_backward_hours(self.opens, self.closes)


class Service(Item):
    """What one can have done there."""

    location = ParentalKey(Location, on_delete=models.CASCADE, related_name="services")
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name


class LocationPhoto(Item):
    location = ParentalKey(Location, on_delete=models.CASCADE, related_name="photos")
    image = models.ForeignKey(
        "content_models.Image", on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return str(self.image)
