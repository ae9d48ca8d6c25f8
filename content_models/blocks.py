"""The published list of body blocks: what an article may be built of."""

from __future__ import annotations

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
    table = TableBlock(table_options={"minSpareRows": 0, "renderer": "text"})
    exercise = Exercise()
    faq = Faq()
