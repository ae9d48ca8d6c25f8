"""A result shows where its words were found, and nothing that staff wrote can run."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api.factories import article
from tests.api.reading import ARTICLES
from tests.factories import ArticleFactory, AuthorFactory

pytestmark = pytest.mark.django_db


def test_a_result_shows_where_its_words_were_found(client: Client) -> None:
    article("knee", words="Knee pain", words__body="Strong thighs protect each knee.")

    (result,) = client.get(f"{ARTICLES}?q=knees").json()["results"]

    assert result["highlight"] == (
        "<mark>Knee</mark> pain Strong thighs protect each <mark>knee</mark>"
    )


def test_a_highlight_is_safe_to_show_whatever_staff_wrote(client: Client) -> None:
    summary = "<b>Knee</b>\x02 2 < 3 & <img onerror=x> <script>alert(1)</script>"
    ArticleFactory(title="Hips", summary=summary)

    (result,) = client.get(f"{ARTICLES}?q=knee").json()["results"]

    unmarked = result["highlight"].replace("<mark>", "").replace("</mark>", "")
    assert "<" not in unmarked
    assert "2 &lt; 3 &amp;" in unmarked
    assert result["highlight"].count("<mark>") == result["highlight"].count("</mark>")


def test_what_is_found_by_its_title_alone_shows_the_title(client: Client) -> None:
    ArticleFactory(title="Strong knees & hips", summary="Three exercises.")

    (result,) = client.get(f"{ARTICLES}?q=knee&fields=title").json()["results"]

    assert result["highlight"] == "Strong <mark>knees</mark> &amp; hips"


def test_what_is_found_by_words_or_the_lack_of_others_shows_the_words(
    client: Client,
) -> None:
    ArticleFactory(title="Strong hips", summary="Three exercises.")

    (result,) = client.get(f"{ARTICLES}?q=hip or -knee").json()["results"]

    assert result["highlight"] == "Strong <mark>hips</mark>"


def test_what_is_found_by_its_author_alone_shows_how_it_begins(client: Client) -> None:
    author = AuthorFactory(given_name="Lisa", family_name="Scarlino")
    ArticleFactory(summary="Three exercises for knees.", authors=[author])

    (result,) = client.get(f"{ARTICLES}?q=scarlino&fields=slug").json()["results"]

    assert result["highlight"].startswith("Three exercises for knees")
    assert result["highlight"].endswith(" …")


def test_words_stay_apart_in_a_highlight(client: Client) -> None:
    ArticleFactory(title="Sports", summary="Torn\u00a0meniscus of the\nknee")

    (result,) = client.get(f"{ARTICLES}?q=knee&fields=slug").json()["results"]

    assert result["highlight"].startswith("Torn meniscus of the <mark>knee</mark>")


def test_a_word_far_into_a_text_is_shown_where_it_stands(client: Client) -> None:
    far = "Strong thighs help. " * 100 + "The quadriceps carries you upstairs."
    article("stairs", words="Stairs", words__body=far)

    (result,) = client.get(f"{ARTICLES}?q=quadriceps").json()["results"]

    assert "<mark>quadriceps</mark> carries" in result["highlight"]


@pytest.mark.parametrize("phrase", ['"knee replacement"', "pain replacement"])
def test_some_of_the_words_at_the_beginning_do_not_hide_where_all_of_them_are(
    client: Client, phrase: str
) -> None:
    far = "Walking helps. " * 100 + "Ask about a knee replacement in pain."
    article("knee", words="Knee pain eases", words__body=far)

    (result,) = client.get(ARTICLES, {"q": phrase}).json()["results"]

    assert "<mark>replacement</mark>" in result["highlight"]


def test_a_highlight_near_the_beginning_ends_with_a_whole_word(client: Client) -> None:
    words = [f"word{number}" for number in range(1_000)]
    article("long", words="Stairs", words__body=" ".join(words))

    (result,) = client.get(f"{ARTICLES}?q=word120").json()["results"]

    shown = result["highlight"].replace("<mark>", "").replace("</mark>", "")
    assert "word120" in shown.split()
    assert {one for one in shown.split() if one.startswith("word")} <= set(words)


def test_only_a_search_has_highlights(client: Client) -> None:
    article("knee", words="knee")

    (result,) = client.get(ARTICLES).json()["results"]

    assert "highlight" not in result


def test_a_highlight_comes_with_the_fields_that_are_asked_for(client: Client) -> None:
    article("knee", words="knee")

    (result,) = client.get(f"{ARTICLES}?q=knee&fields=slug").json()["results"]

    assert result == {"slug": "knee", "highlight": "<mark>knee</mark>"}
