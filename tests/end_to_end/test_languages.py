"""An article in another language: found from the first, shared, read, looked right."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from content_models.models import Article
from tests import factories as make

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def translated(article: Article, language: str, **fields: Any) -> Article:
    section = make.SectionFactory(locale=make.locale(language))
    return make.ArticleFactory(
        locale=make.locale(language),
        parent=section,
        translation_key=article.translation_key,
        **fields,
    )


@pytest.fixture
def article(microsite: str) -> Article:
    author = make.AuthorFactory(given_name="Ada", family_name="Byron", slug="ada")
    return make.ArticleFactory(title="Rest or move", slug="rest", authors=[author])


def test_a_reader_goes_from_one_language_to_the_other_and_back(
    article: Article, microsite: str, page: Page
):
    translated(article, "es", title="Reposo o movimiento", slug="rest")

    page.goto(f"{microsite}/articles/rest/")
    to_spanish = page.get_by_role("link", name="Español")
    expect(to_spanish).to_have_attribute("hreflang", "es")
    to_spanish.click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Reposo o movimiento")
    assert page.url == f"{microsite}/es/articles/rest/"
    expect(page.locator("html")).to_have_attribute("lang", "es")

    page.get_by_role("link", name="English").click()
    expect(heading).to_have_text("Rest or move")
    assert page.url == f"{microsite}/articles/rest/"
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_address_of_a_translation_can_be_shared(
    article: Article, microsite: str, page: Page
):
    spanish = translated(article, "es", title="Reposo o movimiento", slug="reposo")

    response = page.goto(spanish.canonical_url)

    assert response is not None
    assert response.status == 200
    expect(page.get_by_role("heading", level=1)).to_have_text("Reposo o movimiento")
    canonical = page.locator("link[rel=canonical]")
    expect(canonical).to_have_attribute("href", f"{microsite}/es/articles/reposo/")


def test_the_words_around_a_spanish_article_are_spanish(
    article: Article, microsite: str, page: Page
):
    authors = [authorship.author for authorship in article.authorships.all()]
    translated(article, "es", slug="reposo", authors=authors)

    page.goto(f"{microsite}/es/articles/reposo/")

    people = page.locator(".people")
    expect(people).to_contain_text("Por Ada Byron")
    expect(people).to_contain_text(re.compile(r"Publicado el \d+ de \w+ de \d{4}"))


def test_the_words_of_the_spanish_list_are_spanish(
    article: Article, microsite: str, page: Page
):
    translated(article, "es", title="Reposo o movimiento", slug="reposo")

    page.goto(f"{microsite}/es/articles/")

    main = page.get_by_role("main")
    expect(main).to_contain_text("1 artículo")
    expect(main).to_contain_text("Escritos por nuestros profesionales")
    expect(main.get_by_role("button", name="Buscar")).to_be_visible()
    for english in ("Written by", "1 article", "Search", "min read"):
        expect(main).not_to_contain_text(english)


def test_a_title_in_another_script_begins_on_its_own_side(
    article: Article, microsite: str, page: Page
):
    make.ArticleFactory(title="آلام الظهر في العمل", slug="back", summary="")

    page.goto(f"{microsite}/articles/back/")

    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_css("direction", "rtl")
    expect(page.locator("html")).to_have_attribute("dir", "ltr")


def test_an_article_in_arabic_runs_from_right_to_left_and_the_frame_does_not(
    article: Article, microsite: str, page: Page
):
    # A language that the API of these tests does not have.
    def in_arabic(route: Route) -> None:
        answer = route.fetch()
        told = {"locale": "ar", "title": "MRI أم الراحة"}
        route.fulfill(response=answer, json=answer.json() | told)

    page.route("**/api/v1/articles/rest/", in_arabic)

    page.goto(f"{microsite}/articles/rest/")

    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("MRI أم الراحة")
    expect(heading).to_have_css("direction", "rtl")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("banner")).to_have_css("direction", "ltr")
