"""Authors and references are made or found from pasted text, where one chooses them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from content_models.citations import parsing
from content_models.models import Author, Reference
from tests import factories as make

pytestmark = pytest.mark.django_db

ONE = (
    "Sadler S, Cassidy S. Gluteus medius muscle function. BMC Musculoskelet Disord. "
    "2019;20:463. doi:10.1186/s12891-019-2833-4"
)
OTHER = "Jette DU, Jette AM. Functional scores. Phys Ther. 2014;94(9):1252-1261."


def as_one_of(role: str) -> Client:
    client = Client()
    client.force_login(make.UserFactory(roles=[role]))
    return client


def paste(client: Client, model: Any, text: str, **more: str) -> dict[str, Any]:
    """What the dialog answers; `more` is what was checked, by row and field."""
    address = reverse(model.snippet_viewset.chooser_viewset.get_url_name("paste"))
    answer = client.post(f"{address}?multiple=1", {"text": text, **more})
    assert answer.status_code == 200, answer
    found: dict[str, Any] = json.loads(answer.content)
    return found


def checked(**fields: str) -> dict[str, str]:
    """The rows as they are sent back: `title_0="…"` is the title of the first."""
    rows = {"checked": "1"}
    for name, value in fields.items():
        field, _, row = name.rpartition("_")
        rows[f"pasted-{row}-{field}"] = value
    return rows


def test_pasted_references_are_shown_one_by_one_before_anything_is_made():
    answer = paste(as_one_of("Editors"), Reference, f"1. {ONE}\n2. {OTHER}")

    html = answer["htmlFragment"]
    assert answer["step"] == "reshow_creation_form"
    assert "2 references were found" in html
    assert "Gluteus medius muscle function" in html
    assert "Functional scores" in html
    assert not Reference.objects.exists()


def test_what_was_checked_is_made_and_chosen_all_at_once():
    rows = checked(
        use_0="new", title_0="Gluteus medius", year_0="2019", type_0="article-journal",
        use_1="new", title_1="Functional scores", type_1="article-journal",
    )  # fmt: skip

    answer = paste(as_one_of("Editors"), Reference, f"1. {ONE}\n2. {OTHER}", **rows)

    assert answer["step"] == "chosen"
    assert len(answer["result"]) == 2
    assert {each.title for each in Reference.objects.filter(live=True)} == {
        "Gluteus medius",
        "Functional scores",
    }


def test_a_reference_that_is_here_is_found_again_and_not_made_twice():
    here = make.ReferenceFactory(
        title="Gluteus medius muscle function", doi="10.1186/s12891-019-2833-4"
    )
    client = as_one_of("Editors")

    shown = paste(client, Reference, ONE)["htmlFragment"]
    answer = paste(client, Reference, ONE, **checked(use_0=str(here.pk)))

    assert "Same DOI" in shown
    assert [each["id"] for each in answer["result"]] == [str(here.pk)]
    assert Reference.objects.count() == 1


def test_unsure_parts_are_marked():
    text = "Sadler S. On backs and hips. J Foo. 2019;20:470-463."

    html = paste(as_one_of("Editors"), Reference, text)["htmlFragment"]

    assert "Check this" in html
    assert "470-463" in html


def test_what_cannot_be_read_is_shown_and_left_out():
    html = paste(as_one_of("Editors"), Reference, "hello world")["htmlFragment"]

    assert "It could not be read" in html


def test_a_byline_makes_its_people_with_their_credentials():
    text = "By Jane Doe, PT, DPT and John Roe, MD"
    rows = checked(
        use_0="new", given_0="Jane", family_0="Doe", credentials_0="PT, DPT",
        use_1="none",
    )  # fmt: skip

    answer = paste(as_one_of("Editors"), Author, text, **rows)

    author = Author.objects.get()
    held = [each.type.abbreviation for each in author.credentials.all()]
    assert [each["id"] for each in answer["result"]] == [str(author.pk)]
    assert (author.name, held, author.live) == ("Jane Doe", ["PT", "DPT"], True)


def test_a_writer_s_own_are_drafts():
    rows = checked(use_0="new", given_0="Jane", family_0="Doe")

    paste(as_one_of("Writers"), Author, "By Jane Doe", **rows)

    assert not Author.objects.get().live


@pytest.mark.parametrize("text", ["", "By Staff", "\x00", "(" * 5000])
def test_where_nobody_is_named_it_says_so(text):
    html = paste(as_one_of("Editors"), Author, text)["htmlFragment"]

    assert "No person&#x27;s name could be read" in html


def test_markup_in_a_pasted_text_is_shown_and_never_run():
    text = "Sadler S. <script>alert(1)</script> backs. J Foo. 2019;1:2."

    html = paste(as_one_of("Editors"), Reference, text)["htmlFragment"]

    assert "<script>alert" not in html


@pytest.mark.parametrize("name", ["ris", "bibtex", "csl-json"])
def test_any_selection_of_references_is_exported_and_read_again(name):
    chosen = [make.ReferenceFactory(title=title) for title in ("On backs", "On hips")]
    make.ReferenceFactory(title="Not chosen")
    address = reverse(
        "wagtail_bulk_action", args=["content_models", "reference", "export"]
    )
    query = "&".join(f"id={each.pk}" for each in chosen)

    client = as_one_of("Writers")

    asked = client.get(f"{address}?{query}").content.decode()
    answer = client.post(f"{address}?{query}", {"format": name})

    assert f'value="{name}"' in asked
    assert answer["Content-Disposition"].startswith("attachment")
    read = parsing.parse_all(answer.content.decode())
    assert [each.csl["title"] for each in read] == ["On backs", "On hips"]


@pytest.mark.parametrize("visited", ["2019-05", "2019", "2019-02-31"])
def test_a_day_of_access_that_is_no_day_is_left_out(visited: str):
    text = f"@article{{a, title={{On backs}}, year={{2019}}, urldate={{{visited}}}}}"
    rows = checked(use_0="new", title_0="On backs", type_0="article-journal")

    answer = paste(as_one_of("Editors"), Reference, text, **rows)

    assert answer["step"] == "chosen"
    assert Reference.objects.get().accessed_on is None


def test_one_work_that_stands_there_twice_is_refused_in_the_dialog():
    twice = f"1. {ONE}\n2. {ONE}"
    rows = checked(
        use_0="new", title_0="Gluteus", type_0="article-journal",
        doi_0="10.1186/s12891-019-2833-4",
        use_1="new", title_1="Gluteus", type_1="article-journal",
        doi_1="10.1186/s12891-019-2833-4",
    )  # fmt: skip

    answer = paste(as_one_of("Editors"), Reference, twice, **rows)

    assert answer["step"] == "reshow_creation_form"
    assert "DOI" in answer["htmlFragment"]
    assert not Reference.objects.exists()


def test_what_is_too_much_for_once_is_said():
    many = "\n".join(
        f"{n}. Doe J. Knees {n}. Phys Ther. 2014;9:{n}." for n in range(1, 46)
    )

    html = paste(as_one_of("Editors"), Reference, many)["htmlFragment"]

    assert "40 references were found" in html
    assert "5 more were not read: paste them next." in html
