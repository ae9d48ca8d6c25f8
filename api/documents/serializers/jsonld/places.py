"""Locations as clinics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .nodes import Node, identity, image, mentioned_name, node, text

_DAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
# What one can talk to; the first of these kinds is the clinic's number.
_VOICES = ("main", "appointments")


def clinic_mentioned(mention: Mapping[str, Any]) -> Node:
    """A clinic of which only the name and its address in this API are known."""
    name = mentioned_name(mention, "clinic")
    return node("MedicalClinic", {"@id": name, "name": mention.get("name")})


def location(document: Mapping[str, Any]) -> Node:
    """A location's own document."""
    photos = document.get("photos") or [document.get("image")]
    return node(
        "MedicalClinic",
        {
            **identity(document, "clinic"),
            "name": document.get("name"),
            "description": text(document.get("intro_html")),
            "image": [image(photo) for photo in photos],
            "address": _address(document),
            "geo": _coordinates(document),
            **_phones(document.get("phones") or []),
            "openingHoursSpecification": _week(document.get("hours") or []),
            "specialOpeningHoursSpecification": [
                _exception(one) for one in document.get("hours_exceptions") or []
            ],
            "availableService": [
                _service(one) for one in document.get("services") or []
            ],
            "potentialAction": _booking(document.get("booking_url")),
        },
    )


def _address(document: Mapping[str, Any]) -> Node:
    lines = (document.get("street_address"), document.get("address_line_2"))
    region = document.get("region") or ""
    return node(
        "PostalAddress",
        {
            "streetAddress": ", ".join(line for line in lines if line),
            "addressLocality": document.get("city"),
            # US-NJ: the country stands beside it.
            "addressRegion": region.partition("-")[2] or region,
            "postalCode": document.get("postal_code"),
            "addressCountry": document.get("country"),
        },
    )


def _coordinates(document: Mapping[str, Any]) -> Node:
    latitude, longitude = document.get("latitude"), document.get("longitude")
    if latitude is None or longitude is None:
        return {}
    return node("GeoCoordinates", {"latitude": latitude, "longitude": longitude})


def _phones(phones: list[Mapping[str, Any]]) -> Node:
    voices = sorted(
        (one for one in phones if one["kind"] in _VOICES),
        key=lambda one: _VOICES.index(one["kind"]),
    )
    faxes = [one for one in phones if one["kind"] == "fax"]
    main, fax = voices[:1], faxes[:1]
    others = [one for one in phones if one not in main + fax]
    return {
        "telephone": main[0]["e164"] if main else None,
        "faxNumber": fax[0]["e164"] if fax else None,
        "contactPoint": [_contact(one) for one in others],
    }


def _contact(phone: Mapping[str, Any]) -> Node:
    number = "faxNumber" if phone["kind"] == "fax" else "telephone"
    members = {"contactType": phone["kind"], number: phone["e164"]}
    return node("ContactPoint", members)


def _week(hours: list[Mapping[str, Any]]) -> list[Node]:
    """The week's hours; days that keep the same ones together."""
    days: dict[tuple[str, str], list[str]] = {}
    for one in hours:
        day = f"https://schema.org/{_DAYS[one['weekday'] - 1]}"
        days.setdefault((one["opens"], one["closes"]), []).append(day)
    return [
        _hours({"dayOfWeek": kept, "opens": opens, "closes": closes})
        for (opens, closes), kept in days.items()
    ]


def _exception(one: Mapping[str, Any]) -> Node:
    # Closed is where `opens` is missing. Source: schema.org, OpeningHoursSpecification.
    return _hours(
        {
            "description": one.get("reason"),
            "validFrom": one["starts_on"],
            "validThrough": one["ends_on"],
            "opens": one.get("opens"),
            "closes": one.get("closes"),
        }
    )


def _hours(members: Node) -> Node:
    return node("OpeningHoursSpecification", members)


def _service(service: Mapping[str, Any]) -> Node:
    # Of what a clinic can offer this says least: neither a test nor a drug.
    members = {"name": service["name"], "description": service.get("description")}
    return node("MedicalProcedure", members)


def _booking(address: str | None) -> Node:
    target = node("EntryPoint", {"urlTemplate": address})
    return node("ReserveAction", {"target": target})
