"""On which sites a draft can be looked at before anybody else sees it.

This floor knows the sites; how a draft is shown there, the floor above says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import PreviewableMixin

from content_models.models.practice import Practice

PRACTICE = "practice"


@dataclass(frozen=True)
class PreviewSite:
    """A web site that can show drafts; `url` has no slash at its end."""

    name: str
    label: str
    url: str


def sites() -> list[PreviewSite]:
    """The practice's own site and those of the published locations that have one."""
    practice = Practice.load()
    found = [PreviewSite(PRACTICE, practice.name, practice.base_url)]
    # Looked up: a location is itself shown on the sites.
    locations = apps.get_model("content_models", "Location")._default_manager
    with_site = locations.filter(live=True).exclude(site_url="")
    for slug, name, url in with_site.order_by("name").values_list(
        "slug", "name", "site_url"
    ):
        if url.rstrip("/") not in {site.url for site in found}:
            found.append(PreviewSite(slug, name, url.rstrip("/")))
    return found


def site_named(name: str) -> PreviewSite:
    """The site of that name. Raises Http404 where there is none any more."""
    for site in sites():
        if site.name == name:
            return site
    raise Http404(f"No site named {name!r} shows drafts.")


Serve = Callable[[Any, HttpRequest, PreviewSite], HttpResponse]

_served_by: Serve | None = None


def serve_with(serve: Serve) -> None:
    """Make `serve` answer whoever wants to see a draft."""
    global _served_by
    _served_by = serve


class ShownOnSites(PreviewableMixin):
    """What readers will see on the sites of the practice, and staff before them."""

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """The sites on which it can be looked at, by name and label."""
        return [(site.name, f"On the site of {site.label}") for site in sites()]

    def obstacles(self) -> list[str]:
        """What keeps it, or a part of it, from readers: in sentences for staff."""
        return []

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        if _served_by is None:
            raise Http404("Nothing here can show drafts.")
        return _served_by(self, request, site_named(mode_name))
