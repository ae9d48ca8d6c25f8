"""What waits for somebody, or will soon: the questions behind lists and first page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
)
from django.db.models.functions import Cast, Coalesce
from wagtail.models import Revision, WorkflowState

from content_models.models import Article, Author, Credential
from content_models.models.base import Drafted

# How long before something falls due people want to hear of it.
REVIEW_AHEAD = timedelta(days=30)
LAPSE_AHEAD = timedelta(days=60)
# What lapsed earlier than that has been seen often enough.
LAPSED_AGO = timedelta(days=90)


def drafts() -> QuerySet[Article]:
    """Articles with something to publish that has no day yet."""
    changed = Q(live=False) | Q(has_unpublished_changes=True)
    return Article.objects.filter(changed).exclude(pk__in=_with_a_day())


def drafts_of(user: Any) -> QuerySet[Article]:
    """Those that `user` began or changed last, and that nobody is reviewing."""
    mine = Q(owner=user) | Q(latest_revision__user=user)
    article = ContentType.objects.get_for_model(Article)
    under_way = WorkflowState.objects.filter(
        content_type=article, status__in=[WorkflowState.STATUS_IN_PROGRESS, *_SENT_BACK]
    )
    busy = under_way.annotate(page_id=Cast("object_id", IntegerField()))
    return (
        drafts()
        .filter(mine)
        .exclude(pk__in=busy.values("page_id"))
        .order_by(*_NEWEST_CHANGE_FIRST)
    )


def under_review() -> QuerySet[WorkflowState]:
    """What lies with the medical reviewers, longest first."""
    article = ContentType.objects.get_for_model(Article)
    return (
        WorkflowState.objects.filter(
            content_type=article, status=WorkflowState.STATUS_IN_PROGRESS
        )
        .select_related("current_task_state__task__groupapprovaltask", "requested_by")
        .prefetch_related(
            "content_object", "current_task_state__task__groupapprovaltask__groups"
        )
        .order_by("current_task_state__started_at", "pk")
    )


def asked(state: WorkflowState) -> str:
    """Who is asked to approve it next: groups, or else what they are asked to do."""
    task = state.current_task_state.task
    approval = getattr(task, "groupapprovaltask", None)
    groups = approval.groups.all() if approval else []
    return ", ".join(group.name for group in groups) or task.name


def is_asked(state: WorkflowState, user: Any) -> bool:
    """Whether `user` is one of those who are to approve it next."""
    approval = getattr(state.current_task_state.task, "groupapprovaltask", None)
    groups = approval.groups.all() if approval else []
    return bool({group.pk for group in groups} & {one.pk for one in user.groups.all()})


def sent_by(user: Any) -> QuerySet[WorkflowState]:
    """What of it `user` has sent there."""
    return under_review().filter(requested_by=user)


def articles_under_review() -> QuerySet[Article]:
    ids = under_review().order_by().annotate(page_id=_PAGE_ID).values("page_id")
    return Article.objects.filter(pk__in=ids)


def sent_back_to(user: Any) -> QuerySet[WorkflowState]:
    """What `user` sent for review and a reviewer wants to have changed."""
    article = ContentType.objects.get_for_model(Article)
    return (
        WorkflowState.objects.filter(
            content_type=article, status__in=_SENT_BACK, requested_by=user
        )
        .select_related("current_task_state")
        .prefetch_related("content_object")
        .order_by("-current_task_state__finished_at")
    )


def reviews_due(today: date) -> QuerySet[Article]:
    """Published articles of which the medical review is due, the oldest first."""
    return Article.objects.filter(
        live=True, next_review_on__lte=today + REVIEW_AHEAD
    ).order_by("next_review_on", "pk")


def lapsing(today: date) -> QuerySet[Credential]:
    """Credentials of published authors that lapse soon or did so lately."""
    return (
        Credential.objects.filter(
            author__live=True,
            expires_on__gte=today - LAPSED_AGO,
            expires_on__lte=today + LAPSE_AHEAD,
        )
        .select_related("author", "type")
        .order_by("expires_on", "pk")
    )


def authors_with_lapsing(today: date) -> QuerySet[Author]:
    return Author.objects.filter(pk__in=lapsing(today).order_by().values("author"))


def scheduled(now: datetime) -> QuerySet[Article]:
    """Articles that will be published or taken down by themselves, the next first.

    Each says in `is_to_come` which of the two it is.
    """
    is_to_come = Q(pk__in=_with_a_day())
    return (
        Article.objects.filter(is_to_come | Q(live=True, expire_at__gt=now))
        .annotate(
            is_to_come=ExpressionWrapper(is_to_come, output_field=BooleanField()),
            on=Coalesce("go_live_at", "expire_at"),
        )
        .order_by("on", "pk")
    )


def recently_published() -> QuerySet[Article]:
    return Article.objects.filter(live=True).order_by(
        F("last_published_at").desc(nulls_last=True), "-pk"
    )


def where_it_stands(model: type[Drafted]) -> dict[str, Exists]:
    """Whether each row of `model` waits for its day, or is under review."""
    of_it = {
        "content_type": ContentType.objects.get_for_model(model),
        "object_id": Cast(OuterRef("pk"), TextField()),
    }
    approved = Revision.objects.filter(approved_go_live_at__isnull=False, **of_it)
    begun = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS, **of_it
    )
    return {"is_scheduled": Exists(approved), "is_under_review": Exists(begun)}


def _with_a_day() -> QuerySet[Revision, dict[str, Any]]:
    """The pages of which a version is approved and waits for its day, by id."""
    approved = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
    # Revisions name what they are of as text, whatever it is.
    return approved.annotate(page_id=Cast("object_id", IntegerField())).values(
        "page_id"
    )


# Workflows name what they are of as text, whatever it is.
_PAGE_ID = Cast("object_id", IntegerField())
_SENT_BACK = [WorkflowState.STATUS_NEEDS_CHANGES]
_NEWEST_CHANGE_FIRST = (F("latest_revision_created_at").desc(nulls_last=True), "-pk")
