"""What keeps an article from being published, in sentences for staff.

A draft may be as unfinished as its writer likes. What goes public has a text, an
author, and shows nobody and nothing that is not public itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from content_models.validators import validate_slug_length

if TYPE_CHECKING:
    from content_models.models import Article, Author
    from content_models.models.base import Drafted


class NotReady(ValidationError):
    """The article may not be published as it is; the messages say why."""

    def __init__(self, article: Article, sentences: list[str]) -> None:
        super().__init__(sentences)
        self.article = article


def missing(*, has_text: bool, authors: Iterable[Author]) -> list[str]:
    """What an article needs before anybody is asked to approve it."""
    found = []
    if not has_text:
        found.append("There is no text yet: write the body.")
    if not list(authors):
        found.append("Nobody wrote it yet: name at least one author.")
    return found


def unpublished(shown: Iterable[Drafted | None]) -> list[str]:
    """What of all that an article shows is not public yet, each once."""
    things = dict.fromkeys(thing for thing in shown if thing and not thing.live)
    return [
        f"“{thing}” is not published yet: publish this {kind} first."
        for thing in things
        if (kind := thing._meta.verbose_name)
    ]


def unaddressable(slug: str) -> list[str]:
    """Why no reader could be given `slug`; a draft that nobody checked may have it."""
    try:
        validate_slug_length(slug)
    except ValidationError as refused:
        return list(refused.messages)
    return []


def obstacles(article: Article) -> list[str]:
    """Why `article`, with its relations as it holds them, may not be published."""
    authors = [authorship.author for authorship in article.authorships.all()]
    reviewers = [review.reviewer for review in article.reviews.all()]
    references = [citation.reference for citation in article.citations.all()]
    return [
        *unaddressable(article.slug),
        *missing(has_text=bool(article.body), authors=authors),
        *unpublished([*authors, *reviewers, *references, article.home]),
    ]


def require(article: Article) -> None:
    """Raise NotReady unless `article` may be published."""
    found = obstacles(article)
    if found:
        raise NotReady(article, found)
