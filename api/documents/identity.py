"""The names of things: of a document, of the row it comes from, of what it rests on."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.db import models

from content_models.models import (
    Affiliation,
    Article,
    Author,
    Award,
    Category,
    Location,
    Practice,
    Reference,
    Tag,
)

from .keys import cache_key
from .models import Kind

MODELS: dict[Kind, type[models.Model]] = {
    Kind.ARTICLE: Article,
    Kind.AUTHOR: Author,
    Kind.REFERENCE: Reference,
    Kind.LOCATION: Location,
    Kind.AWARD: Award,
    Kind.AFFILIATION: Affiliation,
    Kind.CATEGORY: Category,
    Kind.TAG: Tag,
    Kind.PRACTICE: Practice,
}
KINDS = {model: kind for kind, model in MODELS.items()}

# The first letter of a key tells an operator what he is looking at.
_LETTERS = {
    "article": "a",
    "author": "p",
    "reference": "r",
    "location": "l",
    "award": "w",
    "affiliation": "f",
    "category": "c",
    "tag": "t",
    "practice": "s",
    "image": "i",
    "credentialtype": "k",
}


def source_of(model: type[models.Model], pk: int) -> str:
    """The row `pk` of `model` as text, such as `author:12`."""
    return f"{model._meta.model_name}:{pk}"


def key_of(source: str) -> str:
    """What a document that was rendered from `source` carries: a letter, 16 hex."""
    letter = _LETTERS[source.partition(":")[0]]
    return cache_key(letter, source)


def kind_of(source: str) -> Kind | None:
    """The type of the document that `source` is rendered to, if it is one."""
    name = source.partition(":")[0]
    return Kind(name) if name in Kind.values else None


def locale_of(content: Any) -> str:
    """The language of `content`; what is not translated counts as the default one."""
    if hasattr(content, "locale_id"):
        return str(content.locale.language_code)
    return settings.LANGUAGE_CODE


def translation_group_of(content: Any) -> UUID:
    """What all translations of `content` share."""
    group = getattr(content, "translation_key", None) or content.uuid
    return UUID(str(group))


def document_id_of(content: Any) -> UUID:
    """The public id: one per object and language, whatever happens to its slug.

    Source: RFC 9562, section 5.5 (UUIDv5), in the name space of the translations.
    """
    if hasattr(content, "translation_key"):
        return uuid5(content.translation_key, locale_of(content))
    return UUID(str(content.uuid))


def path_of(address: str) -> str:
    """The path of a public address in one spelling; host and query do not count."""
    return tidy_path(urlsplit(address).path)


def tidy_path(path: str) -> str:
    """`path` decoded and without a slash at its end; `/` for the root of a site."""
    # No text in the database can have NUL.
    return "/" + unquote(path).replace("\0", "\N{REPLACEMENT CHARACTER}").strip("/")
