"""One function for each kind of content: from a row of a file to what is published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from content_models import credential_vocabulary as vocabulary
from content_models.models import (
    Affiliation,
    Author,
    AuthorLocation,
    Award,
    Category,
    Credential,
    CredentialType,
    HoursException,
    Location,
    LocationPhoto,
    OpeningHours,
    Phone,
    Practice,
    Reference,
    ReferenceAuthor,
    Service,
    Tag,
)

from .holidays import next_holiday
from .loading import Loading, publish

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
PHONES = ("main", "appointments", "fax", "text")


def fill_practice(loading: Loading, row: dict[str, Any], base_url: str) -> None:
    practice = Practice.load()
    for name, value in row.items():
        setattr(practice, name, loading.image(value) if name == "logo" else value)
    practice.base_url = base_url
    practice.full_clean()
    practice.save()


def make_credential_type(abbreviation: str) -> CredentialType:
    """The type of that abbreviation, as the vocabulary knows it."""
    known = vocabulary.find(abbreviation)
    if known is None:
        raise LookupError(f"“{abbreviation}” is not in the vocabulary.")
    held, _ = CredentialType.objects.get_or_create(
        abbreviation=abbreviation,
        defaults={
            "name": known.name,
            "kind": known.stored_kind,
            "rank": known.rank,
        },
    )
    return held


def make_category(
    loading: Loading, name: str, row: dict[str, Any], language: str = "en"
) -> Category:
    return publish(
        Category(
            **loading.identity(Category, name),
            locale=loading.locales[language],
            slug=row.get("slug", name),
            name=row["name"],
            description=row["description"],
        )
    )


def make_tag(loading: Loading, name: str, title: str) -> Tag:
    tag = Tag(**loading.identity(Tag, name), slug=name, name=title)
    tag.save()
    return tag


def make_reference(loading: Loading, name: str, row: dict[str, Any]) -> Reference:
    return publish(
        Reference(
            **loading.identity(Reference, name),
            slug=name,
            title=row["title"],
            authors_incomplete=row.get("et_al", False),
            container_title=row["journal"],
            container_title_short=row["short"],
            year=row["year"],
            volume=row.get("volume", ""),
            issue=row.get("issue", ""),
            page=row["page"],
            doi=row["doi"],
            pmid=row.get("pmid"),
        ),
        authors=list(_reference_authors(row)),
    )


def _reference_authors(row: dict[str, Any]) -> Iterator[ReferenceAuthor]:
    for name in row["authors"]:
        family, _, initials = name.rpartition(" ")
        yield ReferenceAuthor(family=family, given=initials)
    if "group" in row:
        yield ReferenceAuthor(literal=row["group"])


def make_location(loading: Loading, name: str, row: dict[str, Any]) -> Location:
    return publish(
        Location(
            **loading.identity(Location, name),
            locale=loading.locales["en"],
            slug=name,
            name=row["name"],
            intro=f"<p>{row['intro']}</p>",
            street_address=row["street"],
            address_line_2=row.get("suite", ""),
            city=row["city"],
            region="US-NJ",
            postal_code=row["postal_code"],
            country="US",
            latitude=row["latitude"],
            longitude=row["longitude"],
            time_zone="America/New_York",
            booking_url=f"https://example.com/book/{name}/",
            accent_colour=row["accent"],
        ),
        phones=[Phone(kind=kind, number=row[kind]) for kind in PHONES if kind in row],
        hours=[hours for text in row["hours"] for hours in _hours(text)],
        hours_exceptions=list(_exceptions(row, loading.today)),
        services=[
            Service(name=service, description=description)
            for service, description in row["services"]
        ],
        photos=[LocationPhoto(image=loading.image(name))],
    )


def _hours(text: str) -> Iterator[OpeningHours]:
    """`Mo-Th 07:00-19:00` as one stretch for each of its days."""
    days, times = text.split()
    first, _, last = days.partition("-")
    opens, closes = map(time.fromisoformat, times.split("-"))
    for day in range(DAYS.index(first), DAYS.index(last or first) + 1):
        yield OpeningHours(weekday=day + 1, opens=opens, closes=closes)


def _exceptions(row: dict[str, Any], today: date) -> Iterator[HoursException]:
    for closed in row["closed"]:
        day, reason = next_holiday(closed["holiday"], today)
        yield HoursException(starts_on=day, ends_on=day, reason=reason)
    for shorter in row.get("shorter", []):
        day = today + timedelta(days=shorter["in_days"])
        yield HoursException(
            starts_on=day,
            ends_on=day,
            opens=time.fromisoformat(shorter["opens"]),
            closes=time.fromisoformat(shorter["closes"]),
            reason=shorter["reason"],
        )


def make_author(loading: Loading, name: str, row: dict[str, Any]) -> Author:
    order = Author.BylineOrder
    return publish(
        Author(
            **loading.identity(Author, name),
            locale=loading.locales["en"],
            slug=name,
            prefix=row.get("prefix", ""),
            given_name=row["given_name"],
            family_name=row["family_name"],
            photo=loading.image(name),
            job_title=row["job_title"],
            bio="".join(f"<p>{paragraph}</p>" for paragraph in row["bio"]),
            byline_order=order.OWN if row.get("own_order") else order.RANK,
        ),
        credentials=[
            _credential(place, held, loading.today)
            for place, held in enumerate(row["credentials"])
        ],
        work_places=[
            AuthorLocation(location=loading.get(Location, place))
            for place in row["locations"]
        ],
    )


def _credential(place: int, row: dict[str, Any], today: date) -> Credential:
    expires_in = row.get("expires_in_days")
    return Credential(
        sort_order=place,
        type=make_credential_type(row["type"]),
        jurisdiction=row.get("jurisdiction", ""),
        number=row.get("number", ""),
        issued_on=date(today.year - row["issued_years_ago"], 6, 1),
        expires_on=today + timedelta(days=expires_in) if expires_in else None,
        is_verified=row.get("verified", False),
    )


def make_award(loading: Loading, name: str, row: dict[str, Any]) -> Award:
    author, location = row.get("author"), row.get("location")
    return publish(
        Award(
            **loading.identity(Award, name),
            locale=loading.locales["en"],
            slug=name,
            name=row["name"],
            giver=row["giver"],
            year=loading.today.year - row["years_ago"],
            result=row["result"],
            badge=loading.image(row["badge"]),
            author=loading.get(Author, author) if author else None,
            location=loading.get(Location, location) if location else None,
        )
    )


def make_affiliation(loading: Loading, name: str, row: dict[str, Any]) -> Affiliation:
    return publish(
        Affiliation(
            **loading.identity(Affiliation, name),
            locale=loading.locales["en"],
            slug=name,
            name=row["name"],
            website=row["website"],
            logo=loading.image(row["logo"]),
        )
    )
