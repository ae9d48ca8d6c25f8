"""What was wrong or unsafe leaves every site at once, and readers are told why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from api.documents import healing, publishing
from api.documents.models import Document
from content_models.models import Withdrawal
from tests import factories as make
from tests.api.factories import ChannelFactory

pytestmark = pytest.mark.django_db

REASON = "The dose was wrong."


def as_role(role: str) -> Client:
    client = Client()
    client.force_login(make.UserFactory(roles=[role]))
    return client


def withdraw(content: Any, client: Client | None = None, **given: Any) -> Any:
    kind = content._meta.model_name
    form = {"reason": REASON, "urgency": "routine", "replacement": "", **given}
    return (client or as_role("Editors")).post(
        reverse("withdraw", args=[kind, content.pk]), form
    )


def read(article: Any, **query: str) -> Any:
    return Client().get(f"/api/v1/articles/{article.slug}/", query)


def test_a_withdrawn_article_is_gone_from_every_channel_with_its_reason() -> None:
    article, better = make.ArticleFactory(), make.ArticleFactory()
    shore = ChannelFactory(slug="shore")

    withdraw(article, replacement=str(better.pk))

    for query in ({}, {"channel": shore.slug}):
        answer = read(article, **query)
        assert answer.status_code == 410
        told = answer.json()
        assert (told["kind"], told["reason"]) == ("withdrawn", REASON)
        assert told["replacement"] == better.canonical_url


def test_its_translations_are_withdrawn_with_it() -> None:
    english = make.ArticleFactory()
    spanish = make.ArticleFactory(
        locale=make.locale("es"), translation_key=english.translation_key
    )

    withdraw(english)

    assert read(spanish, locale="es").json()["reason"] == REASON


def test_all_that_an_author_wrote_is_withdrawn_at_one_moment() -> None:
    author = make.AuthorFactory()
    articles = [make.ArticleFactory(authors=[author]) for _ in range(3)]
    other = make.ArticleFactory()

    withdraw(author)

    assert [read(one).status_code for one in articles] == [410] * 3
    assert read(other).status_code == 200
    assert len(set(Withdrawal.objects.values_list("made_at", flat=True))) == 1


def test_what_was_withdrawn_may_be_published_again_and_taken_down_without_reason() -> (
    None
):
    article = make.ArticleFactory()
    withdraw(article)
    with publishing.publishing():
        article.refresh_from_db()
        article.save_revision().publish()
    assert read(article).status_code == 200

    with publishing.publishing():
        article.refresh_from_db()
        article.unpublish()

    told = read(article).json()
    assert (told["kind"], told["reason"]) == ("gone", None)
    assert healing.check() == []


def test_a_private_replacement_is_not_named() -> None:
    article, secret = make.ArticleFactory(), make.ArticleFactory()
    with publishing.publishing():
        secret.unpublish()

    answer = withdraw(article, replacement=str(secret.pk))

    assert answer.status_code == 200
    assert not Withdrawal.objects.exists()
    assert Document.objects.get(slug=article.slug).withdrawn_at is None


@pytest.mark.parametrize(
    "given", [{"reason": "  "}, {"reason": "x" * 301}, {"urgency": "very"}]
)
def test_a_form_that_is_not_complete_withdraws_nothing(given: dict[str, str]) -> None:
    article = make.ArticleFactory()

    answer = withdraw(article, **given)

    assert answer.status_code == 200
    assert "error" in answer.content.decode()
    assert read(article).status_code == 200


def test_an_article_does_not_replace_itself() -> None:
    article = make.ArticleFactory()

    answer = withdraw(article, replacement=str(article.pk))

    assert "withdrawn as well" in answer.content.decode()
    assert read(article).status_code == 200


@pytest.mark.parametrize("role", ["Writers", "Medical reviewers"])
def test_who_may_not_publish_may_not_withdraw(role: str) -> None:
    article = make.ArticleFactory()

    withdraw(article, as_role(role))

    assert read(article).status_code == 200


def test_the_editor_of_an_article_leads_to_the_form() -> None:
    article = make.ArticleFactory()
    client = as_role("Editors")

    page = client.get(reverse("wagtailadmin_pages:edit", args=[article.pk]))
    form = reverse("withdraw", args=["article", article.pk])

    assert form in page.content.decode()
    assert article.title in client.get(form).content.decode()


def test_what_readers_do_not_see_cannot_be_withdrawn() -> None:
    draft = make.ArticleFactory(live=False)

    answer = withdraw(draft)

    assert answer.status_code == 302
    assert not Withdrawal.objects.exists()


def test_a_correction_is_told_with_its_date() -> None:
    article = make.ArticleFactory()

    article = type(article).objects.get(pk=article.pk)
    with publishing.publishing():
        article.corrections.add(
            make.content.Correction(
                corrected_on=date(2026, 5, 1), note="Ice for 15 minutes, not 50."
            )
        )
        article.save_revision().publish()

    assert read(article).json()["corrections"] == [
        {"date": "2026-05-01", "note": "Ice for 15 minutes, not 50."}
    ]


def test_who_may_not_edit_an_article_learns_nothing_of_it_here() -> None:
    draft = make.ArticleFactory(live=False)
    form = reverse("withdraw", args=["article", draft.pk])

    answer = as_role("Medical reviewers").get(form)

    assert answer.status_code == 302
    assert answer["Location"] == reverse("wagtailadmin_home")


def test_a_page_and_its_article_are_locked_before_either_is_read() -> None:
    article = make.ArticleFactory()

    with CaptureQueriesContext(connection) as asked:
        withdraw(article)

    [locking] = [
        query["sql"]
        for query in asked
        if "content_models_article" in query["sql"] and "FOR UPDATE" in query["sql"]
    ]
    assert "wagtailcore_page" in locking.partition("FOR UPDATE")[2]
