"""The published list of body blocks: what each one has, by its `type`.

`body.BodyRenderer` makes the values; here they are described, and nothing is rendered.
A site that meets a type which it does not know leaves the block out, so a new type
breaks nobody.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from content_models.blocks import CALLOUT_KINDS

from .media import ImageSerializer

_ID_HELP = "Names the block within the article; it stays when the text changes."
_HTML_HELP = (
    "Safe HTML: p, br, b, strong, i, em, ul, ol, li, sub, sup, a. A link to a "
    "reference leads to `#ref-` and its number."
)


class TextValue(serializers.Serializer[Any]):
    """Paragraphs and lists."""

    html = serializers.CharField(help_text=_HTML_HELP)


class HeadingValue(serializers.Serializer[Any]):
    """A heading above what follows."""

    text = serializers.CharField(help_text="Plain text.")
    level = serializers.IntegerField(
        min_value=2, max_value=6, help_text="2 to 6; no level is left out on the way."
    )
    anchor = serializers.CharField(
        help_text="For the heading's id; unique within the article."
    )


class ImageValue(serializers.Serializer[Any]):
    """A picture that belongs to the text."""

    image = ImageSerializer(
        help_text="The picture, with the alternative text and credit of this place."
    )
    caption = serializers.CharField(help_text="Plain text below it; may be empty.")


class QuoteValue(serializers.Serializer[Any]):
    """Somebody's words."""

    text = serializers.CharField(help_text="Plain text, without quotation marks.")
    attribution = serializers.CharField(help_text="Who said it; may be empty.")


class CalloutValue(serializers.Serializer[Any]):
    """Set apart from the text. `seek-care` is never to be hidden or folded away."""

    kind = serializers.ChoiceField(
        choices=[name for name, _ in CALLOUT_KINDS],
        help_text="`seek-care` says when to see a doctor.",
    )
    title = serializers.CharField(help_text="Its heading, as plain text.")
    html = serializers.CharField(help_text=_HTML_HELP)


class VideoValue(serializers.Serializer[Any]):
    """A video that lies elsewhere."""

    url = serializers.URLField(help_text="The page on which it can be watched.")
    title = serializers.CharField(help_text="What it is called; plain text.")
    transcript = serializers.CharField(
        help_text="What is said and shown, as plain text; may be empty."
    )


class TableValue(serializers.Serializer[Any]):
    """A table, its cells as plain text."""

    caption = serializers.CharField(help_text="What it is about; may be empty.")
    header = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        help_text="The headings of the columns; null where there are none.",
    )
    rows = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="The rows without the headings, each a list of cells as plain text.",
    )
    first_column_is_header = serializers.BooleanField(
        help_text="Whether the first cell of each row is its heading."
    )


class ExerciseValue(serializers.Serializer[Any]):
    """An exercise, step by step."""

    title = serializers.CharField(help_text="What it is called.")
    intro = serializers.CharField(help_text="A sentence before it; may be empty.")
    image = ImageSerializer(
        allow_null=True, help_text="How it looks; null without a picture."
    )
    steps = serializers.ListField(
        child=serializers.CharField(), help_text="What to do, in this order."
    )
    dosage = serializers.CharField(
        help_text="How often, such as 2 sets of 10, each side; may be empty."
    )


class QuestionValue(serializers.Serializer[Any]):
    """A question and its answer."""

    question = serializers.CharField(help_text="Plain text.")
    answer_html = serializers.CharField(help_text=_HTML_HELP)


class FaqValue(serializers.Serializer[Any]):
    """Questions that are often asked."""

    items = QuestionValue(many=True, help_text="In the order in which to show them.")


def _block(name: str, value: type[serializers.Serializer]) -> type:
    """The serializer of one type of block, whose schema is named after it."""

    @extend_schema_field({"type": "string", "const": name})
    class TypeField(serializers.CharField):
        """Always the same word: it tells the blocks apart."""

    members = {
        "__doc__": value.__doc__,
        "id": serializers.CharField(help_text=_ID_HELP),
        "type": TypeField(help_text=f"Always `{name}`."),
        "value": value(help_text="What it shows."),
    }
    return type(f"{name.capitalize()}Block", (serializers.Serializer,), members)


VALUES: dict[str, type[serializers.Serializer]] = {
    "text": TextValue,
    "heading": HeadingValue,
    "image": ImageValue,
    "quote": QuoteValue,
    "callout": CalloutValue,
    "video": VideoValue,
    "table": TableValue,
    "exercise": ExerciseValue,
    "faq": FaqValue,
}

BLOCKS = PolymorphicProxySerializer(
    component_name="Block",
    serializers={name: _block(name, value) for name, value in VALUES.items()},
    resource_type_field_name="type",
    many=True,
)
