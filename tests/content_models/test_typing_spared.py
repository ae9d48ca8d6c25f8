"""What follows from the rest is filled in; what somebody gave stays."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from content_models.forms import a_year_after
from content_models.models import Article, Location
from tests import factories as make
from tests.factories import home_section
from tests.forms import article_form, snippet_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make.UserFactory(roles=["Editors"]))
    return client


def saved(editor: Client, **fields) -> Article:
    """A new draft with `fields`, reviewed on two days."""
    reviews = [
        {"reviewer": make.AuthorFactory().pk, "reviewed_on": day}
        for day in ("2026-03-01", "2026-02-01")
    ]
    url = reverse(
        "wagtailadmin_pages:add", args=["content_models", "article", home_section().pk]
    )
    answer = editor.post(url, article_form(reviews=reviews, **fields))
    assert answer.status_code == 302, answer.content.decode()
    return Article.objects.get().get_latest_revision_as_object()


def test_review_dates_follow_from_who_reviewed_it(editor):
    article = saved(editor)

    assert article.last_reviewed_on == date(2026, 3, 1)
    assert article.next_review_on == date(2027, 3, 1)


def test_review_dates_that_somebody_gave_stay(editor):
    given = {"last_reviewed_on": "2026-04-05", "next_review_on": "2026-10-05"}

    article = saved(editor, **given)

    assert str(article.last_reviewed_on) == given["last_reviewed_on"]
    assert str(article.next_review_on) == given["next_review_on"]


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 3, 1), date(2027, 3, 1)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (None, None),
    ],
)
def test_a_year_later_is_the_same_day(day, later):
    assert a_year_after(day) == later


def test_a_new_location_begins_with_the_clock_and_the_state_of_the_others(editor):
    make.PracticeFactory(time_zone="America/Chicago")
    make.LocationFactory(region="US-IL")

    page = editor.get(reverse(Location.snippet_viewset.get_url_name("add"))).content

    begins = {
        field["name"]: field.get("value")
        for field in BeautifulSoup(page, "lxml").select("input[name]")
    }
    assert (begins["time_zone"], begins["region"]) == ("America/Chicago", "US-IL")


def test_a_copied_location_keeps_its_own_clock(editor):
    elsewhere = make.LocationFactory(region="US-HI", time_zone="Pacific/Honolulu")
    make.LocationFactory()

    page = editor.get(snippet_url(elsewhere, "copy")).content.decode()

    assert 'value="Pacific/Honolulu"' in page
