"""The public shape of the change feed."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.documents.reading import Kind

# The full documents, as their collections describe them.
DOCUMENTS = [
    {"$ref": f"#/components/schemas/{kind.value.capitalize()}"} for kind in Kind
]
CHECKPOINT = "Store it with the changes before it, and send it as `since`."
MORE = "Whether there is more already; else wait before you ask again."
NEXT = "The address that goes on from `checkpoint`."
KINDS = ["gone", "redirected", "withdrawn", "expired", "out_of_scope"]


@extend_schema_field({"anyOf": DOCUMENTS})
class DocumentField(serializers.JSONField):
    """A document that is JSON already."""


@extend_schema_field({"const": "put"})
class PutField(serializers.CharField):
    """By which a line is told from others."""


@extend_schema_field({"const": "delete"})
class DeleteField(serializers.CharField):
    """By which a line is told from others."""


class ChangeSerializer(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="Of which kind it is, such as `article`.")
    id = serializers.UUIDField(
        help_text="By which a mirror keeps it: it never changes."
    )
    locale = serializers.CharField(help_text="The language it is written in (BCP 47).")
    sequence = serializers.IntegerField(
        help_text="Its place in the channel's changes: they come in this order.",
    )


class PutSerializer(ChangeSerializer):
    """A document that is new or says something else: keep it in place of the last."""

    op = PutField(help_text="Keep `document` in place of what you have of it.")
    document = DocumentField(
        help_text="The full document, as a detail of its collection has it."
    )


class DeleteSerializer(ChangeSerializer):
    """A document that the channel carries no longer: take it down.

    It may name one that you never had; then there is nothing to do.
    """

    op = DeleteField(help_text="Take it down, on your site and in your search.")
    slug = serializers.CharField(help_text="The slug that it had last.")
    url = serializers.URLField(help_text="The address that it had in this API.")
    canonical_url = serializers.URLField(
        allow_null=True,
        help_text="Where readers found it on the web. Null where it had no page.",
    )
    withdrawn_at = serializers.DateTimeField(help_text="Since when (RFC 3339, UTC).")
    kind = serializers.ChoiceField(
        choices=KINDS,
        help_text="Why: `withdrawn` was wrong or unsafe; `out_of_scope` is live, but "
        "no longer for this channel.",
    )
    reason = serializers.CharField(
        allow_null=True, help_text="A sentence for readers, where staff gave one."
    )
    replacement = serializers.CharField(
        allow_null=True, help_text="The address of what to read instead."
    )


class PlaceSerializer(serializers.Serializer[Any]):
    """Where to go on; of lines it is the last one, and without it they were cut off."""

    checkpoint = serializers.CharField(help_text=CHECKPOINT)
    more = serializers.BooleanField(help_text=MORE)
    next = serializers.URLField(help_text=NEXT)


CHANGES = [{"$ref": f"#/components/schemas/{name}"} for name in ("Put", "Delete")]


@extend_schema_field({"type": "array", "items": {"oneOf": CHANGES}})
class ChangesField(serializers.ListField):
    """Changes of both kinds."""


class PageSerializer(serializers.Serializer[Any]):
    """A page of changes, and where to go on."""

    changes = ChangesField(help_text="In their order: apply them one after the other.")
    checkpoint = serializers.CharField(help_text=CHECKPOINT)
    more = serializers.BooleanField(help_text=MORE)
    next = serializers.URLField(help_text=NEXT)
