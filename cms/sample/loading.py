"""Brings the sample content into the database, through the same doors as staff.

What was made once is not made again, so that whatever staff have changed or deleted
stays as it is, and a second run changes nothing. Each thing has an identity that does
not depend on its address, so a changed slug does not bring back the old one.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.core.files.images import ImageFile
from django.db.models import Model, Q
from django.utils import timezone
from wagtail.models import Locale, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from api.documents import publishing
from cms.sample import content
from cms.sample.drawing import draw
from content_models.models import Image, Practice, Reference, Tag

DraftedT = TypeVar("DraftedT", bound=Any)

NAMESPACE = UUID("6a1f4f0e-3f0b-4c55-9a57-9f3f6b1d2c11")
CREDIT = "Larkwater Physical Therapy"


@dataclass
class Loading:
    """One run: the moment it happens at, and what it has made."""

    now: datetime = field(default_factory=timezone.now)
    # Told about each batch that has been made: what, and how many.
    report: Callable[[str, int], None] = lambda what, number: None
    # The sizes of each picture are the larger half of the work.
    with_renditions: bool = True
    made: int = 0

    @cached_property
    def today(self) -> date:
        return Practice.load().today(self.now)

    @cached_property
    def locales(self) -> dict[str, Locale]:
        return {
            code: Locale.objects.get_or_create(language_code=code)[0]
            for code in ("en", "es")
        }

    def moment(self, days_ago: int) -> datetime:
        """That many days before this run, at another minute of the morning for each."""
        morning = self.now.replace(hour=14, minute=days_ago % 60, second=0)
        return morning.replace(microsecond=0) - timedelta(days=days_ago)

    def find(self, model: type[Model], name: str, language: str = "en") -> Any:
        """The sample's object of that name; None if it is absent."""
        return model._default_manager.filter(self._is(model, name, language)).first()

    def get(self, model: type[Model], name: str, language: str = "en") -> Any:
        """The same, where it must be there. Raises model.DoesNotExist."""
        found = model._default_manager.filter(self._is(model, name, language))
        return found.order_by("pk")[:1].get()

    def identity(self, model: type[Model], name: str) -> dict[str, Any]:
        """What an object of the sample is known by, however its slug changes."""
        key = "uuid" if model in (Reference, Tag) else "translation_key"
        return {key: uuid5(NAMESPACE, f"{model._meta.model_name}:{name}")}

    def batch(
        self,
        what: str,
        model: type[Model],
        rows: Mapping[str, Any],
        make: Callable[[str, Any], Model],
        language: str = "en",
    ) -> None:
        """Make those of `rows` that are absent, in one publication.

        A batch is made wholly or not at all, so where one of it is, all were: what is
        missing since was deleted by staff, and stays so.
        """
        if self._was_made(model, rows, language):
            return
        absent = {
            name: row
            for name, row in rows.items()
            if self.find(model, name, language) is None
        }
        if not absent:
            return
        with publishing.publishing():
            # Each save would index anew all that the object refers to, and an article
            # is saved in some forty rows.
            with disable_reference_index_auto_update():
                things = [make(name, row) for name, row in absent.items()]
            for thing in things:
                ReferenceIndex.create_or_update_for_object(thing)
        self.made += len(absent)
        self.report(what, len(absent))

    def _was_made(
        self, model: type[Model], rows: Mapping[str, Any], language: str
    ) -> bool:
        known = Q()
        for name in rows:
            known |= Q(**self.identity(model, name))
        if model not in (Reference, Tag):
            known &= Q(locale=self.locales[language])
        return model._default_manager.filter(known).exists()

    def image(self, drawing: str) -> Image:
        """The picture of that name, drawn and kept if it is not there yet."""
        described = content.table("images")[drawing]
        found = Image.objects.filter(title=described["title"]).first()
        if found:
            return found
        drawn = io.BytesIO()
        draw(drawing).save(drawn, "PNG")
        image = Image(
            title=described["title"],
            description=described["alt"],
            credit=CREDIT,
            file=ImageFile(drawn, name=f"{drawing}.png"),
        )
        image._set_image_file_metadata()
        image.save()
        if self.with_renditions:
            image.make_renditions()
        return image

    def _is(self, model: type[Model], name: str, language: str) -> Q:
        same = Q(**self.identity(model, name)) | Q(slug=name)
        if model is Reference:
            return same | Q(doi=content.table("references")[name]["doi"].lower())
        return same if model is Tag else same & Q(locale=self.locales[language])


def publish(content: DraftedT, **rows: list[Any]) -> DraftedT:
    """Save a new object with its `rows` as a first version, and publish that."""
    content.live = False
    give(content, **rows)
    content.full_clean()
    content.save()
    content.save_revision().publish()
    return content


def give(content: Any, **rows: list[Any]) -> None:
    """Give `content`, which need not be saved, the rows of its lists."""
    for name, objects in rows.items():
        setattr(content, name, objects)
