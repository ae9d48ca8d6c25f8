"""What a draft would say if it were published now. Reads, and stores nothing."""

from __future__ import annotations

from typing import Any

from api.channels.models import PUBLIC, Channel

from . import placing, rendering
from .models import Document
from .reading import joined
from .scene import Scene
from .serializers.base import as_json


def text_of(content: Any, scene: Scene) -> str:
    """The document of `content` as JSON, as the public channel would carry it.

    The same code renders it as at publication; whether `content` is public does not
    count, but what it shows of others does: only what these have published.
    """
    # What was never saved lacks some. Whoever looks has an object of his own.
    if getattr(content, "first_published_at", scene.now) is None:
        content.first_published_at = scene.now
    if getattr(content, "locale_id", scene) is None:
        content.locale = content.get_default_locale()
    rendered = rendering.render(content, scene)
    full = rendered.texts(version=0, updated_at=scene.now).full
    document = Document(
        id=rendered.id,
        type=rendered.kind,
        locale=rendered.locale,
        slug=rendered.slug,
        canonical_url=rendered.canonical_url,
    )
    public = Channel.objects.get(slug=PUBLIC)
    return joined(full, as_json(placing.members_of(document, public, scene, [])))
