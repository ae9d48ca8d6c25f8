"""A location: where it is, when it is open, how to reach it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .bodies import markdown
from .writing import line, link, picture

_DAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)


def blocks(document: Mapping[str, Any]) -> list[str]:
    booking = document.get("booking_url")
    return [
        f"# {line(document.get('name'))}",
        _address(document),
        _phones(document.get("phones") or []),
        link("Book an appointment", booking) if booking else "",
        picture(document.get("image")),
        markdown(document.get("intro_html")),
        *_hours(document),
        *_exceptions(document.get("hours_exceptions") or []),
        *_services(document.get("services") or []),
    ]


def _address(document: Mapping[str, Any]) -> str:
    region = (document.get("region") or "").partition("-")[2]
    town = " ".join(
        part for part in (region, document.get("postal_code") or "") if part
    )
    lines = [
        line(document.get("street_address")),
        line(document.get("address_line_2")),
        line(", ".join(part for part in (document.get("city"), town) if part)),
        line(document.get("country")),
    ]
    where = _coordinates(document)
    return "\\\n".join(part for part in [*lines, where] if part)


def _coordinates(document: Mapping[str, Any]) -> str:
    latitude, longitude = document.get("latitude"), document.get("longitude")
    if latitude is None or longitude is None:
        return ""
    return f"Latitude {latitude}, longitude {longitude}"


def _phones(phones: list[Mapping[str, Any]]) -> str:
    return "\n".join(
        f"- {line(one['kind']).capitalize()}: {link(line(one['display']), _call(one))}"
        for one in phones
    )


def _call(phone: Mapping[str, Any]) -> str:
    scheme = "sms" if phone["kind"] == "text" else "tel"
    return f"{scheme}:{phone['e164']}"


def _hours(document: Mapping[str, Any]) -> list[str]:
    hours = document.get("hours") or []
    if not hours:
        return []
    rows = [f"| {day} | {_on(number, hours)} |" for number, day in enumerate(_DAYS, 1)]
    zone = document.get("time_zone")
    heading = "## Hours" + (f" ({line(zone)})" if zone else "")
    return [heading, "\n".join(["| Day | Open |", "| --- | --- |", *rows])]


def _on(weekday: int, hours: list[Mapping[str, Any]]) -> str:
    kept = [
        f"{one['opens']}–{one['closes']}" for one in hours if one["weekday"] == weekday
    ]
    return ", ".join(kept) or "closed"


def _exceptions(exceptions: list[Mapping[str, Any]]) -> list[str]:
    if not exceptions:
        return []
    rows = [
        f"| {_days(one)} | {_kept(one)} | {line(one.get('reason'))} |"
        for one in exceptions
    ]
    table = ["| Days | Open | Reason |", "| --- | --- | --- |", *rows]
    return ["## Other hours", "\n".join(table)]


def _days(exception: Mapping[str, Any]) -> str:
    first, last = exception["starts_on"], exception["ends_on"]
    return first if first == last else f"{first} to {last}"


def _kept(exception: Mapping[str, Any]) -> str:
    opens, closes = exception.get("opens"), exception.get("closes")
    return f"{opens}–{closes}" if opens else "closed"


def _services(services: list[Mapping[str, Any]]) -> list[str]:
    items = []
    for one in services:
        told = line(one.get("description"))
        items.append(f"- {line(one['name'])}" + (f": {told}" if told else ""))
    return ["## Services", "\n".join(items)] if items else []
