"""What an import has made, as the sentence that is shown afterwards."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.admin.admin_url_finder import AdminURLFinder

from content_models.importers.plan import Action, Plan


def of(plan: Plan, user: Any) -> SafeString:
    """The draft by name, what was made for it and what was there, each a link."""
    sentence = format_html("The draft “{}” was made.", plan.title)
    for action, words in (("create", "New drafts"), ("keep", "Already here")):
        links = _links(plan, action, user)  # type: ignore[arg-type]
        if links:
            sentence = format_html("{} {}: {}.", sentence, words, links)
    return sentence


def _links(plan: Plan, action: Action, user: Any) -> SafeString:
    finder = AdminURLFinder(user)
    things = [
        (step.content, step.kind)
        for step in plan.steps
        if step.action == action and step.kind != "article"
    ]
    return format_html_join(
        ", ", "{}", ((_link(thing, finder.get_edit_url(thing)),) for thing, _ in things)
    )


def _link(thing: Any, url: str | None) -> SafeString:
    """The thing by name; without a link for who may not open it."""
    name = str(thing)
    if url is None:
        return format_html("{}", name)
    # On the coloured bar of a message links would have nearly its colour.
    return format_html(
        '<a class="w-text-current w-underline" href="{}">{}</a>', url, name
    )
