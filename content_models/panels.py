"""The admin's forms for all but articles, field by field, in the order of the work."""

from __future__ import annotations

from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    PublishingPanel,
    TitleFieldPanel,
)

from content_models.widgets import WrappingTextInput


def _named(field: str) -> TitleFieldPanel:
    """A name that fills the address while one types, and looks as other fields do."""
    return TitleFieldPanel(
        field,
        targets=["slug"],
        classname="",
        placeholder=False,
        widget=WrappingTextInput,
    )


CREDENTIAL = [
    FieldRowPanel([FieldPanel("type"), FieldPanel("jurisdiction")]),
    FieldRowPanel([FieldPanel("issued_on"), FieldPanel("expires_on")]),
    FieldRowPanel([FieldPanel("number"), FieldPanel("is_verified")]),
]

AUTHOR = [
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("prefix"), FieldPanel("given_name")]),
            FieldRowPanel([FieldPanel("family_name"), FieldPanel("suffix")]),
        ],
        heading="Name",
    ),
    FieldPanel(
        "job_title", help_text="Stands under the name: Physical therapist, knee."
    ),
    FieldPanel("photo", help_text="Shown wherever the author is."),
    InlinePanel(
        "credentials",
        panels=CREDENTIAL,
        heading="Credentials",
        label="credential",
        help_text="Those that are valid today stand behind the name. One leaves every "
        "byline by itself after its last day.",
    ),
    FieldPanel("byline_order"),
    FieldPanel(
        "bio", help_text="A short paragraph for the author's own page on the site."
    ),
    MultipleChooserPanel(
        "work_places",
        chooser_field_name="location",
        panels=[FieldPanel("location")],
        heading="Works at",
        label="location",
        help_text="Where patients can see this person.",
    ),
    FieldPanel("slug", heading="Address"),
    PublishingPanel(),
]

CREDENTIAL_TYPE = [
    FieldPanel("abbreviation"),
    FieldPanel("name"),
    FieldPanel("kind"),
    FieldPanel("issuer"),
    FieldPanel("rank"),
]

REFERENCE = [
    _named("title"),
    FieldPanel("kind"),
    InlinePanel(
        "authors",
        panels=[
            FieldRowPanel(
                [FieldPanel("family"), FieldPanel("given"), FieldPanel("literal")]
            ),
        ],
        heading="Authors of the work",
        label="name",
        help_text="In the order of the source; the first stands in our lists. Either a "
        "person or an organisation.",
    ),
    FieldPanel("authors_incomplete"),
    MultiFieldPanel(
        [
            FieldPanel("container_title"),
            FieldPanel("container_title_short"),
            FieldRowPanel(
                [FieldPanel("volume"), FieldPanel("issue"), FieldPanel("page")]
            ),
            FieldPanel("publisher"),
        ],
        heading="Published in",
    ),
    FieldRowPanel(
        [FieldPanel("year"), FieldPanel("month"), FieldPanel("day")],
        heading="Date of publication",
        help_text="As much of it as is known.",
    ),
    MultiFieldPanel(
        [
            FieldRowPanel(
                [
                    FieldPanel(
                        "doi", help_text="Also as an address: https://doi.org/…"
                    ),
                    FieldPanel("pmid"),
                ]
            ),
            FieldPanel("url"),
            FieldPanel("accessed_on"),
        ],
        heading="Where it can be found",
    ),
    FieldPanel("raw_text"),
    FieldPanel("slug", heading="Address"),
    PublishingPanel(),
]

LOCATION = [
    _named("name"),
    FieldPanel("intro"),
    MultiFieldPanel(
        [
            FieldPanel("street_address"),
            FieldPanel("address_line_2"),
            FieldRowPanel([FieldPanel("city"), FieldPanel("postal_code")]),
            FieldRowPanel([FieldPanel("region"), FieldPanel("country")]),
            FieldRowPanel(
                [FieldPanel("latitude"), FieldPanel("longitude")],
                help_text="Decimal degrees, as maps show them: 40.0584, -74.1371.",
            ),
        ],
        heading="Address on the map",
    ),
    InlinePanel(
        "phones",
        panels=[FieldRowPanel([FieldPanel("kind"), FieldPanel("number")])],
        heading="Phone numbers",
        label="number",
        help_text="In the order in which readers should see them.",
    ),
    FieldPanel(
        "booking_url", help_text="Where readers make an appointment by themselves."
    ),
    InlinePanel(
        "hours",
        panels=[
            FieldRowPanel(
                [FieldPanel("weekday"), FieldPanel("opens"), FieldPanel("closes")]
            )
        ],
        heading="Opening hours",
        label="stretch of hours",
        help_text="Two stretches on one day for a lunch break; none means closed.",
    ),
    InlinePanel(
        "hours_exceptions",
        panels=[
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
            FieldRowPanel([FieldPanel("opens"), FieldPanel("closes")]),
            FieldPanel("reason"),
        ],
        heading="Holidays and other hours",
        label="exception",
        help_text="Instead of the hours above on these days. No times: closed.",
    ),
    FieldPanel("time_zone", help_text="Decides when it is open now."),
    InlinePanel(
        "services",
        panels=[FieldPanel("name"), FieldPanel("description")],
        heading="Services",
        label="service",
        help_text="What is treated or done here, in words that patients use.",
    ),
    MultipleChooserPanel(
        "photos",
        chooser_field_name="image",
        panels=[FieldPanel("image")],
        heading="Photos",
        label="photo",
    ),
    MultiFieldPanel(
        [FieldPanel("site_url"), FieldPanel("accent_colour")], heading="Web site"
    ),
    FieldPanel("slug", heading="Address on the web"),
    PublishingPanel(),
]

AWARD = [
    _named("name"),
    FieldRowPanel([FieldPanel("giver"), FieldPanel("year"), FieldPanel("result")]),
    FieldPanel("badge"),
    MultiFieldPanel(
        [
            FieldPanel("author", help_text="Neither: the practice as a whole has it."),
            FieldPanel("location"),
        ],
        heading="Given to",
    ),
    FieldPanel("slug", heading="Address"),
    PublishingPanel(),
]

AFFILIATION = [
    _named("name"),
    FieldPanel("website"),
    FieldPanel("logo"),
    FieldPanel("slug", heading="Address"),
    PublishingPanel(),
]

CATEGORY = [
    _named("name"),
    FieldPanel("description"),
    FieldPanel("slug", heading="Address"),
    PublishingPanel(),
]

TAG = [
    _named("name"),
    FieldPanel("slug", heading="Address"),
]

PRACTICE = [
    MultiFieldPanel(
        [
            FieldPanel("name", help_text="Named as the publisher of every article."),
            FieldPanel("legal_name", help_text="Where it differs from the name."),
            FieldPanel("logo"),
            FieldPanel("phone", help_text="For readers who have no clinic yet."),
        ],
        heading="Who we are",
    ),
    FieldPanel("time_zone"),
    MultiFieldPanel(
        [
            FieldPanel("base_url"),
            FieldPanel("article_path"),
            FieldPanel("author_path"),
            FieldPanel("location_path"),
        ],
        heading="Where readers find it",
        help_text="Changing these changes the address of everything published: ask "
        "whoever runs the web site first.",
    ),
    MultiFieldPanel(
        [
            FieldPanel(
                "license_name", help_text="Named wherever somebody carries an article."
            ),
            FieldPanel("license_url"),
        ],
        heading="Terms under which others may carry it",
    ),
]
