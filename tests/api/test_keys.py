"""The keys of partners: made once, shown once, and good for one channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from api.channels import keys
from api.channels.models import Key
from tests.api.factories import ChannelFactory, article

pytestmark = pytest.mark.django_db

ARTICLES = "/api/v1/articles/"


@pytest.fixture
def gazette() -> Any:
    return ChannelFactory(slug="gazette", is_open=False)


def read(key: str, path: str = ARTICLES, **headers: str) -> Any:
    return Client().get(path, headers={"Authorization": f"Bearer {key}", **headers})


def test_a_key_reads_its_channel_and_no_other(gazette: Any) -> None:
    article("theirs", channel=gazette)
    article("everybodys")
    _, key = keys.issue(gazette, "Web server")

    answer = read(key)

    assert [one["slug"] for one in answer.json()["results"]] == ["theirs"]
    assert read(key, f"{ARTICLES}everybodys/").status_code == 404


def test_the_text_of_a_key_is_kept_nowhere(gazette: Any) -> None:
    made, key = keys.issue(gazette, "Web server")

    stored = " ".join(str(value) for value in Key.objects.values().get(pk=made.pk))
    assert key not in stored
    assert made.hint == key[:16]


def test_a_key_is_found_by_its_prefix_and_proved_by_its_checksum() -> None:
    key = keys.make()

    assert key.startswith("clinicast_")
    assert keys.is_well_formed(key)
    assert not keys.is_well_formed(key[:-1] + ("0" if key[-1] != "0" else "1"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1],
        lambda key: key.swapcase(),
        lambda key: f"{key}x",
        lambda key: "",
        lambda key: key.replace("clinicast", "other"),
        lambda key: keys.make(),
        lambda key: "\u00e9" * len(key),
    ],
    ids=["cut off", "wrong case", "longer", "empty", "foreign", "unknown", "no ASCII"],
)
def test_what_is_no_key_of_ours_is_refused(gazette: Any, spoil: Any) -> None:
    _, key = keys.issue(gazette, "Web server")

    answer = Client().get(
        ARTICLES, HTTP_AUTHORIZATION=f"Bearer {spoil(key)}".encode().decode("latin-1")
    )

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["title"] == "This key is not valid"


def test_another_scheme_is_refused(gazette: Any) -> None:
    answer = Client().get(ARTICLES, headers={"Authorization": "Basic YTpi"})

    assert answer.status_code == 401


@pytest.mark.parametrize("ended", ["expires_at", "revoked_at"])
def test_a_key_that_has_ended_is_refused(gazette: Any, ended: str) -> None:
    made, key = keys.issue(gazette, "Web server")
    Key.objects.filter(pk=made.pk).update(**{ended: timezone.now()})

    assert read(key).status_code == 401


def test_a_key_in_the_query_is_no_key(gazette: Any) -> None:
    _, key = keys.issue(gazette, "Web server")

    answer = Client().get(ARTICLES, {"key": key})

    assert answer.status_code == 400
    assert key not in answer.content.decode()


def test_a_key_says_which_channel_it_is(gazette: Any) -> None:
    _, key = keys.issue(gazette, "Web server")

    answer = read(key, f"{ARTICLES}?channel=public")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "channel"


def test_a_suspended_channel_is_read_by_nobody(gazette: Any) -> None:
    shore = ChannelFactory(slug="shore")
    _, key = keys.issue(gazette, "Web server")
    type(gazette).objects.update(is_suspended=True)

    assert read(key).status_code == 403
    answer = Client().get(ARTICLES, {"channel": shore.slug})
    assert answer.status_code == 403


def test_two_keys_may_be_valid_at_a_time_and_no_third(gazette: Any) -> None:
    _, first = keys.issue(gazette, "Web server")
    _, second = keys.issue(gazette, "Web server, next")

    with pytest.raises(ValidationError, match="Revoke the one"):
        keys.issue(gazette, "A third")

    assert read(first).status_code == read(second).status_code == 200


def test_a_revoked_key_makes_room_for_another(gazette: Any) -> None:
    made, _ = keys.issue(gazette, "One")
    keys.issue(gazette, "Two")
    Key.objects.filter(pk=made.pk).update(revoked_at=timezone.now())

    keys.issue(gazette, "Three")

    assert gazette.keys.count() == 3


def test_the_last_use_is_written_at_most_once_a_minute(
    gazette: Any, frozen: Any
) -> None:
    made, key = keys.issue(gazette, "Web server")
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)

    for seconds in (0, 30, 59):
        with frozen(noon + timedelta(seconds=seconds)):
            read(key)
    made.refresh_from_db()
    assert made.last_used_at == noon

    with frozen(noon + timedelta(seconds=60)):
        read(key)
    made.refresh_from_db()
    assert made.last_used_at == noon + timedelta(seconds=60)


def test_an_answer_to_a_key_is_for_no_cache_and_no_browser(gazette: Any) -> None:
    article("theirs", channel=gazette)
    _, key = keys.issue(gazette, "Web server")

    for path in (ARTICLES, f"{ARTICLES}theirs/", f"{ARTICLES}absent/"):
        answer = read(key, path)
        assert answer["Cache-Control"] in ("private, no-cache", "no-store")
        assert "CDN-Cache-Control" not in answer
        assert "Access-Control-Allow-Origin" not in answer
    assert "Authorization" in answer["Vary"]


def test_a_304_needs_the_key_as_well(gazette: Any) -> None:
    article("theirs", channel=gazette)
    made, key = keys.issue(gazette, "Web server")
    etag = read(key)["ETag"]
    assert read(key, **{"If-None-Match": etag}).status_code == 304

    Key.objects.filter(pk=made.pk).update(revoked_at=timezone.now())

    assert read(key, **{"If-None-Match": etag}).status_code == 401


def test_a_keyed_read_takes_the_statements_of_an_open_one(
    gazette: Any, django_assert_num_queries: Any
) -> None:
    article("theirs", channel=gazette)
    made, key = keys.issue(gazette, "Web server")
    Key.objects.filter(pk=made.pk).update(last_used_at=timezone.now())

    with django_assert_num_queries(2):
        read(key)


def test_each_key_has_a_limit_of_its_own_and_says_what_is_left(
    gazette: Any, settings: Any
) -> None:
    settings.RATE_LIMIT, settings.KEY_RATE_LIMIT = 1_000, 2
    _, one = keys.issue(gazette, "One")
    _, other = keys.issue(gazette, "Two")

    first, second, third = (read(one) for _ in range(3))

    assert first["RateLimit-Policy"] == '"key";q=2;w=60'
    assert first["RateLimit"].startswith('"key";r=1;')
    assert (second.status_code, third.status_code) == (200, 429)
    assert int(third["Retry-After"]) > 0
    assert read(other).status_code == 200


def test_whoever_tries_keys_is_stopped(gazette: Any, settings: Any) -> None:
    settings.RATE_LIMIT = 1

    answers = [read(keys.make()).status_code for _ in range(11)]

    assert answers == [401] * 10 + [429]
