"""What the guides offer to be saved: the microsite's page, and the mirror."""

from __future__ import annotations

from django.conf import settings

from . import texts

GUIDE = "microsite"
# Where the guide says that the parts go.
PLACE = "// The parts go here.\n"


def page() -> str:
    """The whole `index.html`, asking this installation.

    Raises ValueError if the guide has lost its page or the place for its parts.
    """
    snippets = texts.snippets(texts.source(GUIDE))
    page = "".join(one.text for one in snippets if one.language == "html")
    if page.count(PLACE) != 1:
        raise ValueError(f"The guide's page must say once: {PLACE}")
    parts = "\n".join(one.text for one in snippets if one.language == "js")
    whole = page.replace(PLACE, parts)
    return whole.replace(texts.DEMO, settings.PUBLIC_BASE_URL)


def mirror() -> str:
    """The whole `mirror.py`, asking this installation."""
    text = (settings.BASE_DIR / "frontend_stub" / "examples" / "mirror.py").read_text()
    return text.replace(texts.DEMO, settings.PUBLIC_BASE_URL)
