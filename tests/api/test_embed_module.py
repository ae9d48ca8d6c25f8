"""The module that others put into their pages, as it is served."""

from __future__ import annotations

import gzip
import re

import pytest

from api.developers import texts
from api.embeds.views import MODULE as SOURCE

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


GUIDE = texts.source("embed")


def test_the_guide_says_how_much_it_weighs(client):
    weight = len(gzip.compress(client.get(MODULE).content))

    assert f"The script is {round(weight / 1000)} kB, compressed" in GUIDE


def test_the_guide_knows_every_attribute_part_property_and_event():
    parts = re.findall(r'\bpart(?:: | = [^"]*\? )"([a-z -]+)"', SOURCE)
    linked = re.findall(r'link\(.*, "([a-z]+)"\)', SOURCE)
    attributes = re.findall(r'getAttribute\("([a-z]+)"\)', SOURCE)
    observed = re.findall(r"(?:observedAttributes|FILTERS) = \[(.*?)\]", SOURCE)
    listed = [name for names in observed for name in re.findall(r'"(\w+)"', names)]
    properties = re.findall(r"var\((--clinic-[a-z]+)", SOURCE)
    events = re.findall(r'#send\("(clinic-[a-z]+)"', SOURCE)
    names = {*" ".join([*parts, *linked]).split(), *listed, *properties, *events}

    assert {"title", "reason", "original", "seek-care", "head", "tag"} <= names
    assert {"--clinic-alert", "clinic-gone"} <= names
    assert set(attributes) - {"href"} <= names
    assert [name for name in sorted(names) if f"`{name}`" not in GUIDE] == []
