from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import models
from taggit.managers import TaggableManager
from wagtail.images.models import AbstractImage, AbstractRendition, Filter

from content_models import placeholders
from content_models.metadata import without_metadata
from content_models.usage import refuse_if_used

# Widths in pixels that are made of every image, each in its own format and in WebP.
RENDITION_WIDTHS = (480, 960, 1600)


class Image(AbstractImage):
    """A picture with the words for those who cannot see it, and whose it is."""

    credit = models.CharField(
        max_length=255, blank=True, help_text="Who made it, as it is shown below it."
    )
    # Wagtail's own image model is installed as well and takes the default names.
    tags = TaggableManager(
        "tags", help_text=None, blank=True, related_name="tagged_images"
    )
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_by_user.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]
    # A data URI, made with the renditions; empty until then.
    placeholder = models.TextField(
        blank=True, default="", db_default="", editable=False
    )

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        verbose_name_plural = "images"

    def get_upload_to(self, filename: str) -> str:
        """A path in the folder that only staff may read, with a hash of the content."""
        self._set_image_file_metadata()
        path = PurePath(super().get_upload_to(filename))
        return str(path.parent / self.file_hash[:12] / path.name)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete it with its files.

        Raises InUse if anything shows it; inside of a text no database row says so.
        """
        refuse_if_used(self)
        return super().delete(*args, **kwargs)

    @staticmethod
    def rendition_specs() -> list[str]:
        """The filters whose results the API lists, in the order it lists them."""
        return [
            spec
            for width in RENDITION_WIDTHS
            for spec in (f"width-{width}|format-webp", f"width-{width}")
        ]

    def generate_rendition_file(
        self, filter: Filter, *, source: File | None = None
    ) -> File:
        """A rendition's file; Wagtail would copy where and by whom it was taken."""
        return without_metadata(super().generate_rendition_file(filter, source=source))

    def make_renditions(self) -> None:
        """Make what is missing of the renditions that the API lists, and placeholder.

        Its row is saved, which is how those who show it hear of them.
        """
        # Wagtail's way to ask remembers what each process has seen, so that one would
        # take the renditions of a picture that another has replaced since.
        made = set(self.renditions.values_list("filter_spec", flat=True))
        wanted = [spec for spec in self.rendition_specs() if spec not in made]
        self.create_renditions(*(Filter(spec=spec) for spec in wanted))
        if not self.placeholder:
            self.placeholder = self._placeholder()
        # Renditions are written in bulk, which sends no signal: this one says it.
        self.save(update_fields=["placeholder"])

    def _placeholder(self) -> str:
        # The smallest rendition is quick to read and stands upright already.
        smallest = self.renditions.filter(filter_spec=self.rendition_specs()[0])[0]
        with smallest.file.open("rb") as file:
            return placeholders.data_uri(file)

    def retire_renditions(self, now: datetime) -> None:
        """Part with all that was made of the picture, which is another from `now` on.

        The renditions' files stay for a while: documents that others keep name them.
        """
        old = self.renditions.all()
        FormerRendition.objects.bulk_create(
            FormerRendition(name=one.file.name, retired_at=now) for one in old
        )
        for one in old:
            one.purge_from_cache()
        # With the signal that deletion sends, Wagtail would delete the files.
        old._raw_delete(old.db)
        self.placeholder = ""
        self.save(update_fields=["placeholder"])


class Rendition(AbstractRendition):
    image = models.ForeignKey(
        Image, on_delete=models.CASCADE, related_name="renditions"
    )

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def get_upload_to(self, filename: str) -> str:
        """A path with a hash of the image: another picture has another address."""
        path = PurePath(super().get_upload_to(filename))
        return str(path.parent / self.image.file_hash[:12] / path.name)


class FormerRendition(models.Model):
    """The file of a rendition whose picture was replaced; it can still be read."""

    name = models.CharField(max_length=100)
    retired_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
