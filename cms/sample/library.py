"""The tree of pages, and the articles in it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid5

from wagtail.models import Page, Site

from content_models.models import (
    Article,
    ArticleAuthor,
    ArticleCategory,
    ArticleLocation,
    ArticleReference,
    ArticleReviewer,
    Author,
    Category,
    Location,
    Reference,
    Section,
    Tag,
)

from . import content
from .loading import NAMESPACE, Loading, give
from .markup import Markup

SITE_TITLES = {"en": "Larkwater Physical Therapy", "es": "Larkwater Fisioterapia"}
SECTION_TITLES = {"en": "Articles", "es": "Artículos"}


def make_tree(loading: Loading) -> None:
    """The site's root and a section for articles, in both languages."""
    top = Page.get_first_root_node()
    for language in SITE_TITLES:
        home = _section(loading, top, "larkwater", language, SITE_TITLES[language])
        _section(loading, home, "articles", language, SECTION_TITLES[language])
    _move_in(loading)


def _section(
    loading: Loading, parent: Page, name: str, language: str, title: str
) -> Section:
    found = loading.find(Section, name, language)
    if found:
        return found
    section = Section(
        **loading.identity(Section, name),
        locale=loading.locales[language],
        title=title,
        slug=name if language == "en" else f"{name}-{language}",
    )
    parent.add_child(instance=section)
    return section


def _move_in(loading: Loading) -> None:
    """Make ours the site of a new installation, in the place of Wagtail's welcome."""
    home = loading.get(Section, "larkwater")
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
        return
    welcome = site.root_page
    is_untouched = (
        welcome.content_type.model_class() is Page and not welcome.get_children_count()
    )
    if is_untouched:
        site.root_page = home
        site.site_name = SITE_TITLES["en"]
        site.save()
        welcome.delete()


def make_article(loading: Loading, article: content.SampleArticle) -> Article:
    """Published, scheduled or left a draft, as its `state` says."""
    fields = _all_fields(article)
    state = fields.get("state", "published")
    page = _page(loading, article, fields)
    if state == "scheduled":
        page.go_live_at = loading.now + timedelta(days=fields["goes_live_in_days"])
    elif state == "published":
        page.first_published_at = loading.moment(fields["published_days_ago"])
    loading.get(Section, "articles", article.language).add_child(instance=page)
    page.tags.set([loading.get(Tag, name) for name in fields["tags"]])
    revision = page.save_revision()
    if state != "draft":
        revision.publish()
    return page


def _all_fields(article: content.SampleArticle) -> dict[str, Any]:
    """A translation has only what differs from its original."""
    if article.language == "en":
        return article.fields
    originals = {each.original: each for each in content.articles()}
    return originals[article.original].fields | article.fields


def _page(
    loading: Loading, article: content.SampleArticle, fields: dict[str, Any]
) -> Article:
    reviews = [
        (review["author"], loading.today - timedelta(days=review["days_ago"]))
        for review in fields["reviewers"]
    ]
    last = max((day for _, day in reviews), default=None)
    page = Article(
        **loading.identity(Article, article.original),
        locale=loading.locales[article.language],
        live=False,
        title=fields["title"],
        slug=article.slug,
        seo_title=fields["seo_title"],
        search_description=fields["seo_description"],
        summary=fields["summary"],
        image=loading.image(fields["image"]),
        body=_body(loading, article),
        last_reviewed_on=last,
        next_review_on=last + timedelta(days=365) if last else None,
    )
    give(
        page,
        authorships=[
            ArticleAuthor(author=loading.get(Author, name))
            for name in fields["authors"]
        ],
        reviews=[
            ArticleReviewer(reviewer=loading.get(Author, name), reviewed_on=day)
            for name, day in reviews
        ],
        citations=[
            ArticleReference(reference=loading.get(Reference, name))
            for name in fields["references"]
        ],
        filings=[
            ArticleCategory(category=loading.get(Category, name, article.language))
            for name in fields["categories"]
        ],
        places=[
            ArticleLocation(location=loading.get(Location, name))
            for name in fields["locations"]
        ],
    )
    return page


def _body(loading: Loading, article: content.SampleArticle) -> str:
    def article_id(slug: str) -> int | None:
        found = loading.find(Article, slug, article.language)
        return found.pk if found else None

    markup = Markup(article_id, lambda drawing: loading.image(drawing).pk)
    return json.dumps(
        [
            {
                "id": str(
                    uuid5(NAMESPACE, f"{article.language}:{article.slug}:{place}")
                ),
                "type": kind,
                "value": value,
            }
            for place, (kind, value) in enumerate(markup.blocks(article.body))
        ]
    )
