"""The admin's form of an article and of a section, in the order of the work."""

from __future__ import annotations

from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)

from content_models.widgets import WrappingTextInput

SECTION = ObjectList(
    [
        TitleFieldPanel(
            "title",
            placeholder="Name of the section*",
            widget=WrappingTextInput,
            help_text="Sections sort articles for staff; readers never see them.",
        ),
        FieldPanel("slug"),
        PublishingPanel(),
    ]
)

_TEXT = [
    TitleFieldPanel(
        "title",
        placeholder="Title*",
        help_text="What the reader would ask, or learn.",
        widget=WrappingTextInput,
    ),
    FieldPanel(
        "summary",
        help_text="One or two sentences that stand alone, as lists show them.",
    ),
    FieldPanel("image", help_text="Stands above the text, and beside it in lists."),
    FieldPanel(
        "body",
        help_text="Headings that answer a question, short paragraphs. [1] in the text "
        "points to the first reference.",
    ),
    MultiFieldPanel(
        [FieldPanel("change_note"), FieldPanel("significance")],
        heading="What has changed",
        help_text="For an article that readers may know already. Leave a new one.",
        classname="collapsed",
    ),
    InlinePanel(
        "corrections",
        panels=[FieldRowPanel([FieldPanel("corrected_on"), FieldPanel("note")])],
        heading="Corrections",
        label="correction",
        help_text="Readers see each with its date, on every site. A typing error needs "
        "none.",
        classname="collapsed",
    ),
    PublishingPanel(),
    CommentPanel(),
]

_PEOPLE_AND_SOURCES = [
    MultipleChooserPanel(
        "authorships",
        chooser_field_name="author",
        panels=[FieldPanel("author")],
        heading="Authors",
        label="author",
        help_text="In the order of the byline. They must be published before the "
        "article is.",
    ),
    InlinePanel(
        "reviews",
        panels=[FieldRowPanel([FieldPanel("reviewer"), FieldPanel("reviewed_on")])],
        heading="Medical reviewers",
        label="reviewer",
        help_text="Who read and approved it, and when. Readers see it under the title.",
    ),
    FieldRowPanel(
        [
            FieldPanel(
                "last_reviewed_on",
                heading="Last reviewed",
                help_text="Empty: the newest day from above.",
            ),
            FieldPanel(
                "next_review_on",
                heading="Next review due",
                help_text="Empty: a year later. It is called to mind 30 days before.",
            ),
        ],
        heading="Review dates",
    ),
    MultipleChooserPanel(
        "citations",
        chooser_field_name="reference",
        panels=[FieldPanel("reference")],
        heading="References",
        label="reference",
        help_text="In the order of their numbers: the first is [1].",
    ),
]

_BELONGS = [
    MultipleChooserPanel(
        "filings",
        chooser_field_name="category",
        panels=[FieldPanel("category")],
        heading="Categories",
        label="category",
        help_text="Where readers look for it: one, or two.",
    ),
    FieldPanel(
        "tags",
        help_text="Those there are: type the first letters. New ones are added under "
        "Articles, Tags.",
    ),
    MultipleChooserPanel(
        "places",
        chooser_field_name="location",
        panels=[FieldPanel("location")],
        heading="Related locations",
        label="location",
        help_text="Clinics that treat it: readers are led there.",
    ),
    FieldPanel("home"),
]

_SEARCH_ENGINES = [
    FieldPanel(
        "slug",
        heading="Address",
        help_text="The last part of the article's address. A published article keeps "
        "its old address as a redirect when you change it.",
    ),
    FieldPanel(
        "seo_title",
        heading="Title in search results",
        help_text="Empty: the article's own title.",
    ),
    FieldPanel(
        "search_description",
        heading="Description in search results",
        help_text="Empty: the summary.",
    ),
    FieldPanel("social_image"),
]

ARTICLE_TABS = [
    ObjectList(_TEXT, heading="Article"),
    ObjectList(_PEOPLE_AND_SOURCES, heading="People and sources"),
    ObjectList(_BELONGS, heading="Where it belongs"),
    ObjectList(_SEARCH_ENGINES, heading="Address and search engines"),
]


def article(base_form_class: type) -> TabbedInterface:
    """An article's form, with the rules of `base_form_class`."""
    return TabbedInterface(ARTICLE_TABS, base_form_class=base_form_class)
