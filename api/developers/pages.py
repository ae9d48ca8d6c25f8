"""One page: its place among the others, and how it is kept by browsers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from api import compression, conditional
from api.conditional import Lifetime, Validators, etag_of

# Names in `urls` to what the pages are called, in the order of the navigation.
PAGES = {
    "developers": "Start",
    "developers-microsite": "Microsite",
    "developers-embed": "Embed",
    "developers-feeds": "Feeds",
    "developers-webhooks": "Webhooks",
    "developers-sync": "Mirror",
    "developers-reference": "Reference",
    "developers-explorer": "Explorer",
    "developers-problems": "Problems",
    "developers-terms": "Terms",
    "developers-changes": "Changes",
}


def page(
    request: HttpRequest, template: str, name: str, **context: Any
) -> HttpResponse:
    """The page `name`; 304 where the browser has it."""
    return kept(request, HttpResponse(rendered(template, name, **context)))


def rendered(template: str, name: str, **context: Any) -> str:
    """The page `name` as HTML: without the request, so the same for everybody."""
    navigation = [
        {"title": title, "url": reverse(each), "is_here": each == name}
        for each, title in PAGES.items()
    ]
    return render_to_string(
        f"developers/{template}.html", {"navigation": navigation, **context}
    )


def kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`response`, which only a release changes, with its validator and compressed."""
    answer = conditional.answer(
        request,
        Validators(etag_of(response.content), None),
        Lifetime(None),
        timezone.now(),
        lambda: response,
    )
    answer["Vary"] = "Accept-Encoding"
    compression.compress(request, answer)
    return answer


def links() -> dict[str, str]:
    """The addresses of the texts, by the names of their files."""
    return {
        "start": reverse("developers"),
        "microsite": reverse("developers-microsite"),
        "embed": reverse("developers-embed"),
        "feeds": reverse("developers-feeds"),
        "webhooks": reverse("developers-webhooks"),
        "sync": reverse("developers-sync"),
        "problems": reverse("developers-problems"),
        "terms": reverse("developers-terms"),
        "CHANGELOG": reverse("developers-changes"),
    }
