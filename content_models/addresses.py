"""Where readers find content: its canonical address, published or not.

Nothing is read here; whoever asks brings the practice, and an article with its home.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from content_models.models import Article, Author, Location, Practice


def article_parts(
    article: Article, practice: Practice, home: Location | None
) -> tuple[str, str]:
    """The site of `article`, without a slash at its end, and its path there.

    `home` is the article's, or None while it is not public: a closed location's site
    would keep articles that readers can no longer find.
    """
    site = home.site_url if home is not None else ""
    return _parts(practice, practice.article_path, article, site)


def of_article(article: Article, practice: Practice, home: Location | None) -> str:
    return "".join(article_parts(article, practice, home))


def of_author(author: Author, practice: Practice) -> str:
    """The author's address, which is always on the practice's own site."""
    return "".join(_parts(practice, practice.author_path, author))


def of_location(location: Location, practice: Practice) -> str:
    """The location's address, on its own site if it has one."""
    parts = _parts(practice, practice.location_path, location, location.site_url)
    return "".join(parts)


def _parts(
    practice: Practice,
    path: str,
    content: Article | Author | Location,
    site: str = "",
) -> tuple[str, str]:
    # Two languages may use one slug, so that all but the default one are named.
    language = content.locale.language_code
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    site = (site or practice.base_url).rstrip("/")
    return site, prefix + path.format(slug=content.slug)
