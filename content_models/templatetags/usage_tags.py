from __future__ import annotations

from itertools import islice
from typing import Any

from django import template
from django.db import models

from content_models.usage import ON_A_PAGE, Use, uses

register = template.Library()


@register.simple_tag(takes_context=True)
def where_used(context: dict[str, Any], thing: models.Model | str) -> list[Use]:
    """What uses `thing`, with links for whoever is looking; nothing for no thing."""
    # Views of many things have no single one, and a template then passes "".
    if not isinstance(thing, models.Model):
        return []
    return list(islice(uses(thing, context["request"].user), ON_A_PAGE))
