"""Links to a draft for somebody without a login: made, copied and ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_latest_str
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.base import View

from cms.desk import preview
from cms.desk.models import Preview
from content_models import previews
from content_models.models import Article, Author, Location

_SHARED = {model._meta.model_name: model for model in (Article, Author, Location)}


def address_of(content: Any, user: Any) -> str | None:
    """The screen that shares `content`; None where `user` may not."""
    kind = content._meta.model_name
    if kind not in _SHARED or not content.pk or not preview.may_edit(user, content):
        return None
    return reverse("share_preview", args=[kind, content.pk])


class ShareView(WagtailAdminTemplateMixin, ContextMixin, View):
    """`/cms/share/{kind}/{pk}/`: the links there are, a new one, none any more."""

    template_name = "desk/share.html"
    page_title = "Share a preview"
    header_icon = "view"

    @cached_property
    def content(self) -> Any:
        model = _SHARED.get(self.kwargs["kind"])
        if model is None:
            raise Http404("Nothing of that kind has a page to share.")
        return get_object_or_404(model, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(get_latest_str(self.content))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        edit = AdminURLFinder(self.request.user).get_edit_url(self.content)
        return [
            {"url": edit, "label": self.get_page_subtitle()},
            {"url": "", "label": "Share a preview"},
        ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not preview.may_edit(request.user, self.content):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if ended := request.POST.get("end"):
            self._links().filter(pk=_number(ended)).update(ended_at=timezone.now())
            messages.success(request, "The link shows no draft any more.")
        else:
            site = previews.site_named(request.POST.get("site", previews.PRACTICE))
            preview.share(self.content, site, request.user)
            messages.success(request, "Copy the new link and send it.")
        return redirect(request.path)

    def _links(self) -> Any:
        shared = Preview.objects.shared().of(self.content)
        return shared.open_at(timezone.now()).select_related("made_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sites = {site.name: site for site in previews.sites()}
        links = [
            {
                "made": link,
                "site": sites[link.site],
                "address": preview.address_of(link, sites[link.site]),
            }
            for link in self._links()
            # Whoever made it may have left since.
            if link.site in sites and preview.may_edit(link.made_by, self.content)
        ]
        return super().get_context_data(
            kind=self.content._meta.verbose_name,
            sites=list(sites.values()),
            links=links,
            days=preview.SHARED.days,
            **kwargs,
        )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
