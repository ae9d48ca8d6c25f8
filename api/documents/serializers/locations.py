"""The public shape of a location."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.documents.models import Kind
from content_models import addresses
from content_models.models import Location

from .base import ContentSerializer, IdentitySerializer, LinkSerializer
from .body import safe_html
from .media import ImageSerializer


# The format "time" of JSON Schema has seconds and an offset; a sign has neither.
@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"})
class ClockTimeField(serializers.TimeField):
    """A time of day as a sign on a door has it: `08:30`, in the place's own time."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class LocationLink(LinkSerializer):
    """A location that is mentioned, with its address."""

    kind = Kind.LOCATION


class PhoneSerializer(ContentSerializer):
    """A telephone number."""

    kind = serializers.CharField(
        help_text="What it is for: `main`, `appointments`, `fax` or `text`.",
    )
    e164 = serializers.CharField(
        source="number",
        help_text="To dial: E.164, such as +17325550120. Put `tel:` before it.",
    )
    display = serializers.CharField(
        help_text="To show: as people in that country write it.",
    )


class OpeningHoursSerializer(ContentSerializer):
    """One span of the week in which the location is open."""

    weekday = serializers.IntegerField(
        help_text="ISO 8601: 1 is Monday, 7 is Sunday. A day with a break comes twice.",
    )
    opens = ClockTimeField(
        help_text="HH:MM, 24 hours, in the location's time zone.",
    )
    closes = ClockTimeField(
        help_text="HH:MM, 24 hours, in the location's time zone.",
    )


class HoursExceptionSerializer(ContentSerializer):
    """Days that differ from the usual week, such as holidays."""

    starts_on = serializers.DateField(
        help_text="The first day (YYYY-MM-DD).",
    )
    ends_on = serializers.DateField(
        help_text="The last day (YYYY-MM-DD), itself included.",
    )
    closed = serializers.SerializerMethodField(
        help_text="Whether it is closed all day; else the two times below hold.",
    )
    opens = ClockTimeField(
        allow_null=True,
        help_text="HH:MM in the location's time zone; null while closed.",
    )
    closes = ClockTimeField(
        allow_null=True,
        help_text="HH:MM in the location's time zone; null while closed.",
    )
    reason = serializers.CharField(
        allow_blank=True,
        help_text="Why, for readers; may be empty.",
    )

    def get_closed(self, exception: Any) -> bool:
        return exception.opens is None


class ServiceSerializer(ContentSerializer):
    """Something that is offered at a location."""

    name = serializers.CharField(
        help_text="What the service is called.",
    )
    description = serializers.CharField(
        allow_blank=True,
        help_text="A sentence on it; plain text, may be empty.",
    )


class LocationSummary(IdentitySerializer):
    """A location, as lists show it."""

    kind = Kind.LOCATION

    name = serializers.CharField(
        help_text="What readers call it.",
    )
    street_address = serializers.CharField(
        allow_blank=True,
        help_text="Number and street; may be empty.",
    )
    address_line_2 = serializers.CharField(
        allow_blank=True,
        help_text="Suite, floor or building; may be empty.",
    )
    city = serializers.CharField(
        allow_blank=True,
        help_text="The town; may be empty.",
    )
    region = serializers.CharField(
        allow_blank=True,
        help_text="State or province (ISO 3166-2), such as US-NJ; may be empty.",
    )
    postal_code = serializers.CharField(
        allow_blank=True,
        help_text="As written in that country; may be empty.",
    )
    country = serializers.CharField(
        help_text="ISO 3166-1 alpha-2, such as US.",
    )
    latitude = serializers.FloatField(
        allow_null=True,
        help_text="WGS 84, decimal degrees, north is positive; null where it is "
        "unknown.",
    )
    longitude = serializers.FloatField(
        allow_null=True,
        help_text="WGS 84, decimal degrees, east is positive; null where it is "
        "unknown.",
    )
    time_zone = serializers.CharField(
        help_text="IANA name, such as America/New_York: all hours are in it.",
    )
    phones = serializers.SerializerMethodField(
        help_text="Its numbers, in the order in which staff put them.",
    )
    hours = serializers.SerializerMethodField(
        help_text="The usual week, Monday first; empty where none are kept.",
    )
    hours_exceptions = serializers.SerializerMethodField(
        help_text="Days that differ; they win over the usual week. Where several cover "
        "a day, the one for the fewest days counts, and of equals one that closes.",
    )
    booking_url = serializers.SerializerMethodField(
        help_text="Where to book an appointment; null where that is not possible on "
        "the web.",
    )
    site_url = serializers.SerializerMethodField(
        help_text="The location's own web site; null without one.",
    )
    accent_color = serializers.SerializerMethodField(
        help_text="The colour of its site, as #rrggbb; null without one.",
    )
    image = serializers.SerializerMethodField(
        help_text="The first of its photos; null without any.",
    )

    def get_canonical_url(self, content: Any) -> str | None:
        return addresses.of_location(content, self.rendering.practice)

    @extend_schema_field(PhoneSerializer(many=True))
    def get_phones(self, location: Location) -> list[Any]:
        return self.part(PhoneSerializer, list(location.phones.all()))

    @extend_schema_field(OpeningHoursSerializer(many=True))
    def get_hours(self, location: Location) -> list[Any]:
        return self.part(OpeningHoursSerializer, list(location.hours.all()))

    @extend_schema_field(HoursExceptionSerializer(many=True))
    def get_hours_exceptions(self, location: Location) -> list[Any]:
        exceptions = list(location.hours_exceptions.all())
        return self.part(HoursExceptionSerializer, exceptions)

    def get_booking_url(self, location: Location) -> str | None:
        return location.booking_url or None

    def get_site_url(self, location: Location) -> str | None:
        return location.site_url or None

    def get_accent_color(self, location: Location) -> str | None:
        return location.accent_colour or None

    @extend_schema_field(ImageSerializer(allow_null=True))
    def get_image(self, location: Location) -> Any:
        return next(iter(self._photos(location)), None)

    def _photos(self, location: Location) -> list[Any]:
        held = (self.rendering.image(photo.image) for photo in location.photos.all())
        return self.part(ImageSerializer, [image for image in held if image])


class LocationSerializer(LocationSummary):
    """A clinic that people can walk into."""

    intro_html = serializers.SerializerMethodField(
        help_text="About the location, as safe HTML; may be empty.",
    )
    services = serializers.SerializerMethodField(
        help_text="What is offered there.",
    )
    photos = serializers.SerializerMethodField(
        help_text="Its photos, in the order in which staff put them.",
    )

    def get_intro_html(self, location: Location) -> str:
        return safe_html(location.intro, self.rendering)

    @extend_schema_field(ServiceSerializer(many=True))
    def get_services(self, location: Location) -> list[Any]:
        return self.part(ServiceSerializer, list(location.services.all()))

    @extend_schema_field(ImageSerializer(many=True))
    def get_photos(self, location: Location) -> list[Any]:
        return self._photos(location)
