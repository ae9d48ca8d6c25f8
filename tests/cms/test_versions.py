"""Staff see every version that was published, and can take one away for good."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry

from api.documents import healing, publishing
from api.documents.models import DocumentVersion
from cms.desk import withdrawing
from content_models.models import Article
from tests import factories as make

pytestmark = pytest.mark.django_db

SECRET = "A name that had to go"


@pytest.fixture
def article() -> Article:
    """Published with a wrong title, and again with a right one."""
    article: Article = make.ArticleFactory(
        slug="hip-pain", title=SECRET, change_note=f"{SECRET} was added"
    )
    with publishing.publishing():
        article.title, article.change_note = "Hip pain", "Title corrected"
        article.save_revision().publish()
    return article


def as_role(role: str) -> Client:
    client = Client()
    client.force_login(make.UserFactory(roles=[role]))
    return client


def screen(article: Article) -> str:
    return reverse("published_versions", args=[article.pk])


def redact(article: Article, client: Client, version: int = 1) -> Any:
    form = {"version": version, "reason": "Names a patient."}
    return client.post(screen(article), form)


def told() -> str:
    """All that the API says of the article and of its past."""
    first = DocumentVersion.objects.get(document__slug="hip-pain", version=1)
    address = "/api/v1/articles/hip-pain/"
    answers = [
        Client().get(address, {"as_of": first.at.isoformat()}),
        Client().get(f"{address}versions/"),
    ]
    return "".join(answer.content.decode() for answer in answers)


def test_every_version_is_listed_and_can_be_read(article: Article) -> None:
    client = as_role("Editors")

    listed = client.get(screen(article)).content.decode()
    read = client.get(screen(article), {"version": "1"}).content.decode()

    assert "Title corrected" in listed
    assert "Readers see it" in listed
    assert f"Version 1: {SECRET}" in read


def test_a_redacted_version_is_told_to_nobody_and_its_text_is_gone(
    article: Article,
) -> None:
    assert SECRET in told()

    redact(article, client := as_role("Editors"))

    version = DocumentVersion.objects.get(document__slug="hip-pain", version=1)
    assert SECRET not in told()
    assert SECRET not in str(vars(version))
    assert "Names a patient." in client.get(screen(article)).content.decode()
    assert healing.check() == []


def test_it_is_logged_with_its_reason(article: Article) -> None:
    redact(article, as_role("Editors"))

    entry = PageLogEntry.objects.get(action="clinicast.redact")
    assert entry.data == {"version": 1, "reason": "Names a patient."}


def test_a_rebuild_does_not_bring_it_back(article: Article) -> None:
    redact(article, as_role("Editors"))

    healing.rebuild()

    assert SECRET not in told()


def test_what_readers_see_now_is_not_redacted(article: Article) -> None:
    answer = redact(article, as_role("Editors"), version=2)

    assert answer.status_code == 200
    assert "Select a valid choice" in answer.content.decode()
    assert "Title corrected" in told()


def test_a_reason_is_needed(article: Article) -> None:
    as_role("Editors").post(screen(article), {"version": 1, "reason": ""})

    assert SECRET in told()


def test_the_last_version_of_what_is_withdrawn_can_be_redacted(
    article: Article,
) -> None:
    with publishing.publishing():
        Article.objects.get(pk=article.pk).unpublish()

    redact(article, as_role("Editors"), version=2)

    kept = DocumentVersion.objects.get(document__slug="hip-pain", version=2)
    assert kept.full_json == ""


@pytest.mark.parametrize("role", ["Writers", "Medical reviewers"])
def test_who_may_not_publish_it_may_not_redact_it(article: Article, role: str) -> None:
    answer = redact(article, as_role(role))

    assert answer.status_code in (302, 403)
    assert SECRET in told()


# --- Withdrawn as wrong, and published again -----------------------------------------


def republish(article: Article, **changes: Any) -> None:
    with publishing.publishing():
        again = Article.objects.get(pk=article.pk)
        for name, value in changes.items():
            setattr(again, name, value)
        again.save_revision().publish()


@pytest.fixture
def wrong() -> Article:
    """Published with a wrong title, and withdrawn as such."""
    article: Article = make.ArticleFactory(slug="hip-pain", title=SECRET)
    given = {"reason": "It was wrong.", "urgency": "urgent", "replacement": None}
    with publishing.publishing():
        editor = make.UserFactory(roles=["Editors"])
        withdrawing.withdraw([article], editor, **given)
    return article


@pytest.mark.parametrize("is_first", ["redacted", "published again"])
def test_what_was_wrong_is_told_of_no_day_once_it_is_redacted(
    wrong: Article, is_first: str
) -> None:
    client = as_role("Editors")
    if is_first == "redacted":
        redact(wrong, client)
    republish(wrong, title="Hip pain")
    if is_first == "published again":
        assert SECRET in told()
        redact(wrong, client)

    assert SECRET not in told()
    assert "Hip pain" in told()
    assert healing.check() == []


def test_what_is_published_again_as_it_was_is_a_version_of_its_own(
    wrong: Article,
) -> None:
    """The redacted one stays so: what was said on that day is not told by it."""
    redact(wrong, as_role("Editors"))

    republish(wrong)

    first, second = DocumentVersion.objects.filter(document__slug="hip-pain").order_by(
        "version"
    )
    answer = Client().get("/api/v1/articles/hip-pain/", {"as_of": first.at.isoformat()})
    assert (first.full_json, first.shows) == ("", None)
    assert SECRET in second.full_json
    assert "Memento-Datetime" not in answer.headers


def test_what_is_withdrawn_can_be_read_here_until_it_is_redacted(
    wrong: Article,
) -> None:
    client = as_role("Editors")

    before = client.get(screen(wrong), {"version": "1"})
    redact(wrong, client)
    after = client.get(screen(wrong), {"version": "1"})

    assert before.context["read"]["title"] == SECRET
    assert after.context["read"] is None


# --- Reading a version ---------------------------------------------------------------


@pytest.mark.parametrize(
    "number", ["", "3", "0", "-1", "x", "1.0", "\u00b2", "9" * 30, "2 OR 1=1"]
)
def test_a_version_that_there_is_not_is_just_not_shown(
    article: Article, number: str
) -> None:
    answer = as_role("Editors").get(screen(article), {"version": number})

    assert answer.status_code == 200
    assert answer.context["read"] is None


@pytest.mark.parametrize("role", ["Writers", "Medical reviewers"])
def test_who_may_not_publish_it_may_not_read_its_versions(
    article: Article, role: str
) -> None:
    answer = as_role(role).get(screen(article), {"version": "1"})

    assert answer.status_code in (302, 403)
    assert SECRET not in answer.content.decode()


def test_a_version_of_another_article_is_not_shown_in_this_ones_place(
    article: Article,
) -> None:
    other = make.ArticleFactory(title="Another")

    answer = as_role("Editors").get(screen(other), {"version": "2"})

    assert answer.context["read"] is None
