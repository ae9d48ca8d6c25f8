from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.deletion import Collector
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from content_models.models import Article, Author, Category, Location, Tag

PUBLIC = "public"
# What a channel chooses by.
SELECTORS: dict[str, type[models.Model]] = {
    "categories": Category,
    "tags": Tag,
    "locations": Location,
    "authors": Author,
}
LONGEST_DELAY_DAYS = 365


class Role(models.TextChoices):
    """Whose site it is, which decides what its pages tell search engines."""

    MICROSITE = "microsite", "A site of the practice"
    PARTNER = "partner", "A site of somebody else"


class Selection(models.TextChoices):
    """Which articles a channel carries, before exceptions and hand-picked ones."""

    ALL = "all", "Every article"
    SELECTED = "selected", "Those about what is chosen below"
    NONE = "none", "Only those picked by hand"


class Extent(models.TextChoices):
    FULL = "full", "The full text"
    SUMMARY = "summary", "The summary, with a link to the article"


class Collected(models.TextChoices):
    """The kinds that a channel may carry whole, whether or not an article uses them."""

    AUTHOR = "author", "Authors"
    LOCATION = "location", "Locations"
    AWARD = "award", "Awards"
    AFFILIATION = "affiliation", "Affiliations"
    CATEGORY = "category", "Categories"
    TAG = "tag", "Tags"
    REFERENCE = "reference", "References"


def every_language() -> list[tuple[str, str]]:
    return list(settings.WAGTAIL_CONTENT_LANGUAGES)


class Channel(ClusterableModel):
    """One destination that content is syndicated to, and what it may carry.

    The built-in `public` channel carries everything that is published, in full, except
    where a rule says otherwise.
    """

    name = models.CharField(
        max_length=120, help_text="As staff know the site, such as “Shoreline Gazette”."
    )
    slug = models.SlugField(
        "address",
        max_length=60,
        unique=True,
        help_text="How it is named in the API: small letters, digits and hyphens. It "
        "cannot be changed later.",
    )
    role = models.CharField(
        "whose site",
        max_length=10,
        choices=Role.choices,
        default=Role.PARTNER,
        help_text="Pages of the practice's own sites may be found by search engines; "
        "those of others are asked to leave that to the original.",
    )
    is_open = models.BooleanField(
        "open to everyone",
        default=False,
        help_text="Browsers and embeds read open channels without a key. Any other is "
        "read with a key only.",
    )
    is_suspended = models.BooleanField(
        "suspended",
        default=False,
        help_text="Nobody reads anything on it until this is taken back.",
    )
    site_url = models.URLField("web address", blank=True)
    contact_name = models.CharField(
        "contact", max_length=120, blank=True, help_text="Whom to call if it hangs."
    )
    contact_email = models.EmailField("e-mail", blank=True)
    contact_phone = models.CharField("phone", max_length=40, blank=True)

    selection = models.CharField(
        "articles",
        max_length=10,
        choices=Selection.choices,
        default=Selection.SELECTED,
    )
    categories = models.ManyToManyField(Category, blank=True, related_name="+")
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")
    locations = models.ManyToManyField(
        Location,
        blank=True,
        related_name="+",
        help_text="Articles that are filed under one of them.",
    )
    authors = models.ManyToManyField(Author, blank=True, related_name="+")
    extent = models.CharField(
        "text", max_length=10, choices=Extent.choices, default=Extent.FULL
    )
    delay_days = models.PositiveSmallIntegerField(
        "delay",
        default=0,
        validators=[MaxValueValidator(LONGEST_DELAY_DAYS)],
        help_text="Days after its first publication from which an article is shown; 0 "
        "for at once.",
    )
    languages = ArrayField(
        models.CharField(max_length=16),
        blank=True,
        default=list,
        help_text="None ticked: all of them.",
    )
    collections = ArrayField(
        models.CharField(max_length=16, choices=Collected.choices),
        verbose_name="besides articles",
        blank=True,
        default=list,
        help_text="Carried whole. Of the others, those that its articles use.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        return self.slug == PUBLIC

    @property
    def is_summary(self) -> bool:
        """Whether articles are carried without their text."""
        return self.extent == Extent.SUMMARY

    def clean(self) -> None:
        super().clean()
        before = type(self).objects.filter(pk=self.pk).values("slug").first()
        if before and before["slug"] != self.slug:
            raise ValidationError(
                {
                    "slug": f"Sites read it as “{before['slug']}”, so it has to stay. "
                    "Make another channel, and suspend this one."
                }
            )


def to_a_translation(
    collector: Collector, field: Any, rows: Iterable[Any], using: str
) -> None:
    """What is decided on an article stays with its translations when it is deleted."""
    for row in rows:
        group = Article.objects.filter(translation_key=row.article.translation_key)
        heir = group.exclude(pk=row.article_id).first()
        others = type(row).objects.filter(article=heir)
        if hasattr(row, "channel_id"):
            others = others.filter(channel=row.channel_id)
        if heir is None or others.exists():
            own = type(row).objects.filter(pk=row.pk)
            models.CASCADE(collector, field, own, using)
        else:
            collector.add_field_update(field, heir.pk, [row])


def pass_on_choice(chosen: Any) -> list[int]:
    """Have channels that chose `chosen`, which goes, choose a translation instead.

    Where there is one. Gives the keys of those channels.
    """
    [field] = [name for name, model in SELECTORS.items() if isinstance(chosen, model)]
    through, name = getattr(Channel, field).through, type(chosen)._meta.model_name
    rows = through._default_manager.filter(**{name: chosen})
    channel_ids = list(rows.values_list("channel_id", flat=True))
    others = type(chosen)._default_manager.none()
    if channel_ids and not isinstance(chosen, Tag):
        others = type(chosen)._default_manager.filter(
            translation_key=chosen.translation_key
        )
    if heir := others.exclude(pk=chosen.pk).first():
        for channel in Channel.objects.filter(pk__in=channel_ids):
            getattr(channel, field).add(heir)
    return channel_ids


class Rule(models.Model):
    """What staff decided about one article on one channel, in every language."""

    class Decision(models.TextChoices):
        ALWAYS = "always", "Always"
        NEVER = "never", "Never"

    channel = ParentalKey(Channel, on_delete=models.CASCADE, related_name="rules")
    article = models.ForeignKey(Article, on_delete=to_a_translation, related_name="+")
    decision = models.CharField(
        "carried", max_length=6, choices=Decision.choices, default=Decision.ALWAYS
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["channel", "article"], name="rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} {self.article} on {self.channel}"


class Confinement(models.Model):
    """That an article, in every language, is only on channels that always carry it."""

    article = models.OneToOneField(
        Article, on_delete=to_a_translation, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.article}: only where it is always carried"


class Key(models.Model):
    """By which one site reads one channel; its text is nowhere but on that site."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(
        max_length=80, help_text="Who uses it, such as “Gazette web server”."
    )
    # How it begins, by which people tell keys apart.
    hint = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    expires_at = models.DateTimeField(
        "expires", null=True, blank=True, help_text="Empty: never."
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Written at most once a minute.
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    def is_valid_at(self, now: datetime) -> bool:
        has_expired = self.expires_at is not None and self.expires_at <= now
        return self.revoked_at is None and not has_expired
