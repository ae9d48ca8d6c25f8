from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from wagtail.fields import StreamField
from wagtail.models import Page, Revision
from wagtail.search import index

from content_models import addresses, article_panels, readiness
from content_models.blocks import Body
from content_models.forms import ArticleCopyForm, ArticleForm
from content_models.previews import ShownOnSites
from content_models.slugs import refuse_taken_slug, slug_of
from content_models.validators import validate_slug_is_no_id, validate_slug_length

from .base import Item, Restorable
from .locations import Location
from .practice import Practice


class Article(ShownOnSites, Restorable, Page):
    """A piece of health content. It has no page here: sites show it."""

    class Significance(models.TextChoices):
        MINOR = "minor", "Minor: wording, typing errors"
        MAJOR = "major", "Major: what readers should do or know has changed"

    summary = models.TextField(
        blank=True, max_length=400, help_text="One or two sentences, shown in lists."
    )
    body = StreamField(Body(), blank=True)
    image = models.ForeignKey(
        "content_models.Image",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Empty is the practice itself, whose site then is the article's first address.
    home = models.ForeignKey(
        "content_models.Location",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="home",
        help_text="Whose site is the original. Empty: the practice's own.",
    )
    last_reviewed_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)
    change_note = models.CharField(
        max_length=300, blank=True, help_text="Public: what changed, in one sentence."
    )
    significance = models.CharField(
        max_length=5, choices=Significance.choices, default=Significance.MINOR
    )
    social_image = models.ForeignKey(
        "content_models.Image",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Shown when the article is shared. Empty: the article's own image.",
    )
    tags = ClusterTaggableManager(through="content_models.ArticleTag", blank=True)

    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
    ]

    # Brought by a list, which so asks for it once and not for each of its rows.
    practice: Practice | None = None

    edit_handler = article_panels.article(ArticleForm)
    copy_form_class = ArticleCopyForm
    # A copy is another text: nobody has reviewed it yet.
    exclude_fields_in_copy: ClassVar = [
        "reviews",
        "last_reviewed_on",
        "next_review_on",
        "change_note",
        "corrections",
        "withdrawals",
    ]

    parent_page_types: ClassVar = ["content_models.Section"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "article"

    @property
    def _practice(self) -> Practice:
        return self.practice or Practice.load()

    @property
    def _live_home(self) -> Location | None:
        return self.home if self.home is not None and self.home.live else None

    @property
    def canonical_url(self) -> str:
        """The article's first address, on the site of its home, published or not."""
        return addresses.of_article(self, self._practice, self._live_home)

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """Where “View live” leads: the canonical address; None while there is none."""
        # The first part is a Site's id, which only Wagtail's own serving would need.
        parts = addresses.article_parts(self, self._practice, self._live_home)
        return (0, *parts) if self.live else None

    def get_url(self, request: Any = None, current_site: Any = None) -> str | None:
        # Wagtail shortens an address to its path when there is one site; this one is
        # on another host, so only the whole of it leads anywhere.
        return self.get_full_url(request)

    url = property(get_url)

    @property
    def status_string(self) -> str:
        """How the article stands, in Wagtail's words, which know of no sending back."""
        word: str = super().status_string
        state = self.current_workflow_state
        if state is None or state.status != state.STATUS_NEEDS_CHANGES:
            return word
        return {
            gettext("draft"): "changes asked for",
            gettext("live + draft"): "published, changes asked for",
        }.get(word, word)

    def clean(self) -> None:
        """Refuse a slug that is no address, or is another's in the same language.

        Wagtail asks only that siblings differ, but an article's address does not name
        its section.
        """
        super().clean()
        try:
            validate_slug_is_no_id(self.slug)
            validate_slug_length(self.slug)
        except ValidationError as refused:
            raise ValidationError({"slug": refused}) from refused
        refuse_taken_slug(self, Article.objects.filter(locale_id=self.locale_id))

    def obstacles(self) -> list[str]:
        return readiness.obstacles(self)

    def _get_autogenerated_slug(self, base_slug: str) -> str:
        slug: str = super()._get_autogenerated_slug(slug_of(base_slug))
        return slug

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> None:
        """Publish or schedule `revision`.

        Raises NotReady for one that may not be public.
        """
        readiness.require(revision.as_object())
        super().publish(revision, *args, **kwargs)


class ArticleAuthor(Item):
    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="authorships")
    author = models.ForeignKey(
        "content_models.Author", on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Item.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author"],
                name="article_written_once_by_an_author",
                violation_error_message="This author is already in the list.",
                # A list is saved row by row: while two swap places, both name one.
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return str(self.author)


class ArticleReviewer(Item):
    """A clinician who read and approved the article."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        "content_models.Author", on_delete=models.PROTECT, related_name="+"
    )
    reviewed_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.reviewer}, {self.reviewed_on}"


class ArticleReference(Item):
    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="citations")
    reference = models.ForeignKey(
        "content_models.Reference", on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Item.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["article", "reference"],
                name="article_cites_a_reference_once",
                violation_error_message="This reference is already in the list.",
                # A list is saved row by row: while two swap places, both name one.
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return str(self.reference)


class ArticleCategory(Item):
    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="filings")
    category = models.ForeignKey(
        "content_models.Category", on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Item.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["article", "category"],
                name="article_filed_once_in_a_category",
                violation_error_message="This category is already in the list.",
                # A list is saved row by row: while two swap places, both name one.
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return str(self.category)


class ArticleLocation(Item):
    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="places")
    location = models.ForeignKey(
        "content_models.Location", on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Item.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["article", "location"],
                name="article_related_once_to_a_location",
                violation_error_message="This location is already in the list.",
                # A list is saved row by row: while two swap places, both name one.
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return str(self.location)


class Correction(Item):
    """A mistake that was mended after publication, as readers are told of it."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="corrections")
    corrected_on = models.DateField("date", default=date.today)
    note = models.CharField(
        max_length=400,
        help_text="What was wrong and what is right, in a sentence for readers.",
    )

    class Meta(Item.Meta):
        ordering = ["-corrected_on", "sort_order", "pk"]

    def __str__(self) -> str:
        return f"{self.corrected_on}: {self.note}"
