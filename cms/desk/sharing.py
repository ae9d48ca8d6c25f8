"""Links to a draft for somebody without a login: made, copied and taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.base import View

from cms.desk import preview
from cms.desk.models import Preview
from content_models import previews
from content_models.models import Article


class ShareView(WagtailAdminTemplateMixin, ContextMixin, View):
    """`/cms/articles/{pk}/share/`: the links there are, a new one, none any more."""

    template_name = "desk/share.html"
    page_title = "Share a preview"
    header_icon = "view"

    @cached_property
    def article(self) -> Article:
        return get_object_or_404(Article, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.article.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.article.pk])
        return [
            {"url": edit, "label": self.get_page_subtitle()},
            {"url": "", "label": "Share a preview"},
        ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.article.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if taken_back := request.POST.get("take_back"):
            self._links().filter(pk=_number(taken_back)).delete()
            messages.success(request, "The link shows no draft any more.")
        else:
            site = previews.site_named(request.POST.get("site", previews.PRACTICE))
            preview.share(self.article, site, request.user)
            messages.success(request, "Copy the new link and send it.")
        return redirect(request.path)

    def _links(self) -> Any:
        shared = Preview.objects.shared().filter(page_id=self.article.pk)
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
            if link.site in sites
        ]
        return super().get_context_data(
            article=self.article,
            sites=list(sites.values()),
            links=links,
            days=preview.SHARED.days,
            **kwargs,
        )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
