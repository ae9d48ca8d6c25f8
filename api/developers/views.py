"""The developers' pages. None of them reads the database."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from api import problems

from . import changes, example, texts
from .pages import kept, links, page, rendered
from .reference import reference


def text(request: HttpRequest, source: str, name: str) -> HttpResponse:
    """A page that is one of the Markdown files in `docs/developers`."""
    return page(request, "text", name, text=texts.read(source, links()))


def change_log(request: HttpRequest) -> HttpResponse:
    """`GET /developers/changes/`."""
    read = texts.rendered(changes.markdown(), links())
    return page(request, "text", "developers-changes", text=read)


def example_page(request: HttpRequest) -> HttpResponse:
    """`GET /developers/microsite/index.html`: the guide's microsite, to be saved."""
    # Saved, not shown: its script is its own, and none of this server's policy.
    headers = {"Content-Disposition": 'attachment; filename="index.html"'}
    return kept(request, HttpResponse(example.page(), headers=headers))


def example_mirror(request: HttpRequest) -> HttpResponse:
    """`GET /developers/sync/mirror.py`: the mirror of the guide, to be saved."""
    headers = {"Content-Disposition": 'attachment; filename="mirror.py"'}
    response = HttpResponse(
        example.mirror(), content_type="text/x-python; charset=utf-8", headers=headers
    )
    return kept(request, response)


def reference_page(request: HttpRequest) -> HttpResponse:
    """`GET /developers/reference/`."""
    return kept(request, HttpResponse(_reference()))


def explorer(request: HttpRequest) -> HttpResponse:
    """`GET /developers/explorer/`: Swagger UI, which asks this very server."""
    return page(
        request, "explorer", "developers-explorer", openapi_url=reverse("openapi")
    )


def problem_list(request: HttpRequest) -> HttpResponse:
    """`GET /developers/problems/`."""
    read = texts.read("problems", links())
    listed = [_explained(kind) for kind in problems.TYPES]
    return page(request, "problems", "developers-problems", text=read, problems=listed)


def problem(request: HttpRequest, name: str) -> HttpResponse:
    """`GET /developers/problems/{name}/`: where `type` in a problem document leads."""
    known = {kind.name: kind for kind in problems.TYPES}
    if name not in known:
        raise Http404
    explained = _explained(known[name])
    return page(request, "problem", "developers-problems", problem=explained)


@cache
def _reference() -> str:
    # It takes a quarter of a second, and only a new release changes it.
    return rendered("reference", "developers-reference", reference=reference())


def _explained(kind: type[problems.Problem]) -> dict[str, Any]:
    """What the pages say of a type; a template would make a problem of the class."""
    paragraphs = (kind.__doc__ or "").split("\n\n")
    return {
        "name": kind.name,
        "title": kind.title,
        "status": kind.status,
        "url": problems.type_url(kind.name),
        "paragraphs": [texts.line(each) for each in paragraphs],
    }
