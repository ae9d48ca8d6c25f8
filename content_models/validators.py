"""What a field of content may hold, with the sentence for staff when it may not."""

from __future__ import annotations

import re
from uuid import UUID
from zoneinfo import available_timezones

import phonenumbers
from django.core.exceptions import ValidationError

# The most characters in the last part of a public address.
SLUG_LENGTH = 120

_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def validate_slug_is_no_id(value: str) -> None:
    """Refuse a slug that reads as a UUID: the API takes either in the same place."""
    try:
        UUID(value)
    except ValueError:
        return
    raise ValidationError(
        "This slug looks like an id. Use words, such as “back-pain-at-work”."
    )


def validate_slug_length(value: str) -> None:
    """Refuse a slug that is longer than those of everything else; a page's may be."""
    if len(value) > SLUG_LENGTH:
        raise ValidationError(
            "This address has %(length)d characters, and %(most)d are the most: leave "
            "out some words.",
            params={"length": len(value), "most": SLUG_LENGTH},
        )


def _is_country(code: str) -> bool:
    # Every country has telephones; so NJ, which is none, is told from US.
    return code in phonenumbers.SUPPORTED_REGIONS


def validate_jurisdiction(value: str) -> None:
    """Accept ISO 3166-1 alpha-2 or ISO 3166-2, such as `US` or `US-NJ`."""
    if not _JURISDICTION.fullmatch(value) or not _is_country(value[:2]):
        raise ValidationError(
            "“%(value)s” is no jurisdiction. Write the country and the state as in "
            "US-NJ, or the country alone as in US.",
            params={"value": value},
        )


def validate_country(value: str) -> None:
    """Accept ISO 3166-1 alpha-2, such as `US`."""
    if not _is_country(value):
        raise ValidationError("Write the country as two capital letters, as in US.")


def validate_region(value: str) -> None:
    """Accept ISO 3166-2, such as `US-NJ`; the country alone is not a region."""
    is_code = _JURISDICTION.fullmatch(value) and _is_country(value[:2])
    if "-" not in value or not is_code:
        raise ValidationError("Write country and state, as in US-NJ.")


def validate_time_zone(value: str) -> None:
    """Accept a name of the IANA time zone database."""
    if value not in available_timezones():
        raise ValidationError(
            "“%(value)s” is no time zone. Write it as in America/New_York.",
            params={"value": value},
        )


def validate_colour(value: str) -> None:
    """Accept a CSS colour of the form `#rrggbb`."""
    if not _COLOUR.fullmatch(value):
        raise ValidationError("Write the colour as # and six digits, as in #2f6f6b.")


def e164(text: str, country: str = "US") -> str:
    """The phone number in `text` as E.164, such as `+17325550123`.

    `country` (ISO 3166-1 alpha-2) is where a number without a country code is.

    Raises ValidationError for anything that cannot be dialled.
    Source: ITU-T E.164 by way of Google's libphonenumber.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as unreadable:
        raise ValidationError(
            "“%(value)s” is no phone number. Write it as in (732) 555-0123.",
            params={"value": text[:40]},
        ) from unreadable
    if not phonenumbers.is_possible_number(number):
        raise ValidationError(
            "“%(value)s” has too few or too many digits for a phone number.",
            params={"value": text[:40]},
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def display_phone(number: str) -> str:
    """An E.164 number as people of its country write it; anything else as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    # 1 is the North American Numbering Plan, whose people leave the code out.
    form = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if parsed.country_code == 1
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, form)
