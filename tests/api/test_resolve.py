"""A public path of today or of the past leads to what is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from api.documents.models import Document, FormerPath, Withdrawal
from api.documents.publishing import publishing
from tests.api.factories import PUBLISHED, DocumentFactory, PlacementFactory, article
from tests.api.reading import fault
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    LocationFactory,
    PracticeFactory,
    SectionFactory,
    locale,
    published,
)

pytestmark = pytest.mark.django_db

RESOLVE = "/api/v1/resolve/"


def resolved(client: Client, path: str, **query: str) -> Any:
    return client.get(RESOLVE, {"path": path, **query})


def redirected(path: str, replacement: str) -> None:
    """What is left at `path` of something whose readers are sent on."""
    document = DocumentFactory(
        path=path,
        canonical_url=f"http://localhost:8001{path}/",
        withdrawn_at=PUBLISHED,
        withdrawn_kind=Withdrawal.REDIRECTED,
        replacement=replacement,
    )
    PlacementFactory(
        document=document, is_visible=False, withdrawn_kind=Withdrawal.REDIRECTED
    )


def test_articles_people_and_places_are_found_at_their_paths(client: Client) -> None:
    PracticeFactory(base_url="https://shore.test")
    ArticleFactory(slug="hip-pain")
    AuthorFactory(slug="lisa")
    LocationFactory(slug="brick", site_url="https://brick.test")

    for path, type in (
        ("/articles/hip-pain/", "article"),
        ("/team/lisa/", "author"),
        ("/locations/brick/", "location"),
        ("/", "practice"),
    ):
        answer = resolved(client, path).json()

        assert answer["document"]["type"] == type
        assert answer["moved_to"] is None
        assert answer["path"] == path


@pytest.mark.parametrize(
    "path",
    [
        "/articles/hip-pain",
        "/articles/hip-pain/?utm_source=mail#top",
        "//articles/hip-pain//",
        "/articles/hip%2Dpain/",
    ],
)
def test_a_path_is_known_however_it_is_spelled(client: Client, path: str) -> None:
    ArticleFactory(slug="hip-pain")

    assert resolved(client, path).json()["document"]["slug"] == "hip-pain"


def test_a_chain_of_former_addresses_leads_to_the_last_one(client: Client) -> None:
    page = ArticleFactory(slug="first")
    for slug in ("second", "third"):
        page.slug = slug
        published(page)

    for path in ("/articles/first/", "/articles/second/"):
        answer = resolved(client, path).json()

        assert answer["moved_to"] == "http://localhost:8001/articles/third/"
        assert answer["document"]["slug"] == "third"
    assert resolved(client, "/articles/third/").json()["moved_to"] is None


def test_paths_of_the_past_lead_on_when_all_addresses_change(client: Client) -> None:
    ArticleFactory(slug="hip-pain")
    PracticeFactory(article_path="/blog/{slug}/")

    answer = resolved(client, "/articles/hip-pain/").json()

    assert answer["moved_to"] == "http://localhost:8001/blog/hip-pain/"


def test_a_path_that_is_taken_again_belongs_to_who_has_it(client: Client) -> None:
    page = ArticleFactory(slug="hips")
    page.slug = "hip-pain"
    published(page)
    ArticleFactory(slug="hips", title="All about hips")

    assert resolved(client, "/articles/hips/").json()["document"]["slug"] == "hips"


def test_an_address_that_comes_back_is_no_former_one(client: Client) -> None:
    page = ArticleFactory(slug="one")
    for slug in ("two", "one"):
        page.slug = slug
        published(page)

    assert resolved(client, "/articles/one/").json()["moved_to"] is None
    assert set(FormerPath.objects.values_list("path", flat=True)) == {"/articles/two"}


def test_redirections_are_followed_to_their_end(client: Client) -> None:
    ArticleFactory(slug="hip-pain")
    redirected("/a", "http://localhost:8001/b/")
    redirected("/b", "http://localhost:8001/articles/hip-pain/")

    answer = resolved(client, "/a/").json()

    assert answer["moved_to"] == "http://localhost:8001/articles/hip-pain/"
    assert answer["document"]["slug"] == "hip-pain"


def test_a_redirection_to_another_site_is_told(client: Client) -> None:
    redirected("/a", "https://elsewhere.test/advice/")

    assert resolved(client, "/a/").json() == {
        "path": "/a/",
        "moved_to": "https://elsewhere.test/advice/",
        "document": None,
    }


@pytest.mark.parametrize(
    "target", ["https://www.nih.gov/", "https://elsewhere.test/articles/hip-pain/"]
)
def test_another_site_with_a_path_of_ours_is_another_site(
    client: Client, target: str
) -> None:
    ArticleFactory(slug="hip-pain")
    redirected("/a", target)

    answer = resolved(client, "/a/").json()

    assert answer["moved_to"] == target
    assert answer["document"] is None


def test_what_a_channel_never_showed_at_a_path_it_does_not_know(
    client: Client,
) -> None:
    placement = article("hip-pain")
    for path, until in (("/before", -2), ("/while", 0)):
        FormerPath.objects.create(
            document=placement.document,
            path=path,
            until=PUBLISHED + timedelta(days=until),
        )

    assert resolved(client, "/before").status_code == 404
    assert resolved(client, "/while").status_code == 200


def test_redirections_in_a_circle_end(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    redirected("/a", "http://localhost:8001/b/")
    redirected("/b", "http://localhost:8001/a/")

    with django_assert_max_num_queries(30):
        answer = resolved(client, "/a/")

    assert answer.status_code == 410


def test_what_is_gone_from_a_path_is_told(client: Client) -> None:
    page = ArticleFactory(slug="hip-pain")
    with publishing():
        page.unpublish()

    answer = resolved(client, "/articles/hip-pain/")

    assert answer.status_code == 410
    assert answer.json()["kind"] == "gone"


def test_a_path_that_nobody_has_is_not_found(client: Client) -> None:
    assert resolved(client, "/nothing/here/").status_code == 404


def test_a_document_that_is_being_renewed_is_not_shown(client: Client) -> None:
    ArticleFactory(slug="hip-pain")
    Document.objects.update(valid_until=timezone.now() - timedelta(seconds=1))

    assert resolved(client, "/articles/hip-pain/").status_code == 503


def test_each_language_has_a_path_of_its_own(client: Client) -> None:
    ArticleFactory(slug="covid")
    # Wagtail lets no two pages of a section share a slug.
    spanish = SectionFactory(locale=locale("es"))
    ArticleFactory(slug="covid", locale=locale("es"), parent=spanish)

    plain = resolved(client, "/articles/covid/").json()
    translated = resolved(client, "/es/articles/covid/").json()

    assert plain["document"]["locale"] == "en"
    assert translated["document"]["locale"] == "es"


def test_of_several_languages_at_a_path_one_may_be_preferred(client: Client) -> None:
    ArticleFactory(slug="covid")
    spanish = SectionFactory(locale=locale("es"))
    ArticleFactory(slug="covid", locale=locale("es"), parent=spanish)
    # As a practice has it whose pages in both languages were at one address.
    Document.objects.filter(locale="es", type="article").update(path="/articles/covid")

    plain = resolved(client, "/articles/covid/").json()
    preferred = resolved(client, "/articles/covid/", locale="es").json()

    assert plain["document"]["locale"] == "en"
    assert preferred["document"]["locale"] == "es"


def test_a_path_takes_two_statements_and_a_former_one_three(
    client: Client, django_assert_num_queries: Any
) -> None:
    page = ArticleFactory(slug="one")
    page.slug = "two"
    published(page)

    with django_assert_num_queries(2):
        resolved(client, "/articles/two/")
    with django_assert_num_queries(3):
        resolved(client, "/articles/one/")


@pytest.mark.parametrize(
    "path", ["", "articles/hip-pain", "https://cms.test/", "/" + "a" * 500]
)
def test_what_is_no_path_is_refused(client: Client, path: str) -> None:
    answer = resolved(client, path)

    assert answer.status_code == 400
    assert "must begin with /" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("path", ["/%00", "/%ff", "/..%2f..", "/a\\b", "/'--"])
def test_a_hostile_path_is_not_found(client: Client, path: str) -> None:
    assert resolved(client, path).status_code == 404


def test_a_path_is_needed(client: Client) -> None:
    assert fault(client, RESOLVE)["parameter"] == "path"


def test_what_has_no_page_has_no_path(client: Client) -> None:
    article("hip-pain")

    assert not Document.objects.exclude(path="").filter(slug="hip-pain").exists()
