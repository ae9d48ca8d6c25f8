"""Where something appears: on which sites, inside of what, or why nowhere yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import date as formatted
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic.base import ContextMixin
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_latest_str
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.base import View
from wagtail.documents.models import Document as File
from wagtail.models import DraftStateMixin, Page
from wagtail.permissions import policy_registry

from api.channels.models import Channel
from api.documents.identity import MODELS, key_of, source_of
from api.documents.models import Document, Placement, Withdrawal
from api.documents.scene import Scene
from content_models import previews, usage
from content_models.models import Article, Image

from . import deciding
from .propagation.acts import board_of
from .propagation.having import Having
from .propagation.words import may_see

# A page names so many; the count says how many there are.
SHOWN = 50
_MODELS: dict[str, type[Model]] = {
    **{kind.value: model for kind, model in MODELS.items()},
    "image": Image,
    "document": File,
}


def address_of(thing: Any) -> str | None:
    """The screen that says where `thing` appears; None for what never does."""
    name = thing._meta.model_name
    if name not in _MODELS or not thing.pk:
        return None
    return reverse("where_it_appears", args=[name, thing.pk])


@dataclass(frozen=True)
class Use:
    """Something else that shows it: with where staff edit it and readers see it."""

    name: str
    kind: str
    edit_url: str | None
    public_url: str | None


class WhereItAppears(WagtailAdminTemplateMixin, ContextMixin, View):
    """`/cms/appears/{kind}/{pk}/`, for whoever may see the thing."""

    template_name = "desk/appears.html"
    page_title = "Where it appears"
    header_icon = "globe"

    @cached_property
    def thing(self) -> Any:
        model = _MODELS.get(self.kwargs["kind"])
        if model is None:
            raise Http404("Nothing of that kind appears anywhere.")
        return get_object_or_404(model, pk=self.kwargs["pk"])

    @cached_property
    def source(self) -> str:
        return source_of(type(self.thing), self.thing.pk)

    @cached_property
    def finder(self) -> AdminURLFinder:
        return AdminURLFinder(self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not _may_see(request.user, self.thing):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide by hand where an article is."""
        if not self._may_decide:
            raise PermissionDenied
        for sentence in deciding.apply(self.thing, request.POST):
            messages.warning(request, sentence)
        messages.success(
            request,
            "Saved. Where it may not be any more it is gone; where it is new it "
            "appears within minutes.",
        )
        return redirect(request.path)

    @property
    def _may_decide(self) -> bool:
        """Whoever may publish it decides where."""
        if not isinstance(self.thing, Article):
            return False
        return bool(self.thing.permissions_for_user(self.request.user).can_publish())

    def get_page_subtitle(self) -> str:
        return str(get_latest_str(self.thing))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        edit = self.finder.get_edit_url(self.thing)
        own = [{"url": edit, "label": self.get_page_subtitle()}] if edit else []
        return [*own, {"url": "", "label": "Where it appears"}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        document = self._document()
        placements = list(_placements(document, now))
        return super().get_context_data(
            thing=self.thing,
            kind=self.thing._meta.verbose_name,
            document=document if placements else None,
            placements=placements,
            sites=_sites(document, placements) if placements else [],
            reasons=[] if placements else _reasons(self.thing, Scene.at(now)),
            coming=list(_coming(self.thing, now)) if placements else [],
            shown_in=self._shown_in(now),
            drafts=self._drafts(),
            **self._deciding(document, now),
            **self._arriving(now),
            **kwargs,
        )

    def _deciding(self, document: Document | None, now: datetime) -> dict[str, Any]:
        """On which channels an article is, and what staff may decide about that."""
        if not isinstance(self.thing, Article):
            return {}
        return {
            "standings": deciding.standings(self.thing, document, now),
            "is_confined": deciding.is_confined(self.thing),
            "may_decide": self._may_decide,
            "choices": deciding.CHOICES,
        }

    def _arriving(self, now: datetime) -> dict[str, Any]:
        """What each site has of it, for those who see the sites."""
        if not may_see(self.request.user):
            return {}
        documents = Document.objects.filter(source=self.source)
        document = documents.order_by("-updated_at").first()
        is_withdrawn = document and document.withdrawn_kind == Withdrawal.WITHDRAWN
        return {
            "having": Having.of(document, now) if document else None,
            "board_url": board_of(document) if document and is_withdrawn else "",
        }

    def _document(self) -> Document | None:
        found = Document.objects.filter(source=self.source, withdrawn_at=None)
        return found.first()

    def _shown_in(self, now: datetime) -> list[Use]:
        """What readers see it in, as its document says what it was rendered from."""
        if isinstance(self.thing, File):
            return []
        visible = Placement.objects.visible_at(now).values("document_id")
        around = Document.objects.filter(
            keys__contains=[key_of(self.source)], pk__in=visible
        ).exclude(source=self.source)
        return [self._use(found) for found in around.order_by("title_sort")[:SHOWN]]

    def _use(self, document: Document) -> Use:
        kind, _, pk = document.source.partition(":")
        thing = _MODELS[kind]._default_manager.filter(pk=pk).first()
        name = get_latest_str(thing) if thing else document.slug
        url = self.finder.get_edit_url(thing) if thing else None
        return Use(str(name), document.get_type_display(), url, document.canonical_url)

    def _drafts(self) -> list[usage.Use]:
        """What will show it once it is published."""
        found = usage.uses(self.thing, self.request.user)
        return [use for use in found if not use.is_live][:SHOWN]


def _may_see(user: Any, thing: Any) -> bool:
    if isinstance(thing, Page):
        policy = policy_registry.get_by_type(Page)
        return bool(policy.user_has_any_permission(user, {"add", "change", "publish"}))
    policy = policy_registry.get_by_type(type(thing))
    seeing = {"add", "change", "delete", "view", "publish", "choose"}
    return bool(policy.user_has_any_permission(user, seeing))


def _placements(document: Document | None, now: datetime) -> Any:
    if document is None:
        return []
    placements = Placement.objects.visible_at(now).filter(document=document)
    return placements.select_related("channel").order_by("channel__name")


def _sites(
    document: Document | None, placements: list[Placement]
) -> list[dict[str, str]]:
    """The address on each of our sites that has pages of its kind.

    A site that has a channel of its own has what that carries.
    """
    if document is None or not document.path:
        return []
    path = f"{document.path}/" if document.path != "/" else "/"
    there = {one.channel_id for one in placements}
    elsewhere = Channel.objects.exclude(site_url="").exclude(pk__in=there)
    without = {url.rstrip("/") for url in elsewhere.values_list("site_url", flat=True)}
    return [
        {"label": site.label, "url": f"{site.url}{path}"}
        for site in previews.sites()
        if site.url.rstrip("/") not in without
    ]


def _day(moment: datetime) -> str:
    return formatted(timezone.localtime(moment), "DATETIME_FORMAT")


def _why_a_draft(thing: Any) -> str:
    scheduled = thing.scheduled_revision
    if scheduled is not None:
        day = _day(scheduled.approved_go_live_at)
        return f"It is scheduled: readers will see it from {day}."
    if thing.first_published_at:
        return "It was taken down, and is not published at the moment."
    if thing.workflow_in_progress:
        return "It is a draft, and is being reviewed."
    return "It is a draft: nobody has published it yet."


def _coming(thing: Any, now: datetime) -> Iterator[str]:
    """What will change for readers of something that they see now."""
    if not isinstance(thing, DraftStateMixin):
        return
    scheduled = thing.scheduled_revision
    if scheduled is not None:
        day = _day(scheduled.approved_go_live_at)
        yield f"A newer version is scheduled: readers will see it from {day}."
    elif thing.has_unpublished_changes:
        yield "There are changes that nobody has published yet: readers see none."
    if thing.expire_at and thing.expire_at > now:
        yield f"It will be taken down on {_day(thing.expire_at)}."


def _reasons(thing: Any, scene: Scene) -> list[str]:
    """Why readers see nothing of it, in sentences."""
    if isinstance(thing, File):
        return ["Texts carry no documents: this one is for staff alone."]
    if isinstance(thing, Image):
        private = not scene.is_public(thing)
        return ["It lies in a private collection."] if private else []
    if not getattr(thing, "live", True):
        if getattr(thing, "expired", False):
            return ["It has expired: its last day is past."]
        return [_why_a_draft(thing)]
    if scene.is_public(thing):
        return ["It is being brought up to date at this moment: look again."]
    expires = getattr(thing, "expire_at", None)
    if expires is not None and expires <= scene.now:
        return ["It has expired: its last day is past."]
    return ["It lies in a private section."]
