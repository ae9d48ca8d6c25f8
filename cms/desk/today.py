"""The admin's first page: what waits for me, what will go wrong, what has come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.components import Component
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, WorkflowState
from wagtail.permissions import policy_registry

from content_models import waiting
from content_models.admin_views import sees_all_articles
from content_models.models import Article, Author, Credential, Practice

from .standing import GOOD, LATE, State

SHOWN = 6


DRAFT = State("Draft")
REVIEWED = State("Under review")
CHANGED = State("Published, changed since", GOOD)
SENT_BACK = State("Changes asked for", LATE)
OVERDUE = State("Overdue", LATE)
DUE = State("Due soon")
LAPSED = State("Lapsed", LATE)
LAPSES = State("Lapses soon")
COMES = State("Will be published", GOOD)
GOES = State("Will be taken down")
LIVE = State("Published", GOOD)


@dataclass(frozen=True)
class Row:
    """One thing: its name with where to go on with it, how it stands, since when."""

    name: str
    url: str | None
    state: State
    at: date | datetime | None
    note: str = ""


class Panel(Component):
    """One heading with the first rows of a longer list, or a sentence instead."""

    template_name = "desk/today_panel.html"
    name = ""
    order = 0
    heading = ""
    empty = ""
    # What the column of dates says.
    when = ""

    def __init__(self, user: Any, today: date) -> None:
        self.user, self.today = user, today
        self.finder = AdminURLFinder(user)

    def things(self) -> QuerySet[Any]:
        """All that belongs here, what matters most first."""
        raise NotImplementedError

    def row(self, thing: Any) -> Row:
        raise NotImplementedError

    def see_all(self) -> str | None:
        """The address of a list of everything that belongs here."""
        return None

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        things = self.things()
        first = list(things[: SHOWN + 1])
        has_more = len(first) > SHOWN
        return {
            "panel": self,
            "rows": [self.row(thing) for thing in first[:SHOWN]],
            "count": things.count() if has_more else len(first),
            "see_all": self.see_all() if has_more else None,
        }

    def articles(self, **query: str) -> str | None:
        """The address of the list of articles, for those to whom it is open."""
        if not sees_all_articles(self.user):
            return None
        pairs = "&".join(f"{name}={value}" for name, value in query.items())
        return f"{reverse('articles:index')}?{pairs}"

    def leads_to(self, article: Article) -> str | None:
        """Where `article` is edited, or else read."""
        edit: str | None = self.finder.get_edit_url(article)
        return edit or (article.canonical_url if article.live else None)


class SentBack(Panel):
    name = "sent_back"
    order = 100
    heading = "Sent back to you"
    when = "Since"

    def things(self) -> QuerySet[WorkflowState]:
        return waiting.sent_back_to(self.user)

    def row(self, state: WorkflowState) -> Row:
        article = state.content_object
        comment = state.current_task_state.comment
        url = self.finder.get_edit_url(article)
        finished = state.current_task_state.finished_at
        return Row(article.get_admin_display_title(), url, SENT_BACK, finished, comment)


class Drafts(Panel):
    name = "drafts"
    order = 230
    heading = "Your drafts"
    empty = "You have no drafts: all that you wrote is published or under review."
    when = "Last changed"

    def things(self) -> QuerySet[Article]:
        return waiting.drafts_of(self.user)

    def row(self, article: Article) -> Row:
        return Row(
            article.get_admin_display_title(),
            self.finder.get_edit_url(article),
            CHANGED if article.live else DRAFT,
            article.latest_revision_created_at,
        )

    def see_all(self) -> str | None:
        return self.articles(owner=self.user.pk, state="draft")


class UnderReview(Panel):
    """What waits for reviewers: sent by all, for those who publish, else by oneself."""

    name = "under_review"
    order = 235
    heading = "With the medical reviewers"
    empty = "Nothing waits for a medical reviewer."
    when = "Since"

    def things(self) -> QuerySet[WorkflowState]:
        if _sees_all_reviews(self.user):
            return waiting.under_review()
        return waiting.sent_by(self.user)

    def row(self, state: WorkflowState) -> Row:
        article, sender = state.content_object, state.requested_by
        is_mine = sender is None or sender == self.user
        sent = "" if is_mine else f"Sent by {get_user_display_name(sender)}. "
        return Row(
            article.get_admin_display_title(),
            self.finder.get_edit_url(article),
            REVIEWED,
            state.current_task_state.started_at,
            f"{sent}Waits for: {waiting.asked(state)}.",
        )

    def see_all(self) -> str | None:
        return self.articles(state="review")


class ReviewsDue(Panel):
    name = "reviews_due"
    order = 240
    heading = "Medical review is due"
    empty = f"No review falls due in the next {waiting.REVIEW_AHEAD.days} days."
    when = "Due"

    def things(self) -> QuerySet[Article]:
        return waiting.reviews_due(self.today)

    def row(self, article: Article) -> Row:
        due = article.next_review_on
        is_late = due is not None and due < self.today
        url = self.leads_to(article)
        state = OVERDUE if is_late else DUE
        return Row(article.get_admin_display_title(), url, state, due)

    def see_all(self) -> str | None:
        return self.articles(review_is_due="true")


class Credentials(Panel):
    name = "credentials"
    order = 250
    heading = "Credentials that lapse"
    empty = f"No credential lapses in the next {waiting.LAPSE_AHEAD.days} days."
    when = "Last day"

    def things(self) -> QuerySet[Credential]:
        return waiting.lapsing(self.today)

    def row(self, held: Credential) -> Row:
        has_lapsed = held.expires_on is not None and held.expires_on < self.today
        return Row(
            f"{held.author}, {held.type.abbreviation}",
            self.finder.get_edit_url(held.author),
            LAPSED if has_lapsed else LAPSES,
            held.expires_on,
            "It is in no byline any more." if has_lapsed else "",
        )

    def see_all(self) -> str:
        name = Author.snippet_viewset.get_url_name("list")
        return f"{reverse(name)}?lapsing=true"


class Scheduled(Panel):
    name = "scheduled"
    order = 260
    heading = "Scheduled"
    empty = "Nothing is waiting for its day."
    when = "On"

    def things(self) -> QuerySet[Article]:
        return waiting.scheduled(timezone.now())

    def row(self, article: Article) -> Row:
        comes = article.is_to_come
        return Row(
            article.get_admin_display_title(),
            self.leads_to(article),
            COMES if comes else GOES,
            article.go_live_at if comes else article.expire_at,
        )

    def see_all(self) -> str | None:
        return self.articles(state="scheduled")


class Published(Panel):
    name = "published"
    order = 270
    heading = "Recently published"
    empty = "Nothing is published yet. Write an article, or import a page you have."
    when = "Published"

    def things(self) -> QuerySet[Article]:
        return waiting.recently_published()

    def row(self, article: Article) -> Row:
        return Row(
            article.get_admin_display_title(),
            self.leads_to(article),
            LIVE,
            article.last_published_at,
        )

    def see_all(self) -> str | None:
        return self.articles(state="published")


WRITING: Sequence[type[Panel]] = (SentBack, Drafts, UnderReview)
WATCHING: Sequence[type[Panel]] = (ReviewsDue, Credentials, Scheduled, Published)
# Wagtail's own panel of what waits for my approval; the other repeats what is here.
TO_APPROVE = "workflow_objects_to_moderate"


def kept_of_wagtails(user: Any) -> tuple[str, ...]:
    """A superuser may approve all that waits, but is not the one it waits for."""
    return () if user.is_superuser else (TO_APPROVE,)


def panels_for(user: Any) -> Iterator[Panel]:
    """What `user` has to see; reviewers, who write nothing, see no drafts."""
    today = Practice.load().today(timezone.now())
    for panel in (
        *(WRITING if sees_all_articles(user) else ()),
        *WATCHING,
    ):
        yield panel(user, today)


def _sees_all_reviews(user: Any) -> bool:
    return bool(policy_registry.get_by_type(Page).user_has_permission(user, "publish"))
