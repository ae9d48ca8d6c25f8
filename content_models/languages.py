"""A language keeps its code: the identity of all that is written in it hangs on it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.locales.utils import get_locale_usage
from wagtail.models import Locale


def keep_code(
    sender: type[Locale], instance: Locale, raw: bool = False, **kwargs: Any
) -> None:
    """Raise ValidationError if content would all at once be in another language."""
    if raw or instance.pk is None:
        return
    before = Locale.all_objects.filter(pk=instance.pk).first()
    if (
        before is not None
        and before.language_code != instance.language_code
        and get_locale_usage(before) != (0, 0)
    ):
        raise ValidationError(
            "There is content in “%(language)s”: its language cannot be changed. Add "
            "the other language instead.",
            params={"language": before.language_code},
        )
