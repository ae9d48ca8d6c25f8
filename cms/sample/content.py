"""The sample content as it lies in the files beside this module."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_FENCE = "+++\n"
_TAG = re.compile(r"[*#|>?\[\]]|:::\s\w*|\(article:[\w-]+\)")


@dataclass(frozen=True)
class SampleArticle:
    """One article in one language: what stands before its text, and the text."""

    slug: str
    language: str
    # The name that both languages of an article share.
    original: str
    fields: dict[str, Any]
    body: str

    @property
    def word_count(self) -> int:
        return len(_TAG.sub(" ", self.body).split())


@cache
def table(name: str) -> dict[str, Any]:
    """`name`.toml, by the names of its tables."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text())


def articles(language: str = "en") -> list[SampleArticle]:
    """The articles in that language, the oldest first.

    So an article may link to those before it. Drafts and scheduled ones come last.
    """
    found = [each for each in _all_articles() if each.language == language]
    return sorted(found, key=lambda each: -each.fields.get("published_days_ago", 0))


def _all_articles() -> Iterator[SampleArticle]:
    for path in sorted((_HERE / "articles").glob("*.md")):
        original, _, language = path.stem.partition(".")
        _, front, body = path.read_text().split(_FENCE, 2)
        fields = tomllib.loads(front)
        slug = fields.get("slug", original)
        yield SampleArticle(slug, language or "en", original, fields, body)
