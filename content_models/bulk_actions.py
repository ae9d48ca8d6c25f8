"""Publishing and taking down many at once, for content that is not a page.

Wagtail has both for pages, and for the rest only deletion.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from django.utils.functional import classproperty
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import DraftStateMixin
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.models import get_snippet_models

from content_models.usage import Use, is_used, uses


class _ForDrafted(SnippetBulkAction):
    """For whoever may publish; what somebody else has locked is left as it is."""

    template_name = "content_models/bulk_actions/confirm.html"
    # What the page asks, and what the message says of the things afterwards.
    question: ClassVar[str]
    done: ClassVar[str]
    # Of the button that does it: “no” for what takes something from readers.
    button_class: ClassVar[str] = ""

    @classproperty
    def models(cls) -> list[type[Model]]:
        return [
            model
            for model in get_snippet_models()
            if issubclass(model, DraftStateMixin)
        ]

    def check_perm(self, thing: Any) -> bool:
        lock = thing.get_lock()
        if lock is not None and lock.for_user(self.request.user):
            return False
        return bool(
            self.permission_policy.user_has_permission_for_instance(
                self.request.user, "publish", thing
            )
        )

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "user": self.request.user}

    def get_success_message(self, count: int, children: int) -> str:
        meta = self.model._meta
        kind = meta.verbose_name if count == 1 else meta.verbose_name_plural
        return f"{count} {kind} {self.done}."


class ContentBulkPublish(_ForDrafted):
    display_name = "Publish"
    action_type = "publish"
    aria_label = "Publish what is selected"
    action_priority = 10
    question = "Publish the newest version of each?"
    done = "published"

    @classmethod
    def execute_action(
        cls, objects: list[Any], user: Any = None, **kwargs: Any
    ) -> tuple[int, int]:
        # In one order, so that two people who publish the same ones do not lock each
        # other out.
        for thing in sorted(objects, key=lambda thing: thing.pk):
            revision = thing.get_latest_revision() or thing.save_revision(user=user)
            revision.publish(user=user)
        return len(objects), 0


class ContentBulkUnpublish(_ForDrafted):
    display_name = "Unpublish"
    action_type = "unpublish"
    aria_label = "Unpublish what is selected"
    action_priority = 20
    question = "Take these down? They stay here as drafts."
    done = "taken down"
    button_class = "no"

    def object_context(self, thing: Any) -> dict[str, Any]:
        shown: list[Use] = []
        if is_used(thing):
            shown = [use for use in uses(thing, self.request.user) if use.is_live]
        return {**super().object_context(thing), "shown_in": shown}

    @classmethod
    def execute_action(
        cls, objects: list[Any], user: Any = None, **kwargs: Any
    ) -> tuple[int, int]:
        for thing in sorted(objects, key=lambda thing: thing.pk):
            UnpublishAction(thing, user=user).execute(skip_permission_checks=True)
        return len(objects), 0
