"""The API's changes: what each release of CHANGELOG.md says under its heading “API”."""

from __future__ import annotations

import re

from django.conf import settings

SOURCE = settings.BASE_DIR / "CHANGELOG.md"
RELEASE = re.compile(r"^## ", re.MULTILINE)
API = re.compile(r"^### API\n(.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
INTRODUCTION = """\
# Changes to the API

What changed for those who read the API, newest first. Within version 1 fields, \
parameters and addresses are only added: what you wrote goes on working, as long as it \
passes over members that it does not know.
"""


def markdown() -> str:
    """The releases that changed the API, as a text of their own."""
    return "\n".join([INTRODUCTION, *_releases(SOURCE.read_text())])


def _releases(changelog: str) -> list[str]:
    releases = []
    for release in RELEASE.split(changelog)[1:]:
        name, _, rest = release.partition("\n")
        changes = API.search(rest)
        if changes:
            releases.append(f"## {name}\n\n{changes[1].strip()}\n")
    return releases
