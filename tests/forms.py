"""What a browser sends from the admin's forms."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

from content_models.models import Article


def article_form(**changes: Any) -> dict[str, Any]:
    """The form of a whole article; `authors` and `references` take what is listed."""
    fields = {
        "title": "Back pain at work",
        "slug": "back-pain-at-work",
        "summary": "Sitting all day hurts.",
        "body": streamfield([("text", rich_text("<p>Get up every half hour.</p>"))]),
        "significance": "minor",
        "comments": inline_formset([]),
    } | changes
    lists = {
        "authorships": _rows("author", fields.pop("authors", [])),
        "reviews": inline_formset(fields.pop("reviews", [])),
        "corrections": inline_formset(fields.pop("corrections", [])),
        "citations": _rows("reference", fields.pop("references", [])),
        "filings": _rows("category", fields.pop("categories", [])),
        "places": _rows("location", fields.pop("locations", [])),
    }
    return nested_form_data(fields | lists)


def _rows(field: str, listed: list[Any]) -> dict[str, Any]:
    return inline_formset([{field: thing.pk} for thing in listed])


def saved_article_form(article: Article, **changes: Any) -> dict[str, Any]:
    """The form of `article` as it is, sent again with `changes`."""
    latest = article.get_latest_revision_as_object()
    rows = [{"id": row.pk, "author": row.author_id} for row in latest.authorships.all()]
    data = article_form(title=latest.title, slug=latest.slug, summary=latest.summary)
    data |= nested_form_data({"authorships": inline_formset(rows, initial=len(rows))})
    return data | nested_form_data(changes)


def author_form(**changes: Any) -> dict[str, Any]:
    fields = {
        "given_name": "Lisa",
        "family_name": "Scarlino",
        "byline_order": "rank",
        "bio": rich_text("<p>Treats backs.</p>"),
        "credentials": inline_formset([]),
        "work_places": inline_formset([]),
    }
    return nested_form_data(fields | changes)


def reference_form(**changes: Any) -> dict[str, Any]:
    fields = {
        "title": "A trial",
        "kind": "article-journal",
        "authors": inline_formset([]),
    }
    return nested_form_data(fields | changes)


def location_form(**changes: Any) -> dict[str, Any]:
    fields = {
        "name": "Brick",
        "intro": rich_text(""),
        "country": "US",
        "time_zone": "America/New_York",
        **{
            relation: inline_formset([])
            for relation in (
                "phones",
                "hours",
                "hours_exceptions",
                "services",
                "photos",
            )
        },
    }
    return nested_form_data(fields | changes)


def words(response: HttpResponse) -> str:
    """What the page says, as it came."""
    return response.content.decode()


def edit_url(article: Article) -> str:
    return reverse("wagtailadmin_pages:edit", args=[article.pk])


def snippet_url(thing: object, action: str) -> str:
    viewset = type(thing).snippet_viewset  # type: ignore[attr-defined]
    return reverse(viewset.get_url_name(action), args=[thing.pk])  # type: ignore[attr-defined]
