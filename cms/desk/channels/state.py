"""Whether somebody else changed a channel while one was at its form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from api.channels.models import Channel, Rule

from .words import SELECTORS

# Not part of what the form is about.
_OTHERS = {"id"}


def values_of(channel: Channel) -> dict[str, Any]:
    """All that staff decide on `channel`, by what they call it, as words or lists."""
    found: dict[str, Any] = {
        _name(field.name): str(field.value_from_object(channel))
        for field in channel._meta.concrete_fields
        if field.name not in _OTHERS
    }
    for selector in SELECTORS:
        chosen = getattr(channel, selector).order_by("pk")
        found[_name(selector)] = [str(one) for one in chosen]
    rules = Rule.objects.filter(channel=channel).select_related("article")
    found["single articles"] = [
        f"{rule.article} ({rule.get_decision_display().lower()})"
        for rule in rules.order_by("article_id")
    ]
    return found


def token(channel: Channel) -> str:
    """What a form remembers of the state that it was opened with."""
    return json.dumps({k: _digest(v) for k, v in values_of(channel).items()})


def changed_since(text: str, channel: Channel) -> Iterator[str]:
    """What is not as it was when `text` was made, as “delay: 3”."""
    before = _read(text)
    for name, value in values_of(channel).items():
        if before.get(name) != _digest(value):
            said = ", ".join(value) if isinstance(value, list) else value
            yield f"{name}: {said or 'none'}"


def _read(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _name(field: str) -> str:
    return str(Channel._meta.get_field(field).verbose_name)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:12]
