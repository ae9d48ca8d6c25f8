from __future__ import annotations

from datetime import UTC, date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Page

from content_models import article_panels, panels
from content_models.forms import SectionCopyForm
from content_models.validators import validate_time_zone

from .base import Identified

_web_address = URLValidator(schemes=["https", "http"])
_path_with_slug = RegexValidator(
    r"^/[^{}\s]*\{slug\}[^{}\s]*$", "Write a path with {slug} in it: /articles/{slug}/"
)


@register_setting(icon="home")
class Practice(Identified, BaseGenericSetting):
    """The clinic network itself. Saving publishes."""

    name = models.CharField(max_length=120, default="Our practice")
    legal_name = models.CharField(max_length=200, blank=True)
    logo = models.ForeignKey(
        "content_models.Image",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    phone = models.CharField(max_length=32, blank=True)
    # Today's date, and so which credential is valid, is decided here.
    time_zone = models.CharField(
        max_length=64,
        default="America/New_York",
        validators=[validate_time_zone],
        help_text="IANA name, such as America/New_York: decides what “today” means.",
    )
    base_url = models.CharField(
        "web address",
        max_length=200,
        default="http://localhost:8001",
        validators=[_web_address],
        help_text="Where readers find the practice's own site: https://example.com",
    )
    article_path = models.CharField(
        max_length=100, default="/articles/{slug}/", validators=[_path_with_slug]
    )
    author_path = models.CharField(
        max_length=100, default="/team/{slug}/", validators=[_path_with_slug]
    )
    location_path = models.CharField(
        max_length=100, default="/locations/{slug}/", validators=[_path_with_slug]
    )
    license_name = models.CharField("licence", max_length=120, blank=True)
    license_url = models.URLField("licence address", blank=True)

    panels = panels.PRACTICE

    class Meta:
        verbose_name = "practice"

    def __str__(self) -> str:
        return self.name

    def today(self, now: datetime) -> date:
        """The calendar day of the moment `now` where the practice is."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def midnight_before(self, day: date) -> datetime:
        """The first moment of `day` where the practice is, in UTC."""
        start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.time_zone))
        return start.astimezone(UTC)


class Section(Page):
    """A folder of articles in the admin; it has no address of its own."""

    subpage_types: ClassVar = ["content_models.Section", "content_models.Article"]
    parent_page_types: ClassVar = ["wagtailcore.Page", "content_models.Section"]
    edit_handler = article_panels.SECTION
    copy_form_class = SectionCopyForm
    preview_modes: ClassVar[list[tuple[str, str]]] = []

    class Meta:
        verbose_name = "section"

    def get_url_parts(self, request: object = None) -> None:
        return None
