"""The job that makes the sizes of images which the API lists."""

from __future__ import annotations

import logging

from django.db.models import Count, Q
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from .models import Image
from .publication import publication

log = logging.getLogger(__name__)


def make_missing() -> bool:
    """Make what is missing, image by image; False, as nothing is left to do at once.

    An image that cannot be read is logged and tried again at the next round.
    """
    specs = Image.rendition_specs()
    made = Count("renditions", filter=Q(renditions__filter_spec__in=specs))
    unfinished = Image.objects.annotate(made=made).filter(made__lt=len(specs))
    for image in unfinished.order_by("pk"):
        try:
            with publication():
                image.make_renditions()
                # They are written in bulk, which sends no signal: this one says it.
                image.save(update_fields=["file_hash"])
        except (SourceImageIOError, InvalidFilterSpecError, OSError) as error:
            log.warning("Image %s has no renditions: %s", image.pk, error)
    return False
