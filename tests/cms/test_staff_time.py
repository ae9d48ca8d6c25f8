"""Staff see and type the time of their practice, or the zone they chose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from api.documents.models import Document
from content_models.models import Article, Practice
from tests import factories as make
from tests.admin import AdminForm, address

pytestmark = pytest.mark.django_db

# A quarter to seven in the evening in New York, the next day in UTC.
MOMENT = datetime(2026, 1, 15, 23, 45, tzinfo=UTC)


@pytest.fixture
def user():
    # The account's form asks for all of that.
    return make.UserFactory(
        roles=["Editors"],
        first_name="Ada",
        last_name="Byron",
        email="ada@clinic.example",
    )


@pytest.fixture
def editor(client: Client, user) -> Client:
    client.force_login(user)
    return client


def list_of_articles(client: Client) -> str:
    article = make.ArticleFactory()
    Article.objects.filter(pk=article.pk).update(latest_revision_created_at=MOMENT)
    return client.get("/cms/articles/").content.decode()


def test_moments_are_in_the_practices_time_and_say_so(editor):
    assert "Jan. 15, 2026, 6:45 p.m. EST" in list_of_articles(editor)


def test_moments_follow_the_practice(editor):
    make.PracticeFactory(time_zone="America/Chicago")

    assert "Jan. 15, 2026, 5:45 p.m. CST" in list_of_articles(editor)


def test_who_chose_a_zone_has_that_one(editor, user):
    UserProfile.objects.create(user=user, current_time_zone="Europe/Berlin")

    assert "Jan. 16, 2026, 12:45 a.m. CET" in list_of_articles(editor)


def test_nothing_is_chosen_for_who_chose_nothing(editor, user):
    editor.get("/cms/")

    assert not UserProfile.objects.filter(user=user).exists()


def test_the_account_offers_the_practices_zone(editor):
    page = editor.get("/cms/account/").content.decode()

    assert "The practice&#x27;s (America/New_York)" in page
    assert "server time zone" not in page


def test_a_schedule_is_typed_in_the_practices_time_and_the_form_says_so(editor):
    article = make.ArticleFactory(live=False)
    new_york = ZoneInfo("America/New_York")
    noon = (timezone.now().astimezone(new_york) + timedelta(days=3)).replace(
        hour=12, minute=0, second=0, microsecond=0
    )

    form = AdminForm(editor, address(article, "edit"))
    form.submit(go_live_at=noon.strftime("%Y-%m-%d %H:%M"))

    draft = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
    assert draft.go_live_at == noon
    page = editor.get(address(article, "edit")).content.decode()
    assert "The time in America/New York." in page


def test_the_zone_that_somebody_chooses_in_his_account_is_kept_and_used(editor, user):
    AdminForm(editor, reverse("wagtailadmin_account")).submit(
        **{"time_zone-current_time_zone": "Europe/Berlin"}
    )

    assert UserProfile.objects.get(user=user).current_time_zone == "Europe/Berlin"
    assert "Jan. 16, 2026, 12:45 a.m. CET" in list_of_articles(editor)


def test_who_chooses_the_practices_zone_again_follows_it_when_it_moves(editor, user):
    UserProfile.objects.create(user=user, current_time_zone="Europe/Berlin")

    AdminForm(editor, reverse("wagtailadmin_account")).submit(
        **{"time_zone-current_time_zone": ""}
    )
    make.PracticeFactory(time_zone="America/Chicago")

    assert "Jan. 15, 2026, 5:45 p.m. CST" in list_of_articles(editor)


@pytest.mark.parametrize("page", ["wagtailadmin_home", "wagtailadmin_account"])
def test_a_practice_that_is_missing_is_made_when_somebody_looks(editor, page):
    # As in a database that was filled by hand: publishing would make it at once.
    Document.objects.filter(type="practice").delete()
    Practice.objects.all()._raw_delete("default")

    answer = editor.get(reverse(page))

    assert answer.status_code == 200
    assert Practice.objects.count() == 1
    assert Client().get("/api/v1/practice/").status_code == 200
