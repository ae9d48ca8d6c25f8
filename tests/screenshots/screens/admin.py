"""The admin without its forms: login, first page, lists, import, what is ours."""

from __future__ import annotations

from typing import Any

from tests.content_models.pages import TEXT_PAGE
from tests.screenshots import steps

from .screen import Screen

_READ = (steps.write("Text of the page", TEXT_PAGE), steps.press("Read it"))
_CHECKED = (*_READ, steps.wait_for("things to check"))


def _page(name: str, shows: str, path: str, *does: steps.Step, **more: Any) -> Screen:
    usual = {"role": "editor", "is_loaded_once": True} | more
    return Screen(f"admin-{name}", shows, "web", f"/cms/{path}", steps=does, **usual)


def _home(role: str, **more: Any) -> Screen:
    shows = f"The first page of the admin, as {role} sees it"
    return _page(f"home-{role}", shows, "", role=role, **more)


def _list(name: str, shows: str, path: str, **more: Any) -> Screen:
    return _page(f"list-{name}", shows, path, **more)


def _snippets(name: str, shows: str, model: str) -> Screen:
    return _list(name, shows, f"snippets/content_models/{model}/")


def _settings(name: str, shows: str, path: str) -> Screen:
    return _list(name, shows, path, role="admin")


ADMIN = [
    _page("login", "Signing in", "login/", role=""),
    _home("writer"),
    _home("editor", is_dark_too=True),
    _home("reviewer"),
    _home("admin"),
    # --- Lists --------------------------------------------------------------------
    _list("articles", "All articles, with their state", "articles/"),
    _list("articles-writer", "All articles, for a writer", "articles/", role="writer"),
    _page(
        "list-articles-filters",
        "All articles, with the filters open",
        "articles/",
        steps.press("Show filters"),
    ),
    _list("articles-drafts", "What could be published", "articles/?state=draft"),
    _list("articles-none", "A search that finds no article", "articles/?q=zzzz"),
    _snippets("categories", "All categories", "category"),
    _snippets("tags", "All tags", "tag"),
    _list("sections", "The sections that sort articles for staff", "pages/{section}/"),
    _snippets("authors", "All authors, with what lapses next", "author"),
    _snippets("credential-types", "All kinds of credentials", "credentialtype"),
    _snippets("references", "All references", "reference"),
    _snippets("locations", "All locations", "location"),
    _snippets("awards", "All awards", "award"),
    _snippets("affiliations", "All affiliations", "affiliation"),
    _list("images", "All images", "images/"),
    _list("files", "All other files", "documents/"),
    _settings("users", "Who may log in", "users/"),
    _settings("groups", "The roles", "groups/"),
    _settings("locales", "The languages", "locales/"),
    _settings("sites", "The sites of the page tree", "sites/"),
    _list("channels", "All sites, with what each carries", "channels/", role="admin"),
    _list("webhooks", "Where sites hear of changes", "webhooks/", role="admin"),
    _list("sites-have", "What every site has of everything", "sites-have/"),
    _list(
        "sites-have-missing",
        "What has not arrived on every site",
        "sites-have/?state=missing",
    ),
    # --- From a list ----------------------------------------------------------------
    _page(
        "bulk-ticked",
        "Some articles ticked, and what can be done to all of them",
        "articles/",
        steps.tick(3),
    ),
    _page(
        "bulk-confirm",
        "The question before several articles are unpublished",
        "articles/",
        steps.tick(3),
        steps.press("Unpublish selected pages", "link"),
        steps.wait_for("Yes, unpublish"),
    ),
    _page(
        "appears-article",
        "Where an article appears, and where not and why",
        "appears/article/{article}/",
    ),
    _page(
        "appears-author",
        "Where an author appears",
        "appears/author/{author}/",
    ),
    _page(
        "versions",
        "What readers saw of an article, and on which days",
        "versions/{article}/",
        role="admin",
    ),
    _page("history", "Who has done what to an article", "pages/{article}/history/"),
    _page(
        "unpublish",
        "The question before an article is taken down",
        "pages/{article}/unpublish/",
    ),
    _page(
        "withdraw",
        "Taking an article off every site, with the reason that readers see",
        "withdraw/article/{article}/",
    ),
    _page(
        "withdraw-author",
        "Taking all that an author wrote off every site",
        "withdraw/author/{author}/",
    ),
    _page(
        "board",
        "Who has confirmed a withdrawal, and whom to call",
        "withdrawn/{waiting}/",
    ),
    _page(
        "board-done",
        "A withdrawal that every site has confirmed",
        "withdrawn/{confirmed}/",
    ),
    _page(
        "appears-having",
        "What each site has of an article, since when, and how we know",
        "appears/article/{article}/",
        at="#having",
    ),
    # --- Channels -------------------------------------------------------------------
    _page(
        "channel",
        "What a site carries now, and why, with its keys",
        "channels/inspect/{channel}/",
        role="admin",
    ),
    _page(
        "channel-behind",
        "How far a site is behind what its channel carries",
        "channels/inspect/{slow}/",
        at="#keeping",
    ),
    _page("channel-new", "A new partner", "channels/new/", role="admin"),
    _page(
        "channel-change",
        "What a change would take off a site, before it is saved",
        "channels/edit/{channel}/",
        steps.untick("Foot and ankle"),
        steps.press("Save"),
        steps.wait_for("This takes something away"),
        role="admin",
    ),
    _page(
        "channel-key",
        "Making a key for a site",
        "channels/{channel}/keys/make/",
        role="admin",
    ),
    _page(
        "webhook",
        "What a site was told, when, and how it answered",
        "webhooks/inspect/{hook}/",
        role="admin",
    ),
    _page("webhook-new", "A new webhook", "webhooks/new/", role="admin"),
    _page(
        "channel-bulk",
        "Some articles are put on a site",
        "bulk/wagtailcore/page/put_on_channel/?next=/cms/&id=all",
        steps.wait_for("Leave them as they are"),
    ),
    # --- Importing ------------------------------------------------------------------
    _page(
        "import-paste", "Importing a page: paste it, or choose a file", "import-page/"
    ),
    _page(
        "import-empty",
        "Importing a page: nothing was pasted",
        "import-page/",
        steps.press("Read it"),
    ),
    _page(
        "import-check",
        "Importing a page: the original beside the draft to be, things to check first",
        "import-page/",
        *_CHECKED,
    ),
    _page(
        "import-people",
        "Importing a page: the authors that were found",
        "import-page/",
        *_CHECKED,
        at="#people-section",
    ),
    _page(
        "import-made",
        "Importing a page: the draft was made",
        "import-page/",
        *_CHECKED,
        steps.write("Summary", "What to do in the first days."),
        steps.press("Create the draft"),
        steps.wait_for("New drafts"),
        changes_content=True,
    ),
    # --- Settings -------------------------------------------------------------------
    _page(
        "practice",
        "The settings of the practice",
        "settings/content_models/practice/{practice}/",
        role="admin",
    ),
]
