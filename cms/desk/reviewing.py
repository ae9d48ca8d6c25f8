"""An article under review: what a reviewer does first, what a writer has to mend."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from wagtail.admin.action_menu import (
    ActionMenuItem,
    CancelWorkflowMenuItem,
    WorkflowMenuItem,
)
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, WorkflowState

from content_models import waiting


def order_actions(items: list[ActionMenuItem], page: Page | None, user: Any) -> None:
    """Put first what is asked of `user`, and what ends a review last.

    A superuser may approve whatever waits for others, but is not the one it waits for:
    there the first button stays what it is for everybody who writes.
    """
    decisions = sorted(
        (item for item in items if isinstance(item, WorkflowMenuItem)), key=_rank
    )
    ends = [item for item in items if isinstance(item, CancelWorkflowMenuItem)]
    others = [item for item in items if item not in decisions and item not in ends]
    state = page and page.current_workflow_state
    if decisions and state and waiting.is_asked(state, user):
        decisions[0].template_name = "desk/first_decision.html"
        items[:] = [*decisions, *others, *ends]
    else:
        items[:] = [*others[:1], *decisions, *others[1:], *ends]


def _rank(decision: WorkflowMenuItem) -> tuple[bool, bool]:
    """To approve, to ask for changes, and to approve with a comment."""
    approves = decision.name == "approve"
    return (approves and decision.launch_modal, not approves)


def say_what_is_asked_for(request: HttpRequest, page: Page) -> None:
    """Show whoever opens an article that was sent back what the reviewer said."""
    state = page.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return
    answer = state.current_task_state
    who = answer.finished_by and get_user_display_name(answer.finished_by)
    comment = f": “{answer.comment}”" if answer.comment else "."
    messages.warning(request, f"{who or 'A reviewer'} asks for changes{comment}")
