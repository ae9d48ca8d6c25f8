"""The site of one location, as patients see it."""

from __future__ import annotations

from typing import Any

from tests.screenshots import slugs, steps

from .screen import PAPER, Screen


def _page(name: str, shows: str, path: str, **more: Any) -> Screen:
    site = more.pop("site", "lake-como")
    more.setdefault("is_whole", True)
    return Screen(f"microsite-{name}", shows, site, path, **more)


def _article(name: str, shows: str, slug: str, **more: Any) -> Screen:
    return _page(f"article-{name}", shows, f"/articles/{slug}/", **more)


def _articles_end(name: str, shows: str, slug: str, selector: str) -> Screen:
    """What stands at the end of an article, further down than a picture reaches."""
    return _article(name, shows, slug, at=selector, is_whole=False)


MICROSITE = [
    _page("home", "The first page of a location's site", "/", is_dark_too=True),
    _page("home-of-another", "The first page of another location", "/", site="edison"),
    _page("articles", "All articles of the site", "/articles/"),
    _page(
        "articles-of-a-category",
        "The articles of one category",
        "/articles/?category=hip-and-knee",
    ),
    _page("articles-none", "A list that nothing matches", "/articles/?q=zzzz"),
    _page(
        "article",
        "An article: title, summary, who wrote and reviewed it, picture, text",
        f"/articles/{slugs.PUBLISHED}/",
        is_dark_too=True,
    ),
    _articles_end(
        "references",
        "The numbered references of an article",
        slugs.PUBLISHED,
        ".references",
    ),
    _article("corrected", "An article with a dated correction", slugs.CORRECTED),
    _page(
        "article-spanish",
        "An article in Spanish",
        f"/es/articles/{slugs.SPANISH}/",
    ),
    _article("without-image", "An article without a picture", slugs.WITHOUT_IMAGE),
    _article("60-references", "A text with 60 marks", slugs.MANY_REFERENCES),
    _articles_end(
        "60-references-list",
        "A list of 60 references",
        slugs.MANY_REFERENCES,
        ".references",
    ),
    _article(
        "withdrawn",
        "An address whose article was taken down: when, and what to read instead",
        slugs.WITHDRAWN,
    ),
    _article(
        "no-script",
        "The article where scripts are off",
        slugs.PUBLISHED,
        has_scripts=False,
    ),
    _article(
        "print",
        "The article as it is printed",
        slugs.PUBLISHED,
        is_printed=True,
        widths=PAPER,
    ),
    _page("search", "Results of a search", "/search/?q=knee"),
    _page("search-empty", "The search before a word is typed", "/search/"),
    _page("search-none", "A search that finds nothing", "/search/?q=zzzz"),
    _page("team", "The people of the location", "/team/"),
    _page("person", "One person", "/team/owen-marchetti/"),
    _page("location", "The location: hours, map, ways to reach it", "/location/"),
    _page("locations", "All locations of the network", "/locations/"),
    _page("locations-other", "Another location of the network", "/locations/edison/"),
    _page("awards", "The awards of the practice", "/awards/"),
    _page("preview", "A draft, by a link that staff have sent", "/preview/#{token}"),
    _page("preview-ended", "A link to a draft that has ended", "/preview/#none"),
    _page("no-such-page", "An address that the site does not have", "/nothing/"),
    _article("no-such", "An article that never was", "nothing"),
    _page(
        "api-fails",
        "The site while the server fails",
        "/articles/",
        before=(steps.api_fails,),
        steps=(steps.wait_for("Something went wrong"),),
    ),
    _page(
        "api-is-away",
        "The site while the server cannot be reached",
        "/articles/",
        before=(steps.api_is_away,),
        steps=(steps.wait_for("We cannot reach our server"),),
    ),
]
