"""The forms in which one document may be had."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from api.documents.serializers import jsonld, markdown
from api.negotiation import JSON, preferred
from api.parameters import Asked, choice

from .answers import dumped


@dataclass(frozen=True)
class Form:
    """One form: its name in `?format=`, its media type, and how it is made of JSON."""

    name: str
    media_type: str
    schema: dict[str, Any]
    write: Callable[[str], str]

    @property
    def content_type(self) -> str:
        """With the character set, where the type does not have one of its own."""
        is_text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if is_text else self.media_type


def _jsonld(text: str) -> str:
    return dumped(jsonld.of(json.loads(text)))


def _markdown(text: str) -> str:
    return markdown.of(json.loads(text))


FORMS = (
    Form("json", JSON, {}, lambda text: text),
    Form(
        "md",
        "text/markdown",
        {
            "type": "string",
            "description": "Front matter in YAML, the body, and numbered references.",
        },
        _markdown,
    ),
    Form(
        "jsonld",
        "application/ld+json",
        {
            "type": "object",
            "required": ["@context", "@type"],
            "description": "The document in the vocabulary of schema.org.",
            "properties": {
                "@context": {"const": "https://schema.org", "description": "As it is."},
                "@type": {"type": "string", "description": "A type of schema.org."},
            },
        },
        _jsonld,
    ),
)

_BY_NAME = {form.name: form for form in FORMS}
_BY_MEDIA_TYPE = {form.media_type: form for form in FORMS}
_MEDIA_TYPES = tuple(_BY_MEDIA_TYPE)

FORMAT = choice(
    "format",
    [form.name for form in FORMS],
    FORMS[0].name,
    "The form of the answer, whatever the header Accept says: JSON, Markdown, or "
    "JSON-LD in the vocabulary of schema.org. The last two are of the whole document, "
    "so they take no `fields`.",
)


def form_of(request: HttpRequest, asked: Asked) -> Form:
    """The form that is asked for by name, else by the header Accept.

    Raises NotAcceptable where there is none that the client takes.
    """
    if asked["format"] is not None:
        return _BY_NAME[asked["format"]]
    return _BY_MEDIA_TYPE[preferred(request, _MEDIA_TYPES)]
