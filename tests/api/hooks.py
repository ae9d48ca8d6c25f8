"""A site that hears by webhook, and what is done and said there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import time_machine
from django.utils import timezone

from api.documents import publishing
from api.documents.models import Document, Placement
from api.webhooks import sending
from api.webhooks.models import Endpoint
from content_models.models import Article
from tests.api.receivers import Receiver

ARTICLES = ["article.published", "article.updated", "article.withdrawn"]
Travel = Callable[[datetime], time_machine.travel]


def tell() -> None:
    """What the worker does, until nothing is due."""
    while (due := sending.claim(timezone.now())) is not None:
        sending.serve(due)


def retitle(article: Article, title: str) -> None:
    with publishing.publishing():
        article.title = title
        article.save_revision().publish()


def withdraw(article: Article) -> None:
    with publishing.publishing():
        article.unpublish()


def document_of(article: Article) -> Document:
    return Document.objects.get(source=f"article:{article.pk}")


def place_of(article: Article, endpoint: Endpoint) -> int:
    placements = Placement.objects.filter(channel=endpoint.channel)
    return int(placements.get(document=document_of(article)).sequence)


def said(receiver: Receiver) -> list[tuple[str, str]]:
    return [(one.message["type"], one.message["data"]["slug"]) for one in receiver.got]
