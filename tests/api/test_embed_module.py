"""The module that others put into their pages, as it is served."""

from __future__ import annotations

import gzip

import pytest

pytestmark = pytest.mark.django_db

MODULE = "/embed/v1/clinic-feed.js"


def test_any_page_may_load_it(client):
    answer = client.get(MODULE)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer


def test_it_is_known_again_by_its_tag(client, django_assert_num_queries):
    tag = client.get(MODULE)["ETag"]

    with django_assert_num_queries(0):
        again = client.get(MODULE, headers={"if-none-match": tag})

    assert again.status_code == 304


def test_it_weighs_less_than_10_kb(client):
    assert len(gzip.compress(client.get(MODULE).content)) < 10_000


def test_it_is_read_only(client):
    assert client.post(MODULE).status_code == 405
