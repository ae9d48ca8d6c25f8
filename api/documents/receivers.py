"""Wagtail's signals to `publishing.note`, and nothing else.

They only knock. A deleted live page is sent as still live, a scheduled publish as a
publish, a deleted snippet with drafts sends no unpublish at all: so what is noted is
which row to look at, and what is public is read anew by the flush.

`page_slug_changed` is left out: a slug changes by publishing, and that signal comes
after the commit.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.signals import (
    m2m_changed,
    post_delete,
    post_save,
    pre_delete,
)
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
)
from wagtail.signals import (
    page_published,
    page_unpublished,
    post_page_move,
    published,
    unpublished,
)

from api.channels.models import (
    SELECTORS,
    Channel,
    Confinement,
    Rule,
    pass_on_choice,
)
from content_models.models import Article, CredentialType, Image, Practice, Tag

from . import publishing
from .identity import KINDS

WITHOUT_DRAFTS = (CredentialType, Image, Practice, Tag)


def connect() -> None:
    """Listen from now on."""
    for signal in (published, unpublished, page_published, page_unpublished):
        signal.connect(_on_change)
    post_page_move.connect(_on_change)
    kinds: list[type[models.Model]] = [*KINDS, CredentialType, Image]
    for model in kinds:
        post_delete.connect(_on_delete, sender=model)
    for model in (*WITHOUT_DRAFTS, Collection):
        post_save.connect(_on_save, sender=model)
    for signal in (post_save, post_delete):
        signal.connect(_on_page_privacy, sender=PageViewRestriction)
        signal.connect(_on_collection_privacy, sender=CollectionViewRestriction)
        signal.connect(_on_rule, sender=Rule)
        signal.connect(_on_confinement, sender=Confinement)
    post_save.connect(_on_save, sender=Channel)
    for field, model in SELECTORS.items():
        through = getattr(Channel, field).through
        m2m_changed.connect(_on_selection, sender=through)
        # A cascade sends nothing of these rows.
        pre_delete.connect(_before_a_choice_goes, sender=model)


def _on_change(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    publishing.note(_watched(type(instance)), instance.pk)


def _on_save(
    sender: type[models.Model], instance: Any, raw: bool = False, **kwargs: Any
) -> None:
    if not raw:
        publishing.note(sender, instance.pk)


def _on_delete(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    publishing.note(sender, instance.pk)


def _on_page_privacy(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    publishing.note(Page, instance.page_id)


def _on_collection_privacy(
    sender: type[models.Model], instance: Any, **kwargs: Any
) -> None:
    publishing.note(Collection, instance.collection_id)


def _on_selection(
    sender: type[models.Model], instance: Any, action: str, **kwargs: Any
) -> None:
    if action.startswith("post_"):
        publishing.note(Channel, instance.pk)


def _before_a_choice_goes(
    sender: type[models.Model], instance: Any, **kwargs: Any
) -> None:
    for pk in pass_on_choice(instance):
        publishing.note(Channel, pk)


def _on_rule(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    publishing.note(Channel, instance.channel_id)
    if instance.channel.is_public:
        # Others link to it only while it is there.
        _note_with_translations(instance)


def _on_confinement(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    _note_with_translations(instance)


def _note_with_translations(instance: Any) -> None:
    own = Article.objects.filter(pk=instance.article_id).values("translation_key")
    for pk in Article.objects.filter(translation_key__in=own).values_list(
        "pk", flat=True
    ):
        publishing.note(Article, pk)


def _watched(model: type[models.Model]) -> type[models.Model]:
    return model if model in KINDS else Page
