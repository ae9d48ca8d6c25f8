"""The published list of body blocks: what an article may be built of."""

from __future__ import annotations

from types import NoneType
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageBlock

# Headings are blocks of their own, so that their levels can be kept in order.
TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "superscript", "subscript"]

CALLOUT_KINDS = [
    ("seek-care", "When to see a doctor"),
    ("warning", "Warning"),
    ("tip", "Tip"),
    ("note", "Note"),
]

# What a table's cell may hold; the editor writes null into one that is empty.
_CELL = (str, int, float, NoneType)


class Heading(blocks.StructBlock):
    text = blocks.CharBlock(max_length=200)
    level = blocks.ChoiceBlock(
        choices=[("2", "Heading"), ("3", "Subheading"), ("4", "Minor heading")],
        default="2",
    )

    class Meta:
        icon = "title"


class Figure(blocks.StructBlock):
    image = ImageBlock()
    caption = blocks.CharBlock(max_length=300, required=False)
    credit = blocks.CharBlock(
        max_length=255, required=False, help_text="Empty: the image's own credit."
    )

    class Meta:
        icon = "image"


class Quote(blocks.StructBlock):
    text = blocks.TextBlock()
    attribution = blocks.CharBlock(max_length=200, required=False)

    class Meta:
        icon = "openquote"


class Callout(blocks.StructBlock):
    """Set apart from the text, such as “When to see a doctor”."""

    kind = blocks.ChoiceBlock(choices=CALLOUT_KINDS, default="seek-care")
    title = blocks.CharBlock(max_length=200)
    text = blocks.RichTextBlock(features=TEXT_FEATURES)

    class Meta:
        icon = "warning"


class Video(blocks.StructBlock):
    url = blocks.URLBlock(label="Web address")
    title = blocks.CharBlock(max_length=200)
    transcript = blocks.TextBlock(
        required=False, help_text="What is said and shown, for those who cannot watch."
    )

    class Meta:
        icon = "media"


class Table(TableBlock):
    """Wagtail's table, which takes for granted that what it is given is one.

    Anything else is an empty table, and an empty one is not published.
    """

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        # As blocks with fields do: migrations know Wagtail's blocks only.
        _, args, kwargs = super().deconstruct()
        return "wagtail.contrib.table_block.blocks.TableBlock", args, kwargs

    def value_from_form(self, value: str) -> Any:
        try:
            return self.to_python(super().value_from_form(value))
        except ValueError:
            return None

    def to_python(self, value: Any) -> Any:
        return super().to_python(value) if _is_table(value) else None

    def clean(self, value: Any) -> Any:
        if not value and not self.is_deferred_validation:
            raise ValidationError("This table is empty: fill it in, or delete it.")
        return super().clean(value)


def _is_table(value: Any) -> bool:
    rows = value.get("data") if isinstance(value, dict) else None
    return (
        isinstance(rows, list)
        and len(rows) > 0
        and all(isinstance(row, list) and row for row in rows)
        and all(isinstance(cell, _CELL) for row in rows for cell in row)
    )


class Exercise(blocks.StructBlock):
    title = blocks.CharBlock(max_length=200)
    intro = blocks.TextBlock(required=False)
    image = ImageBlock(required=False)
    steps = blocks.ListBlock(blocks.TextBlock(label="Step"), min_num=1)
    dosage = blocks.CharBlock(
        max_length=200, required=False, help_text="How often: 2 sets of 10, each side"
    )

    class Meta:
        icon = "list-ol"


class Question(blocks.StructBlock):
    question = blocks.CharBlock(max_length=300)
    answer = blocks.RichTextBlock(features=TEXT_FEATURES)


class Faq(blocks.StructBlock):
    items = blocks.ListBlock(Question(), min_num=1)

    class Meta:
        icon = "help"
        label = "Questions and answers"


class Body(blocks.StreamBlock):
    """An article's body. In text, `[1]` or `[2, 3]` points to the references."""

    text = blocks.RichTextBlock(features=TEXT_FEATURES)
    heading = Heading()
    image = Figure()
    quote = Quote()
    callout = Callout()
    video = Video()
    table = Table(table_options={"minSpareRows": 0, "renderer": "text"})
    exercise = Exercise()
    faq = Faq()
