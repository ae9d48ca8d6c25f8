from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import models
from taggit.managers import TaggableManager
from wagtail.images.models import AbstractImage, AbstractRendition

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
        """A path with a hash of the content: a changed picture has a new address."""
        self._set_image_file_metadata()
        name = PurePath(super().get_upload_to(filename))
        return f"images/{self.file_hash[:12]}/{name.name}"

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

    def make_renditions(self) -> None:
        """Make what is missing of the renditions that the API lists."""
        self.get_renditions(*self.rendition_specs())


class Rendition(AbstractRendition):
    image = models.ForeignKey(
        Image, on_delete=models.CASCADE, related_name="renditions"
    )

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
