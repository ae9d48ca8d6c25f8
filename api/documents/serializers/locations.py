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
    kind = Kind.LOCATION


class PhoneSerializer(ContentSerializer):
    kind = serializers.CharField()
    e164 = serializers.CharField(source="number")
    display = serializers.CharField()


class OpeningHoursSerializer(ContentSerializer):
    weekday = serializers.IntegerField(help_text="ISO 8601: 1 is Monday")
    opens = ClockTimeField()
    closes = ClockTimeField()


class HoursExceptionSerializer(ContentSerializer):
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The last day")
    closed = serializers.SerializerMethodField()
    opens = ClockTimeField(allow_null=True)
    closes = ClockTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)

    def get_closed(self, exception: Any) -> bool:
        return exception.opens is None


class ServiceSerializer(ContentSerializer):
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)


class LocationSummary(IdentitySerializer):
    kind = Kind.LOCATION

    name = serializers.CharField()
    street_address = serializers.CharField(allow_blank=True)
    address_line_2 = serializers.CharField(allow_blank=True)
    city = serializers.CharField(allow_blank=True)
    region = serializers.CharField(allow_blank=True, help_text="ISO 3166-2")
    postal_code = serializers.CharField(allow_blank=True)
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2")
    latitude = serializers.FloatField(allow_null=True, help_text="WGS 84, degrees")
    longitude = serializers.FloatField(allow_null=True, help_text="WGS 84, degrees")
    time_zone = serializers.CharField(help_text="IANA")
    phones = serializers.SerializerMethodField()
    hours = serializers.SerializerMethodField()
    hours_exceptions = serializers.SerializerMethodField()
    booking_url = serializers.SerializerMethodField()
    site_url = serializers.SerializerMethodField()
    accent_color = serializers.SerializerMethodField(help_text="#rrggbb or null")
    image = serializers.SerializerMethodField()

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

    intro_html = serializers.SerializerMethodField()
    services = serializers.SerializerMethodField()
    photos = serializers.SerializerMethodField()

    def get_intro_html(self, location: Location) -> str:
        return safe_html(location.intro, self.rendering)

    @extend_schema_field(ServiceSerializer(many=True))
    def get_services(self, location: Location) -> list[Any]:
        return self.part(ServiceSerializer, list(location.services.all()))

    @extend_schema_field(ImageSerializer(many=True))
    def get_photos(self, location: Location) -> list[Any]:
        return self._photos(location)
