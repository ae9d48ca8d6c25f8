"""Wagtail's own tasks run after the commit of what they are about, or not at all."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django_tasks import TaskResult
from django_tasks.backends.immediate import ImmediateBackend


class AfterCommit(ImmediateBackend):
    """Runs each task at once, in this process, after the commit.

    Wagtail asks for its reference index while an object is being saved, before its
    relations are: read then, it would say for ever that a tag is used which was just
    taken off. And a task that fails inside of a transaction would spoil it.
    """

    def _execute_task(self, task_result: TaskResult) -> None:
        run = partial(super()._execute_task, task_result)
        transaction.on_commit(run, robust=True)
