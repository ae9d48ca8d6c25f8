"""The forms in which staff write, with what can be opened beside them."""

from __future__ import annotations

from typing import Any

from tests.screenshots import steps

from .screen import Screen

_ARTICLE = "/cms/pages/{article}/edit/"
_CHOOSE_AUTHORS = (
    steps.tab("People and sources"),
    steps.press("Add author"),
    steps.wait_for("Choose"),
)
# Two that are printed as the journals are, and one that nobody would find again.
_PRINTED = """\
1. Jette AM, Haley SM. Contemporary measurement techniques for rehabilitation outcomes
assessment. J Rehabil Med. 2005 Nov;37(6):339-45.
2. Kaptchuk, T. J., & Miller, F. G. (2015). Placebo effects in medicine. New England
Journal of Medicine, 373(1), 8-9. https://doi.org/10.1056/NEJMp1504023
3. Smith, personal notes on backs
"""
_SHARE = (
    steps.press("Actions"),
    steps.press("Share a preview", "link"),
    steps.wait_for("Make a link"),
)


def _form(name: str, shows: str, path: str, *does: steps.Step, **more: Any) -> Screen:
    usual = {"role": "editor", "is_loaded_once": True} | more
    return Screen(f"admin-{name}", shows, "web", path, steps=does, **usual)


def _snippet(name: str) -> str:
    return f"/cms/snippets/content_models/{name}/edit/{{{name}}}/"


EDITOR = [
    _form("article", "The editor of an article: title and summary", _ARTICLE),
    _form(
        "article-body",
        "The text of an article, in blocks",
        _ARTICLE,
        at="#panel-child-article-body-section",
    ),
    _form(
        "article-people",
        "Authors, reviewers and references of an article",
        _ARTICLE,
        steps.tab("People and sources"),
    ),
    _form(
        "article-belongs",
        "Categories, tags and locations of an article",
        _ARTICLE,
        steps.tab("Where it belongs"),
    ),
    _form(
        "article-address",
        "The address of an article, and what search engines are told",
        _ARTICLE,
        steps.tab("Address and search engines"),
    ),
    _form(
        "article-preview",
        "The editor with the article on the real site beside it",
        _ARTICLE,
        steps.press("Toggle preview"),
        steps.wait_in_preview("Preview of a draft"),
    ),
    _form(
        "article-checks",
        "The editor with what its checks have found",
        _ARTICLE,
        steps.press("Toggle checks"),
        steps.wait_until_checked,
    ),
    _form(
        "article-status",
        "The editor with state, schedule and lock beside it",
        _ARTICLE,
        steps.press("Toggle status"),
    ),
    _form(
        "article-menu",
        "What an editor may do with an article: publish, unpublish, submit for review",
        _ARTICLE,
        steps.press("More actions"),
        at="footer.footer",
    ),
    _form(
        "article-choose",
        "Choosing authors of an article",
        _ARTICLE,
        *_CHOOSE_AUTHORS,
    ),
    _form(
        "article-choose-new",
        "Making an author who is not there yet, without leaving the article",
        _ARTICLE,
        *_CHOOSE_AUTHORS,
        steps.tab("Paste or new"),
        steps.write("Given names", "Lisa"),
        steps.write("Family name", "Scarlino"),
    ),
    _form(
        "article-paste",
        "A pasted list of references, as it was read, the unsure parts marked",
        _ARTICLE,
        steps.tab("People and sources"),
        steps.press("Add reference"),
        steps.wait_for("Choose"),
        steps.tab("Paste or new"),
        steps.write("Paste references", _PRINTED),
        steps.press("Read it"),
        steps.wait_for("Choose these"),
    ),
    _form(
        "article-more",
        "The dots beside the title: where the article appears, sharing a preview",
        _ARTICLE,
        steps.press("Actions"),
    ),
    _form(
        "share",
        "Sharing a preview: the links that there are",
        "/cms/pages/{under_review}/edit/",
        *_SHARE,
    ),
    _form(
        "share-none",
        "Sharing a preview: no link yet",
        "/cms/pages/{draft}/edit/",
        *_SHARE,
    ),
    _form(
        "article-scheduled",
        "An article that is published on a day to come",
        "/cms/pages/{scheduled}/edit/",
    ),
    _form(
        "article-under-review",
        "An article under review, as its medical reviewer sees it",
        "/cms/pages/{under_review}/edit/",
        role="reviewer",
    ),
    _form(
        "article-review-menu",
        "What a medical reviewer may do: approve, or ask for changes",
        "/cms/pages/{under_review}/edit/",
        steps.press("More actions"),
        at="footer.footer",
        role="reviewer",
    ),
    _form(
        "article-sent-back",
        "A draft that came back from review, as its writer sees it",
        "/cms/pages/{sent_back}/edit/",
        role="writer",
    ),
    _form(
        "article-submit",
        "What a writer may do with a draft: submit it to medical review",
        "/cms/pages/{draft}/edit/",
        steps.press("More actions"),
        at="footer.footer",
        role="writer",
    ),
    _form(
        "article-locked",
        "An article that somebody else has locked",
        "/cms/pages/{locked}/edit/",
        role="writer",
    ),
    _form("author", "The form of an author", _snippet("author")),
    _form("reference", "The form of a reference", _snippet("reference")),
    _form("location", "The form of a location", _snippet("location")),
    _form("award", "The form of an award", _snippet("award")),
]
