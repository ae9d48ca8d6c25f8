"""The screen that imports a page, as a person goes through it without scripts."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from content_models.models import (
    Article,
    Author,
    Award,
    Category,
    Location,
    Reference,
    Tag,
)
from tests.factories import UserFactory, home_section

CONTENT = (Article, Author, Award, Category, Location, Reference, Tag)
HAND_IN, MAKE = reverse("import_page"), reverse("import_page_make")


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(UserFactory(roles=[role]))
    return client


def read(client: Client, text: str = "", **fields: Any) -> HttpResponse:
    """Hand in a page: pasted, or `file=("page.html", bytes)`."""
    file = fields.pop("file", None)
    if file:
        fields["file"] = SimpleUploadedFile(*file)
    section = fields.pop("section", None) or home_section()
    return client.post(HAND_IN, {"text": text, "section": section.pk, **fields})


def soup(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "lxml")


def filled(response: HttpResponse) -> dict[str, str]:
    """What the form of the page would send as it stands."""
    form = soup(response).select_one("form.import-columns")
    assert form is not None, said(response)
    sent = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if field.name == "textarea":
            # The first line break after the tag is none of the text's.
            sent[name] = field.get_text().removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            sent[name] = str(chosen["value"]) if chosen else ""
        elif field.get("type") != "checkbox":
            sent[name] = str(field.get("value", ""))
        elif field.has_attr("checked"):
            sent[name] = "on"
    return sent


def make(client: Client, response: HttpResponse, **changes: Any) -> HttpResponse:
    """Create the draft; field names have `__` for the hyphen."""
    changed = {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(MAKE, filled(response) | changed, follow=True)


def counts() -> list[int]:
    """How much there is of each kind of `CONTENT`."""
    return [model.objects.count() for model in CONTENT]


def said(response: HttpResponse) -> str:
    """All words of the page, on one line."""
    return " ".join(soup(response).get_text(" ").split())


def to_check(response: HttpResponse) -> list[str]:
    """What the list at the top names, in its order."""
    items = soup(response).select(".import-to-check li")
    return [" ".join(item.get_text(" ").split()) for item in items]


def errors(response: HttpResponse) -> str:
    found = soup(response).select(".error-message, .messages .error, .w-field__errors")
    return " ".join(" ".join(each.get_text(" ").split()) for each in found)
