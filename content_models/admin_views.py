"""Wagtail's admin views, where content has rules of its own."""

from __future__ import annotations

from typing import Any

from django.forms import BaseModelForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View
from wagtail import hooks
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.pages.revisions import RevisionsCompareView
from wagtail.admin.views.pages.workflow import (
    PreviewRevisionForTaskView,
    WorkflowActionView,
)
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.documents.views.documents import EditView as WagtailDocumentEditView
from wagtail.images.views.bulk_actions import (
    AddToCollectionBulkAction as ImageCollectionBulkAction,
)
from wagtail.images.views.bulk_actions import DeleteBulkAction as ImageDeleteBulkAction
from wagtail.images.views.images import DeleteView as WagtailImageDeleteView
from wagtail.images.views.images import EditView as WagtailImageEditView
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.views.snippets import DeleteView, EditView

from content_models.usage import refuse_if_used


class _DeletesOnlyWhatIsUnused:
    """Before anything is deleted: what is used stays, wherever it is used."""

    object: Any
    usage: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        # Wagtail itself looks at database rows only; the page then shows no button.
        context["is_protected"] = bool(self.usage and self.usage.count())
        return context

    def form_valid(self, form: BaseModelForm[Any]) -> HttpResponseBase:
        refuse_if_used(self.object)
        response: HttpResponseBase = super().form_valid(form)  # type: ignore[misc]
        return response


class ContentDeleteView(_DeletesOnlyWhatIsUnused, DeleteView):
    pass


class ImageDeleteView(_DeletesOnlyWhatIsUnused, WagtailImageDeleteView):
    pass


class _DeletesAllOrNothing:
    """If one of many is in use, none is deleted, and the sentence says which."""

    is_protected: bool
    request: Any

    def annotate_items(self, items: Any) -> Any:
        items = super().annotate_items(items)  # type: ignore[misc]
        self.is_protected = any(item._usage_references.count() for item in items)
        return items

    def prepare_action(self, objects: list[Any], without_access: list[Any]) -> None:
        for thing in objects:
            refuse_if_used(thing)


class ContentBulkDelete(_DeletesAllOrNothing, DeleteBulkAction):
    pass


class ImageBulkDelete(_DeletesAllOrNothing, ImageDeleteBulkAction):
    pass


class ImageBulkMove(ImageCollectionBulkAction):
    """Moves images one by one: Wagtail's update sends no signal, and publishes nothing.

    Whether a picture may be shown is decided by the collection it is in.
    """

    @classmethod
    def execute_action(
        cls, images: list[Any], collection: Any = None, **kwargs: Any
    ) -> tuple[int, int]:
        # In one order, so that two people who move the same ones do not lock each
        # other out.
        for image in sorted(images, key=lambda image: image.pk):
            image.collection = collection
            image.save(update_fields=["collection"])
        return len(images), 0


class ReadForReviewView(PreviewRevisionForTaskView):
    """Where the mail that asks for a review leads: to the text, in the editor."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect("wagtailadmin_pages:edit", self.object.pk)


def sees_all_articles(user: Any) -> bool:
    """Whether the list of articles is open to `user`: not so for medical reviewers."""
    policy = policy_registry.get_by_type(Page)
    return bool(policy.user_has_any_permission(user, {"add", "change", "publish"}))


def done_with_articles(user: Any) -> str:
    """Where somebody goes who is done with one: the list of them, or the first page.

    Medical reviewers see only what waits for them, and that stands there.
    """
    return reverse("articles:index" if sees_all_articles(user) else "wagtailadmin_home")


class ArticleWorkflowActionView(WorkflowActionView):
    """Approving or asking for changes leads to where that was asked for.

    Wagtail leads to the editor, which who has just approved may not see any more.
    """

    def get_redirect_url(self) -> str:
        next_url = get_valid_next_url_from_request(self.request)
        return next_url or done_with_articles(self.request.user)


class ArticleCompareView(RevisionsCompareView):
    """What has changed, also for medical reviewers while they read an article.

    Wagtail opens it to those who may work at some section only, and offers it to all.
    Whether somebody may edit this article is asked when it is fetched.
    """

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        return View.dispatch(self, request, *args, **kwargs)


class _LeadsOn:
    """An edit page that leads to what the floor above knows of the thing."""

    object: Any

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        made = hooks.get_hooks("register_content_header_buttons")
        own: list[HeaderButton] = super().header_buttons  # type: ignore[misc]
        return [*own, *(button for make in made for button in make(self.object))]


class ImageEditView(_LeadsOn, WagtailImageEditView):
    pass


class DocumentEditView(_LeadsOn, WagtailDocumentEditView):
    pass


class ContentEditView(_LeadsOn, EditView):
    """An edit page that leads to where readers see it, once there is such a place."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons: list[HeaderButton] = list(super().header_buttons)
        address = getattr(self.live_object, "canonical_url", None)
        if address and self.live_object.live:
            buttons.append(
                HeaderButton(
                    "View on site",
                    url=address,
                    icon_name="globe",
                    attrs={"target": "_blank", "rel": "noreferrer"},
                )
            )
        return buttons

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = list(super().header_more_buttons)
        for made in hooks.get_hooks("register_content_more_buttons"):
            buttons.extend(made(self.object, self.request.user))
        return buttons
