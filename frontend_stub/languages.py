"""Languages as the first HTML tells of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

# What the pages' own words are written in.
OWN = "en"
# Written from right to left, as `microsite/languages.js` has it.
RIGHT_TO_LEFT = frozenset(
    ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"]
)

# What a language calls itself, where there is no script that knows it of every one.
NAMES = {"en": "English", "es": "Español"}


def direction(locale: str) -> str:
    """How a language is written, as HTML's `dir` says it."""
    return "rtl" if locale.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def path_of(article: dict[str, Any]) -> str:
    """The path of an article, or of a translation of one, on a microsite.

    The language is named where the API's own address names it.
    """
    locale = parse_qs(urlsplit(article.get("url") or "").query).get("locale")
    prefix = f"/{quote(locale[0])}" if locale else ""
    return f"{prefix}/articles/{quote(article['slug'])}/"
