"""Importing a page: it is handed in, checked beside its original, and made a draft."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    ValidationError,
)
from django.db import IntegrityError, transaction
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from content_models.import_screen import doubts, draft, original, report
from content_models.import_screen.draft import Draft
from content_models.import_screen.intake import (
    TOO_LARGE,
    IntakeForm,
    PageForm,
    may_import,
)
from content_models.importers import plan
from content_models.importers.sources import SourceError

READ, MAKE = "import_page", "import_page_make"

_AT_THE_SAME_MOMENT = (
    "Nothing was made: somebody else has just saved something with the same address, "
    "name or number. Look through this once more, then create the draft again."
)
_READ_ANEW = (
    "The original was changed, so it was read again. Look through what was found once "
    "more, then create the draft."
)


def within_limits(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """`view`, with a sentence for what is too large to be taken.

    Looking for the token reads what was sent, so that is done after the limits are met.
    """
    protected = csrf_protect(view)

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            bool(request.POST)
        except (RequestDataTooBig, TooManyFieldsSent):
            messages.error(request, f"That is too large. {TOO_LARGE}")
            return redirect(READ)
        return protected(request, *args, **kwargs)

    return csrf_exempt(limited)


@method_decorator(within_limits, name="dispatch")
class _Screen(WagtailAdminTemplateMixin, View):
    page_title = "Import a page"
    header_icon = "download"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [*super().get_breadcrumbs_items()]
        if self.page_title != _Screen.page_title:
            items.append({"url": reverse(READ), "label": _Screen.page_title})
        return [*items, {"url": "", "label": self.page_title}]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def hand_in(self, form: PageForm) -> HttpResponse:
        self.template_name = "content_models/import_screen/hand_in.html"
        return self.render_to_response(self.get_context_data(form=form))

    def check(self, page: PageForm, found: Draft) -> HttpResponse:
        self.page_title = "Check the page"
        self.template_name = "content_models/import_screen/check.html"
        return self.render_to_response(
            self.get_context_data(
                page=page,
                draft=found,
                original=original.marked(page.cleaned_data["text"], found.found),
                doubts=doubts.of(found),
                left_out=[n for n in found.found.notes if n.kind == "left out"],
                media=sum((form.media for form in found.people), Media()),
                make_url=reverse(MAKE),
                read_url=reverse(READ),
            )
        )

    def read(self, page: PageForm, data: Any = None) -> Draft | None:
        """The draft of what was handed in; None, with an error, where it is no page."""
        cleaned = page.cleaned_data
        try:
            found = draft.read(cleaned["text"], cleaned["address"])
        except SourceError as refused:
            page.add_error("text", str(refused))
            return None
        return Draft(found, cleaned["section"], self.request.user, data)


class ReadView(_Screen):
    """Where a page is handed in; what was found in it is shown, nothing is saved."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.hand_in(IntakeForm(user=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = IntakeForm(request.POST, request.FILES, user=request.user)
        if not form.is_valid():
            return self.hand_in(form)
        page = PageForm(form.as_read(), user=request.user)
        found = self.read(page) if page.is_valid() else None
        if found is None:
            place = "file" if form.cleaned_data.get("file") else "text"
            form.add_error(place, [str(e) for e in page.errors.get("text", [])])
            return self.hand_in(form)
        return self.check(page, found)


class MakeView(_Screen):
    """Makes the draft of what was found and corrected: all of it, or nothing."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return redirect(READ)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        # Imports come one after the other: else two people with the same page would
        # both find that it is not here yet.
        Page.objects.select_for_update(no_key=True).get(depth=1)
        page = PageForm(request.POST, user=request.user)
        found = self.read(page, request.POST) if page.is_valid() else None
        if found is None:
            return self.hand_in(page)
        if request.POST.get("fingerprint") != page.fingerprint:
            messages.warning(request, _READ_ANEW)
            found.data = None
            return self.check(page, found)
        if not found.is_valid():
            messages.error(request, "Nothing was made yet: put right what is marked.")
            return self.check(page, found)
        return self._make(page, found)

    def _make(self, page: PageForm, found: Draft) -> HttpResponseBase:
        planned = found.plan()
        try:
            with transaction.atomic():
                plan.apply(planned)
        except ValidationError as refused:
            messages.error(
                self.request, f"Nothing was made. {' '.join(refused.messages)}"
            )
            return self.check(page, found)
        except IntegrityError:
            messages.error(self.request, _AT_THE_SAME_MOMENT)
            return self.check(page, found)
        messages.success(self.request, report.of(planned, self.request.user))
        made = planned.article
        return redirect("wagtailadmin_pages:edit", made.pk if made else None)
