"""The whole life of each kind of content; after every step, the documents are right.

Right is what a fresh render says: `healing.check` compares all of them. Each life is
lived twice, through code and through the admin's own screens.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from api.documents import healing, publishing
from api.documents.models import Document, Placement
from cms import schedule
from content_models import models as content
from tests import factories as make
from tests.admin import AdminForm, address

pytestmark = pytest.mark.django_db

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)

# How each kind is made, and which field of it staff change here.
DRAFTED = [
    pytest.param(make.ArticleFactory, "title", id="article"),
    pytest.param(make.AuthorFactory, "family_name", id="author"),
    pytest.param(make.ReferenceFactory, "title", id="reference"),
    pytest.param(make.LocationFactory, "name", id="location"),
    pytest.param(make.AwardFactory, "name", id="award"),
    pytest.param(make.AffiliationFactory, "name", id="affiliation"),
    pytest.param(make.CategoryFactory, "name", id="category"),
]
WITHOUT_DRAFTS = [
    pytest.param(make.TagFactory, "name", id="tag"),
    pytest.param(make.PracticeFactory, "name", id="practice"),
]


def state_of(instance: Any) -> str:
    """`absent`, `visible` or why it is gone, after all was compared with a render."""
    assert healing.check() == []
    source = f"{instance._meta.model_name}:{instance.pk}"
    document = Document.objects.filter(source=source).first()
    if document is None:
        return "absent"
    placement = Placement.objects.get(document=document)
    return "visible" if placement.is_visible else placement.withdrawn_kind


def served(instance: Any) -> str:
    source = f"{instance._meta.model_name}:{instance.pk}"
    return Document.objects.get(source=source).full_json


def again(instance: Any) -> Any:
    return type(instance).objects.get(pk=instance.pk)


def publish(instance: Any, **changes: Any) -> None:
    instance = again(instance)
    for field, value in changes.items():
        setattr(instance, field, value)
    with publishing.publishing():
        instance.save_revision().publish()


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


# --- Through code -----------------------------------------------------------------


@pytest.mark.parametrize(("factory", "field"), DRAFTED)
def test_a_life_through_code(factory: Callable[..., Any], field: str, frozen):
    with frozen(NOW):
        instance = factory(live=False)
        assert state_of(instance) == "absent"

        publish(instance)
        assert state_of(instance) == "visible"

        publish(instance, **{field: "Changed by hand"})
        assert state_of(instance) == "visible"
        assert "Changed by hand" in served(instance)

        with publishing.publishing():
            again(instance).revisions.order_by("pk").first().publish()
        assert "Changed by hand" not in served(instance)
        assert state_of(instance) == "visible"

        with publishing.publishing():
            again(instance).unpublish()
        assert state_of(instance) == "gone"

        publish(instance, go_live_at=NOW + timedelta(hours=1))
        assert state_of(instance) == "gone"

    with frozen(NOW + timedelta(hours=2)):
        schedule.work_off()
        assert state_of(instance) == "visible"

        publish(instance, go_live_at=None, expire_at=NOW + timedelta(hours=3))
        assert state_of(instance) == "visible"

    with frozen(NOW + timedelta(hours=4)):
        schedule.work_off()
        assert state_of(instance) == "expired"

        publish(instance, expire_at=None)
        assert state_of(instance) == "visible"

        pk = instance.pk
        with publishing.publishing():
            again(instance).delete()
        instance.pk = pk
        assert state_of(instance) == "gone"


@pytest.mark.parametrize(("factory", "field"), WITHOUT_DRAFTS)
def test_a_life_without_drafts_through_code(factory: Callable[..., Any], field: str):
    instance = factory()
    assert state_of(instance) == "visible"

    with publishing.publishing():
        setattr(instance, field, "Changed by hand")
        instance.save()
    assert state_of(instance) == "visible"
    assert "Changed by hand" in served(instance)


def test_a_tag_is_taken_off_its_article_and_deleted_through_code():
    tag = make.TagFactory(name="running")
    article = make.ArticleFactory(tags=[tag])
    assert "running" in served(article)

    with publishing.publishing():
        article.tags.clear()
        article.save_revision().publish()
        tag.delete()

    assert state_of(article) == "visible"
    assert "running" not in served(article)


def test_a_section_with_its_articles_is_deleted_through_code():
    section = make.SectionFactory()
    article = make.ArticleFactory(parent=section)
    pk = article.pk

    with publishing.publishing():
        again(section).delete()

    article.pk = pk
    assert state_of(article) == "gone"


def test_a_moved_article_through_code():
    private, article = make.SectionFactory(), make.ArticleFactory()
    with publishing.publishing():
        content.Section.objects.get(pk=private.pk).view_restrictions.create(
            restriction_type="login"
        )

    with publishing.publishing():
        again(article).move(again(private), "last-child")
    assert state_of(article) == "gone"

    with publishing.publishing():
        again(article).move(again(make.home_section()), "last-child")
    assert state_of(article) == "visible"


# --- Through the admin ------------------------------------------------------------


@pytest.fixture
def editor(admin_client: Client) -> Client:
    return admin_client


def confirm(client: Client, instance: Any, action: str) -> None:
    response = client.post(address(instance, action))
    assert response.status_code == 302


PUBLISH = {"action-publish": "Publish"}


def moment(at: datetime) -> str:
    """As the admin's date pickers write it, in the zone in which staff work."""
    zone = ZoneInfo(content.Practice.load().time_zone)
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(("factory", "field"), DRAFTED)
def test_a_life_through_the_admin(
    factory: Callable[..., Any], field: str, editor: Client, frozen
):
    with frozen(NOW):
        editor.force_login(make.UserFactory(is_superuser=True, is_staff=True))
        instance = factory(live=False)

        AdminForm(editor, address(instance, "edit")).submit(**PUBLISH)
        assert state_of(instance) == "visible"

        form = AdminForm(editor, address(instance, "edit"))
        form.submit(**{field: "Changed by hand"}, **PUBLISH)
        assert "Changed by hand" in served(instance)
        assert state_of(instance) == "visible"

        form = AdminForm(editor, address(instance, "edit"))
        form.submit(**{field: "Only a draft"})
        assert "Only a draft" not in served(instance)
        assert state_of(instance) == "visible"

        confirm(editor, instance, "unpublish")
        assert state_of(instance) == "gone"

        form = AdminForm(editor, address(instance, "edit"))
        form.submit(go_live_at=moment(NOW + timedelta(hours=1)), **PUBLISH)
        assert state_of(instance) == "gone"

    with frozen(NOW + timedelta(hours=2)):
        schedule.work_off()
        assert state_of(instance) == "visible"

        form = AdminForm(editor, address(instance, "edit"))
        expire_at = moment(NOW + timedelta(hours=3))
        form.submit(go_live_at="", expire_at=expire_at, **PUBLISH)
        assert state_of(instance) == "visible"

    with frozen(NOW + timedelta(hours=4)):
        schedule.work_off()
        assert state_of(instance) == "expired"

        AdminForm(editor, address(instance, "edit")).submit(expire_at="", **PUBLISH)
        assert state_of(instance) == "visible"

        pk = instance.pk
        confirm(editor, instance, "delete")
        instance.pk = pk
        assert state_of(instance) == "gone"


def test_a_tag_lives_and_dies_through_the_admin(
    admin_client, django_capture_on_commit_callbacks
):
    tag = make.TagFactory(name="running")
    article = make.ArticleFactory(tags=[tag])

    AdminForm(admin_client, address(tag, "edit")).submit(name="jogging")
    assert state_of(tag) == "visible"
    assert "jogging" in served(article)

    # Wagtail notes after the commit where things are used.
    with django_capture_on_commit_callbacks(execute=True):
        AdminForm(admin_client, address(article, "edit")).submit(tags="", **PUBLISH)
    confirm(admin_client, tag, "delete")
    assert state_of(tag) == "gone"
    assert "jogging" not in served(article)


def test_the_practice_is_edited_through_the_admin(admin_client):
    practice, article = make.PracticeFactory(), make.ArticleFactory()
    url = reverse("wagtailsettings:edit", args=["content_models", "practice", 1])

    AdminForm(admin_client, url).submit(base_url="https://clinic.example")

    assert state_of(practice) == "visible"
    assert "https://clinic.example/articles/" in served(article)


def test_an_article_is_moved_into_a_private_section_and_back_through_the_admin(
    admin_client,
):
    private, article = make.SectionFactory(), make.ArticleFactory()
    privacy = reverse("wagtailadmin_pages:set_privacy", args=[private.pk])
    admin_client.post(privacy, {"restriction_type": "login"})
    home = make.home_section()

    def move(target: content.Section) -> None:
        url = reverse("wagtailadmin_pages:move_confirm", args=[article.pk, target.pk])
        assert admin_client.post(url).status_code == 302

    move(private)
    assert state_of(article) == "gone"

    move(home)
    assert state_of(article) == "visible"

    admin_client.post(
        reverse("wagtailadmin_pages:set_privacy", args=[home.pk]),
        {"restriction_type": "login"},
    )
    assert state_of(article) == "gone"
