"""Locations: how far away, whether open, and on a map."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.http import http_date

from api.delivery.hours import is_open
from api.documents.models import Head
from content_models.models import HoursException
from tests.api.factories import location
from tests.api.reading import fault, pages, slugs
from tests.factories import LocationFactory

pytestmark = pytest.mark.django_db

LOCATIONS = "/api/v1/locations/"
MAP = "/api/v1/locations.geojson"


# --- Near -------------------------------------------------------------------------


def distances(client: Client, query: str) -> dict[str, float]:
    results = client.get(f"{LOCATIONS}?{query}").json()["results"]
    return {one["slug"]: one["distance_km"] for one in results}


def test_the_nearest_location_comes_first_with_its_distance(client: Client) -> None:
    location("edison", 40.5187, -74.4121)
    location("brick", 40.0583, -74.1371)
    location("unknown", None, None)

    found = distances(client, "near=40.0583,-74.1371")

    assert list(found) == ["brick", "edison"]
    assert found["brick"] == 0
    # By Vincenty's formula on WGS 84 it is 56.19 km; a sphere is off by up to 0.5 %.
    assert found["edison"] == pytest.approx(56.19, rel=0.005)


@pytest.mark.parametrize(
    ("near", "place"),
    [
        ("0,179.9", (0, -179.9)),
        ("-10,-179.9", (-10, 179.9)),
        ("89.9,0", (89.9, 180)),
        ("-90,0", (-89.9, 77)),
    ],
    ids=["east of the date line", "west of it", "north pole", "south pole"],
)
def test_a_radius_reaches_across_the_edges_of_the_map(
    client: Client, near: str, place: tuple[float, float]
) -> None:
    location("there", *place)

    assert slugs(client, f"{LOCATIONS}?near={near}&radius_km=30") == ["there"]
    assert slugs(client, f"{LOCATIONS}?near={near}&radius_km=10") == []


def test_the_radius_is_a_circle_and_no_square(client: Client) -> None:
    # 0.7 degrees north and east of it: within the box of 100 km, outside the circle.
    location("corner", 0.7, 0.7)
    location("inside", 0.6, 0.6)

    assert slugs(client, f"{LOCATIONS}?near=0,0&radius_km=95") == ["inside"]


def test_the_other_side_of_the_earth_is_half_its_girth_away(client: Client) -> None:
    location("antipode", -40.0, 106.0)

    assert distances(client, "near=40,-74")["antipode"] == pytest.approx(20015, abs=1)


def test_near_is_paged_by_offset(client: Client) -> None:
    for number in range(3):
        location(f"clinic-{number}", 40 + number / 10, -74)

    answer = client.get(f"{LOCATIONS}?near=40,-74&limit=2").json()

    assert answer["next"].endswith("?limit=2&near=40,-74&offset=2")
    assert answer["count"] == 3
    assert answer["count_is_capped"] is False
    assert slugs(client, f"{LOCATIONS}?near=40,-74&limit=2&offset=2") == ["clinic-2"]


def test_near_takes_two_statements_and_a_third_to_count(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        location(f"clinic-{number}", 40, -74)

    with django_assert_num_queries(2):
        client.get(f"{LOCATIONS}?near=40,-74")
    with django_assert_num_queries(3):
        client.get(f"{LOCATIONS}?near=40,-74&limit=1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "40",
        "40,",
        "40,-74,1",
        "91,0",
        "0,181",
        "a,b",
        "40;-74",
        "1e1,2",
        "\N{FULLWIDTH DIGIT FOUR}0,-74",
    ],
)
def test_what_is_no_point_is_refused_with_an_example(client: Client, text: str) -> None:
    assert "such as 40.07,-74.06" in fault(client, f"{LOCATIONS}?near={text}")["detail"]


@pytest.mark.parametrize("text", ["0", "-5", "20039", "1e9", "nan", "inf", "5 km", ""])
def test_what_is_no_radius_is_refused(client: Client, text: str) -> None:
    told = fault(client, f"{LOCATIONS}?near=40,-74&radius_km={text}")

    assert told["parameter"] == "radius_km"


def test_a_radius_needs_a_point(client: Client) -> None:
    assert "needs near" in fault(client, f"{LOCATIONS}?radius_km=5")["detail"]


# --- Open -------------------------------------------------------------------------

WORKDAYS = [(day, time(8), time(18)) for day in range(1, 6)]


def clinic(**given: Any) -> dict[str, Any]:
    """What a location's document says of when it is open."""
    return {
        "time_zone": "America/New_York",
        "hours": [
            {"weekday": day, "opens": "08:00", "closes": "18:00"} for day in range(1, 6)
        ],
        "hours_exceptions": [],
        **given,
    }


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # Monday in summer: New York is at -04:00.
        ("2026-06-01T11:59:59Z", False),
        ("2026-06-01T12:00:00Z", True),
        ("2026-06-01T21:59:59Z", True),
        ("2026-06-01T22:00:00Z", False),
        # Monday in winter: -05:00.
        ("2026-12-07T12:30:00Z", False),
        ("2026-12-07T13:00:00Z", True),
        # Sunday there, Monday in UTC.
        ("2026-06-01T02:00:00Z", False),
        ("2026-05-31T14:00:00Z", False),
    ],
)
def test_a_clinic_is_open_by_its_own_clock(moment: str, expected: bool) -> None:
    assert is_open(clinic(), datetime.fromisoformat(moment)) is expected


NIGHT = [{"weekday": 7, "opens": "01:00", "closes": "03:00"}]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # 8 March 2026: at 02:00 the clocks go on to 03:00.
        ("2026-03-08T06:30:00Z", True),
        ("2026-03-08T06:59:59Z", True),
        ("2026-03-08T07:00:00Z", False),
        # 1 November 2026: at 02:00 they go back to 01:00, so that hour comes twice.
        ("2026-11-01T05:30:00Z", True),
        ("2026-11-01T06:30:00Z", True),
        ("2026-11-01T07:59:59Z", True),
        ("2026-11-01T08:00:00Z", False),
    ],
)
def test_both_changes_of_clocks_are_kept(moment: str, expected: bool) -> None:
    night = clinic(hours=NIGHT)

    assert is_open(night, datetime.fromisoformat(moment)) is expected


HOLIDAYS = [
    {
        "starts_on": "2026-12-24",
        "ends_on": "2026-12-26",
        "closed": True,
        "opens": None,
        "closes": None,
    },
    {
        "starts_on": "2026-12-28",
        "ends_on": "2026-12-28",
        "closed": False,
        "opens": "10:00",
        "closes": "12:00",
    },
]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-12-23T15:00:00Z", True),
        ("2026-12-24T15:00:00Z", False),
        ("2026-12-25T15:00:00Z", False),
        ("2026-12-28T14:00:00Z", False),
        ("2026-12-28T15:00:00Z", True),
        ("2026-12-28T17:00:00Z", False),
    ],
)
def test_a_holiday_replaces_the_hours_of_the_week(moment: str, expected: bool) -> None:
    holidays = clinic(hours_exceptions=HOLIDAYS)

    assert is_open(holidays, datetime.fromisoformat(moment)) is expected


def test_locations_that_are_open_at_a_time_are_listed(client: Client) -> None:
    LocationFactory(slug="east", hours=WORKDAYS)
    LocationFactory(slug="west", hours=WORKDAYS, time_zone="America/Los_Angeles")
    LocationFactory(slug="no-hours")
    closed = HoursException(
        starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 1), reason="Inventory"
    )
    LocationFactory(slug="shut", hours=WORKDAYS, hours_exceptions=[closed])

    morning = slugs(client, f"{LOCATIONS}?open_at=2026-06-01T13:00:00Z")
    noon = slugs(
        client, f"{LOCATIONS}?open_at=2026-06-01T12:00:00-04:00".replace("+", "%2B")
    )

    assert morning == ["east"]
    assert sorted(noon) == ["east", "west"]


def test_what_is_open_now_is_answered_anew_each_minute(
    client: Client, frozen: Callable[[datetime], Any]
) -> None:
    LocationFactory(slug="east", hours=WORKDAYS)
    # After the clinic was published, a Monday.
    closing = datetime(2030, 6, 3, 22, 0, tzinfo=UTC)

    with frozen(closing - timedelta(seconds=30)):
        before = client.get(f"{LOCATIONS}?open_at=now")
        again = client.get(
            f"{LOCATIONS}?open_at=now", headers={"If-None-Match": before["ETag"]}
        )
    with frozen(closing):
        after = client.get(
            f"{LOCATIONS}?open_at=now",
            headers={"If-None-Match": before["ETag"]},
        )
        by_date = client.get(
            f"{LOCATIONS}?open_at=now",
            headers={"If-Modified-Since": before["Last-Modified"]},
        )

    assert before.json()["count"] == 1
    assert again.status_code == 304
    assert after.json()["count"] == by_date.json()["count"] == 0


def test_no_edge_keeps_what_is_open_beyond_its_minute(
    client: Client, frozen: Callable[[datetime], Any]
) -> None:
    with frozen(datetime(2030, 6, 3, 21, 59, 59, 500_000, tzinfo=UTC)):
        answer = client.get(f"{LOCATIONS}?open_at=now")

    assert answer["CDN-Cache-Control"] == "max-age=0"
    assert "ETag" in answer


def day_of(closed: bool, opens: str | None = None, closes: str | None = None) -> Any:
    return {
        "starts_on": "2026-12-25",
        "ends_on": "2026-12-25",
        "closed": closed,
        "opens": opens,
        "closes": closes,
    }


LONGER = {
    "starts_on": "2026-12-01",
    "ends_on": "2026-12-31",
    "closed": False,
    "opens": "07:00",
    "closes": "21:00",
}


@pytest.mark.parametrize(
    ("exceptions", "expected"),
    [
        ([LONGER], True),
        ([LONGER, day_of(True)], False),
        ([day_of(True), LONGER], False),
        ([day_of(False, "09:00", "17:00"), day_of(True)], False),
        ([LONGER, day_of(False, "08:00", "09:00")], False),
    ],
)
def test_the_exception_for_the_fewest_days_counts(
    exceptions: list[Any], expected: bool
) -> None:
    noon = datetime(2026, 12, 25, 17, tzinfo=UTC)

    assert is_open(clinic(hours_exceptions=exceptions), noon) is expected


def test_the_links_of_a_list_by_distance_lead_on_from_any_point(
    client: Client,
) -> None:
    for number in range(2):
        location(f"clinic-{number}", 51.5, 0)

    found = pages(client, f"{LOCATIONS}?near=51.5,0.00002&limit=1")

    assert found == [["clinic-0"], ["clinic-1"]] or found == [
        ["clinic-1"],
        ["clinic-0"],
    ]


def test_open_and_near_go_together(
    client: Client, django_assert_num_queries: Any
) -> None:
    near = {"latitude": "40.1", "longitude": "-74.1"}
    LocationFactory(slug="open-near", hours=WORKDAYS, **near)
    LocationFactory(slug="shut-near", **near)
    LocationFactory(slug="open-far", hours=WORKDAYS, latitude="42.1", longitude="-74.1")

    # 1. the channel  2. the hours  3. the page
    with django_assert_num_queries(3):
        found = slugs(
            client,
            f"{LOCATIONS}?near=40,-74&radius_km=50&open_at=2026-06-01T13:00:00Z",
        )

    assert found == ["open-near"]


def test_open_at_says_what_it_understands(client: Client) -> None:
    told = fault(client, f"{LOCATIONS}?open_at=today")

    assert "must be now, a time such as" in told["detail"]


# --- The map ----------------------------------------------------------------------


def test_the_map_is_geojson(client: Client) -> None:
    LocationFactory(slug="brick", latitude="40.0583", longitude="-74.1371")
    LocationFactory(slug="unknown")

    answer = client.get(MAP)
    features = {
        one["properties"]["slug"]: one for one in json.loads(answer.content)["features"]
    }

    assert answer["Content-Type"] == "application/geo+json"
    assert features["brick"]["geometry"] == {
        "type": "Point",
        "coordinates": [-74.1371, 40.0583],
    }
    assert features["brick"]["id"] == features["brick"]["properties"]["id"]
    assert features["unknown"]["geometry"] is None


def test_the_map_knows_the_filters_of_the_list(client: Client) -> None:
    location("brick", 40.0583, -74.1371)
    location("edison", 40.5187, -74.4121)

    answer = client.get(f"{MAP}?near=40.06,-74.14&radius_km=10").json()

    (feature,) = answer["features"]
    assert feature["properties"]["slug"] == "brick"
    assert feature["properties"]["distance_km"] < 1


def test_the_map_takes_two_statements(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(30):
        location(f"clinic-{number}", 40, -74)

    with django_assert_num_queries(2):
        answer = client.get(MAP).json()

    assert answer["count"] == 30
    assert answer["count_is_capped"] is False


def test_the_map_may_be_had_as_plain_json(client: Client) -> None:
    as_json = client.get(MAP, headers={"Accept": "application/json"})
    as_text = client.get(MAP, headers={"Accept": "text/plain"})

    assert as_json["Content-Type"] == "application/json"
    assert as_text.status_code == 406


def test_a_map_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    location("brick", 40.0583, -74.1371)
    first = client.get(MAP)
    Head.objects.update(changed_at=datetime(2026, 3, 1, tzinfo=UTC))
    later = http_date(datetime(2026, 3, 2, tzinfo=UTC).timestamp())

    by_tag = client.get(MAP, headers={"If-None-Match": first["ETag"]})
    by_date = client.get(MAP, headers={"If-Modified-Since": later})

    assert by_tag.status_code == by_date.status_code == 304
