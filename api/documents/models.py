"""The tables from which everything that leaves the building is read.

`api.documents.publishing` is their only writer.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from api.channels.entitlements import UNTRANSLATED
from api.channels.models import Channel, Key

# What waits for news listens to it; sent with the commit of each change.
NOTIFY_CHANNEL = "clinicast"


class Kind(models.TextChoices):
    """The types of document, by their names on the wire."""

    ARTICLE = "article"
    AUTHOR = "author"
    REFERENCE = "reference"
    LOCATION = "location"
    AWARD = "award"
    AFFILIATION = "affiliation"
    CATEGORY = "category"
    TAG = "tag"
    PRACTICE = "practice"


class Withdrawal(models.TextChoices):
    """Why a document is gone, as consumers are told."""

    GONE = "gone", "Gone"
    REDIRECTED = "redirected", "Redirected"
    WITHDRAWN = "withdrawn", "Withdrawn: it was wrong or unsafe"
    EXPIRED = "expired", "Expired"
    OUT_OF_SCOPE = "out_of_scope", "Still live, but no longer for this channel"


# PostgreSQL's own dictionaries, by language.
_SEARCH_CONFIGURATIONS = {"en": "english", "es": "spanish"}


def search_configuration(locale: str) -> str:
    """How words of `locale` are stemmed, by name: a server's default differs."""
    return _SEARCH_CONFIGURATIONS.get(locale.partition("-")[0].lower(), "simple")


class Counter(models.Model):
    """The one row whose lock gives every change its place in one order."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.BigIntegerField(default=0)
    # How many publications there were, those included that changed no document.
    publications = models.BigIntegerField(default=0, db_default=0)
    # Of which history the changes are; renewed where another one begins.
    timeline = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="counter_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.value)


class Head(models.Model):
    """How far a channel has come, kept with each change so that nobody counts.

    Apart from `Channel`, whose row an editor may hold locked while waiting for the
    counter: publishing must never wait for an editor.
    """

    channel = models.OneToOneField(
        Channel, on_delete=models.CASCADE, primary_key=True, related_name="head"
    )
    sequence = models.BigIntegerField(default=0)
    # Moves with each change, and with what is none to readers but has lists find
    # something else: a rebuild, another way to sort.
    revision = models.BigIntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField(null=True)
    # Visible documents: {"article:en": 12}.
    counts = models.JSONField(default=dict)
    # When something becomes or ceases to be visible next, by the clock alone.
    next_boundary_at = models.DateTimeField(null=True)
    # The place in the one order at which any answer of the channel may have become
    # another one without a change of a document telling so.
    outdated = models.BigIntegerField(default=0, db_default=0)
    # Up to here some of what left the channel is forgotten: whoever has not come so far
    # would never hear of it.
    forgotten = models.BigIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.channel_id} at {self.sequence}"


class Purging(models.Model):
    """Until when edges may keep answers for long, since they are told what changes."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="purging_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.until)


class Document(models.Model):
    """The published, ready-to-serve JSON of one content object in one language.

    Its table has two columns more, which PostgreSQL alone writes when placements are
    written: `shown_on`, a bit for each channel that shows it, by the channel's key, and
    `may_end`, whether the clock alone may end that. `reading.documents_of` reads them.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    type = models.CharField(max_length=16, choices=Kind.choices)
    locale = models.CharField(max_length=16)
    slug = models.CharField(max_length=120)
    translation_group = models.UUIDField(db_index=True)
    # Which row it was rendered from, as "author:12": what a deleted row leaves behind.
    source = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    canonical_url = models.TextField(null=True)  # noqa: DJ001 - null on the wire
    # Of an address on one of our own sites, as `identity.path_of` writes it.
    path = models.TextField(blank=True, default="", db_default="")
    # Text, not jsonb, which is dearer to read. Without the fields that differ by
    # channel: those are in `Placement.suffix`.
    full_json = models.TextField()
    summary_json = models.TextField()
    # Of an article: the full document without its text, for channels that carry the
    # summary only.
    teaser_json = models.TextField(null=True)  # noqa: DJ001 - none, not an empty one
    # Of the render without version and time: equal means that nothing changed.
    fingerprint = models.CharField(max_length=64)
    # Every source object that was read to render it, shown or not, so they stay here:
    # a letter and 16 hex digits each.
    keys = ArrayField(models.CharField(max_length=17))
    # "category:knee", "tag:running", "year:2026": what lists are filtered by.
    facets = ArrayField(models.TextField())
    # Of an article, by `entitlements.topic`: what decides which channels carry it.
    topics = ArrayField(models.TextField(), default=list, db_default=[])
    # Of an article: the documents that are shown in it and follow it to a channel.
    uses = ArrayField(models.UUIDField(), default=list, db_default=[])
    # Of the default order of its kind's lists.
    sort_key = models.TextField(db_collation="C", default="", db_default="")
    visible_until = models.DateTimeField(null=True)
    # Folded for sorting: title of an article, family name first of an author.
    title_sort = models.TextField(db_collation="C")
    # Title, summary and keywords: what ranks a match is read for each, so it is small.
    search = SearchVectorField()
    body_search = SearchVectorField()
    # Summary and body without markup: what a highlight is taken from.
    plain_text = models.TextField(blank=True, default="", db_default="")
    # Of a location, WGS 84.
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    # From then on the render is wrong: a credential in it lapses or begins.
    valid_until = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_kind = models.CharField(
        max_length=12, choices=Withdrawal.choices, blank=True
    )
    withdrawn_reason = models.TextField(blank=True)
    replacement = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["type", "locale", "slug"],
                condition=Q(withdrawn_at=None),
                name="document_slug_is_unique_while_live",
            )
        ]
        indexes = [
            models.Index(fields=["source"], name="document_source"),
            models.Index(fields=["type", "slug"], name="document_slug"),
            # `resolve`
            models.Index(fields=["path"], condition=~Q(path=""), name="document_path"),
            # `published_after` and `published_before`
            models.Index(fields=["published_at"], name="document_published_at"),
            # `near`
            models.Index(
                fields=["latitude", "longitude"],
                condition=Q(latitude__isnull=False),
                name="document_place",
            ),
            models.Index(
                fields=["valid_until"],
                condition=Q(valid_until__isnull=False),
                name="document_valid_until",
            ),
            GinIndex(fields=["keys"], name="document_keys"),
            GinIndex(fields=["facets"], name="document_facets"),
            GinIndex(fields=["uses"], name="document_uses"),
            GinIndex(fields=["search"], name="document_search"),
            GinIndex(fields=["body_search"], name="document_body_search"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.slug} ({self.locale})"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    def text_on(self, channel: Channel) -> str:
        """The full document as `channel` carries it, without what differs by channel.

        `reading.text_column` says the same to the database.
        """
        if channel.is_summary and self.teaser_json is not None:
            return self.teaser_json
        return self.full_json


class DocumentVersion(models.Model):
    """What a document said from one moment on. What it says is never changed."""

    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="versions"
    )
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    full_json = models.TextField()
    # As in `Document`: what a channel that carries summaries was shown.
    teaser_json = models.TextField(null=True)  # noqa: DJ001 - none, not an empty one
    # Of both texts, as `past.digest_of` makes it; empty where none was made yet.
    digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    # Which rows could be seen in it, as "author:12". None: it is told no more, since
    # one of them may be seen by nobody, or since nobody wrote down which they are.
    shows = ArrayField(models.CharField(max_length=40), null=True)
    change_note = models.TextField(blank=True)
    significance = models.CharField(max_length=5, blank=True)
    # Its text is gone, and nobody is told it any more.
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    redaction_reason = models.CharField(max_length=255, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "version"], name="document_version_once"
            )
        ]
        indexes = [
            # What is told no more, when a picture is made private.
            GinIndex(fields=["shows"], name="document_version_shows"),
            # What is forgotten.
            models.Index(fields=["at"], name="document_version_at"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} version {self.version}"


class FormerSlug(models.Model):
    """A slug that a document no longer has, so that old addresses lead to it."""

    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="former_slugs"
    )
    type = models.CharField(max_length=16)
    locale = models.CharField(max_length=16)
    slug = models.CharField(max_length=120)
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "slug"], name="former_slug_once"
            )
        ]
        indexes = [
            models.Index(fields=["type", "locale", "slug"], name="former_slug_lookup")
        ]

    def __str__(self) -> str:
        return self.slug


class FormerPath(models.Model):
    """A public path at which readers found a document before it moved."""

    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="former_paths"
    )
    path = models.TextField()
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "path"], name="former_path_once"
            )
        ]
        indexes = [models.Index(fields=["path"], name="former_path_lookup")]

    def __str__(self) -> str:
        return self.path


def is_placed_at(now: datetime) -> Q:
    """Which placements say themselves that they may be shown at `now`."""
    lasts = Q(visible_until=None) | Q(visible_until__gt=now)
    return lasts & Q(is_visible=True, visible_from__lte=now)


def is_visible_at(now: datetime) -> Q:
    """Which placements may be shown at `now`, however late the worker is."""
    is_right = Q(document__valid_until=None) | Q(document__valid_until__gt=now)
    return is_right & is_placed_at(now)


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_at(self, now: datetime) -> Self:
        """Placements that may be shown at `now`, however late the worker is."""
        return self.filter(is_visible_at(now))

    def newest_first(self) -> Self:
        return self.order_by("-sort_key", "-document_id")

    def by_name(self) -> Self:
        return self.order_by("sort_key", "document_id")


class Placement(models.Model):
    """That a document is visible on a channel, and since which sequence."""

    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, related_name="placements"
    )
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="placements"
    )
    # Of the document, kept here so that a list is one range of one index.
    type = models.CharField(max_length=16)
    locale = models.CharField(max_length=16)
    sort_key = models.TextField(db_collation="C")
    is_visible = models.BooleanField()
    visible_from = models.DateTimeField()
    visible_until = models.DateTimeField(null=True)
    sequence = models.BigIntegerField(unique=True)
    changed_at = models.DateTimeField()
    # The members that differ by channel: a JSON object.
    suffix = models.TextField()
    # From then on a translation that `suffix` names may be there no longer.
    translations_until = models.DateTimeField(null=True)
    etag = models.CharField(max_length=40)
    withdrawn_kind = models.CharField(
        max_length=12, choices=Withdrawal.choices, blank=True
    )

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            # What is shown of documents that are found by their facets, or by words
            # that many have, is known from this index alone.
            models.UniqueConstraint(
                fields=["channel", "document"],
                include=[
                    "type",
                    "locale",
                    "sort_key",
                    "id",
                    "is_visible",
                    "visible_from",
                    "visible_until",
                ],
                name="placement_of_document",
            )
        ]
        indexes = [
            # Lists in their default order, and the counts that are not kept.
            models.Index(
                F("channel"),
                F("type"),
                F("locale"),
                F("sort_key"),
                F("document"),
                condition=Q(is_visible=True),
                name="placement_list",
            ),
            # A search of several types, which takes the newest of them.
            models.Index(
                F("channel"),
                F("locale"),
                F("sort_key"),
                F("document"),
                condition=Q(is_visible=True),
                name="placement_newest",
            ),
            # `updated_since`
            models.Index(fields=["channel", "changed_at"], name="placement_changed_at"),
            # The change feed.
            models.Index(fields=["channel", "sequence"], name="placement_sequence"),
            # What a feed says is gone.
            models.Index(
                fields=["channel", "type", "locale", "sequence"],
                condition=Q(is_visible=False),
                name="placement_left",
            ),
            # What the clock alone will change next.
            models.Index(
                fields=["visible_until"],
                condition=Q(visible_until__isnull=False, is_visible=True),
                name="placement_visible_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} on {self.channel_id}"


class PlacementHistory(models.Model):
    """What was public where, from which moment on. Never changed."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    sequence = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    is_visible = models.BooleanField()
    version = models.PositiveIntegerField()
    suffix = models.TextField()
    # Whether the channel carried summaries then; None where nobody wrote it down.
    is_summary = models.BooleanField(null=True)
    withdrawn_kind = models.CharField(max_length=12, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["document", "channel", "at"], name="placement_history_at"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} on {self.channel_id} at {self.sequence}"


class Upcoming(models.Model):
    """That a channel will carry a document from a moment on, by its delay alone."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "document"], name="upcoming_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} on {self.channel_id} from {self.at}"


class Settling(models.Model):
    """A channel whose entitlement was changed, until its placements say the same.

    While the row is there, doors ask the entitlement of every placement.
    """

    channel = models.OneToOneField(
        Channel, on_delete=models.CASCADE, primary_key=True, related_name="settling"
    )
    since = models.DateTimeField()
    # The last document whose placement was renewed in this pass; 0 when all articles
    # were, which come first.
    done = models.UUIDField(null=True)

    def __str__(self) -> str:
        return str(self.channel_id)


class Stale(models.Model):
    """A content object whose document has to be rendered again, by the worker."""

    source = models.CharField(max_length=40, unique=True)
    noted_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        ordering = ["due_at", "id"]

    def __str__(self) -> str:
        return self.source


class ConsumerPosition(models.Model):
    """How far one consumer has come in a channel's changes, as it told us itself."""

    class Kind(models.TextChoices):
        SYNC = "sync", "Mirror"

    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, related_name="positions"
    )
    # None for all that read an open channel without one: the last of them counts, and
    # nobody knows who it is.
    key = models.ForeignKey(Key, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # What it follows of the channel: of other changes its place says nothing. Types
    # with commas between them, in their order; empty for all.
    types = models.CharField(max_length=120, blank=True, default="", db_default="")
    locale = models.CharField(max_length=16, blank=True, default="", db_default="")
    sequence = models.BigIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "key", "kind", "types", "locale"],
                nulls_distinct=False,
                name="consumer_position_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.channel_id} at {self.sequence}"

    def follows(self, type: str, locale: str) -> bool:
        """Whether what is of that kind and language is told to it at all."""
        is_type = not self.types or type in self.types.split(",")
        return is_type and (
            not self.locale or locale == self.locale or type in UNTRANSLATED
        )


class Progress(models.Model):
    """When a consumer with a key had first come so far. Never changed."""

    position = models.ForeignKey(
        ConsumerPosition, on_delete=models.CASCADE, related_name="progress"
    )
    sequence = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["position", "sequence"], name="progress_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position_id} at {self.sequence}"


class Told(models.Model):
    """That a site knows a document is gone, other than by the feed or a webhook."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    # Of the change that took it off the channel: of a later one it knows nothing.
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    # With which it asked for the document itself, and the API said so. Without one
    # staff have noted it: the site has told them, and speaks for all its copies.
    key = models.ForeignKey(Key, on_delete=models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        default_permissions = ()
        verbose_name_plural = "told"
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "document", "key"],
                nulls_distinct=False,
                name="told_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} knows of {self.document_id}"
