"""The admin's forms as a person fills them in: what is there stays, unless changed."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from lxml import html
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield


class AdminForm:
    """The largest form of the page at `url`, with what it holds."""

    def __init__(self, client: Client, url: str) -> None:
        self._client, self._url = client, url
        response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)
        forms = html.fromstring(response.content).forms
        self.fields = dict(max(forms, key=lambda form: len(form.inputs)).form_values())
        if "body" not in self.fields and "title" in self.fields:
            # Blocks are built by scripts, which no one runs here.
            text = [("text", rich_text("<p>Get up every half hour.</p>"))]
            self.fields |= nested_form_data({"body": streamfield(text)})

    def submit(self, **changes: Any) -> HttpResponse:
        """Send it; a form that comes back with errors is a failed test."""
        data = {**self.fields, **{name: str(value) for name, value in changes.items()}}
        response = self._client.post(self._url, data)
        assert response.status_code == 302, errors_in(response)
        return response


def errors_in(response: HttpResponse) -> list[str]:
    """What the page says is wrong."""
    page = BeautifulSoup(response.content, "lxml")
    found = page.select(".error-message, .messages .error, .w-field__errors")
    return [" ".join(element.get_text().split()) for element in found]


def address(instance: Any, action: str) -> str:
    """The admin's page to do `action` to `instance`, such as `edit` or `delete`."""
    meta = instance._meta
    space = (
        "wagtailadmin_pages"
        if meta.model_name in ("article", "section")
        else f"wagtailsnippets_{meta.app_label}_{meta.model_name}"
    )
    return reverse(f"{space}:{action}", args=[instance.pk])
