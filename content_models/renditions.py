"""The jobs that make the sizes of images which the API lists, and clear old ones."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from wagtail.images.exceptions import InvalidFilterSpecError

from .models import FormerRendition, Image, Rendition
from .picture_upload import UNREADABLE
from .publication import publication

log = logging.getLogger(__name__)

# How long the address of a picture stays good after another took its place.
KEPT_FOR = timedelta(days=90)


def make_missing() -> bool:
    """Make what is missing, image by image; False, as nothing is left to do at once.

    An image that cannot be read is logged and tried again at the next round.
    """
    specs = Image.rendition_specs()
    made = Count("renditions", filter=Q(renditions__filter_spec__in=specs))
    is_unfinished = Q(made__lt=len(specs)) | Q(placeholder="")
    unfinished = Image.objects.annotate(made=made).filter(is_unfinished)
    for pk in unfinished.order_by("pk").values_list("pk", flat=True):
        try:
            with publication():
                _make(pk)
        except (InvalidFilterSpecError, *UNREADABLE) as error:
            log.warning("Image %s has no renditions: %s", pk, error)
    return False


def _make(pk: int) -> None:
    # Read anew and locked: whoever replaces the picture waits, and then parts with all
    # that was made of the old one. Whoever only names the image need not wait.
    image = Image.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if image is not None:
        image.make_renditions()


def clear_former() -> bool:
    """Delete the files whose time is over; False, as nothing is left to do at once."""
    storage = Rendition._meta.get_field("file").storage
    over = FormerRendition.objects.filter(retired_at__lt=timezone.now() - KEPT_FOR)
    for former in over.order_by("pk"):
        # A storage that overwrites gives the same name to the same picture again.
        if not Rendition.objects.filter(file=former.name).exists():
            storage.delete(former.name)
        former.delete()
    return False
