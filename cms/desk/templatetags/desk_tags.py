from __future__ import annotations

from datetime import date, datetime

from django import template
from django.template.defaultfilters import date as formatted
from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from wagtail.admin.forms.search import SearchForm

from content_models.admin_views import sees_all_articles
from content_models.models import Practice

register = template.Library()


@register.simple_tag(takes_context=True)
def article_search(context: template.Context) -> SearchForm | None:
    """The field that searches all articles, for those to whom their list is open."""
    if not sees_all_articles(context["request"].user):
        return None
    return SearchForm(placeholder="Search all articles…")


@register.inclusion_tag("desk/when.html")
def when(at: date | datetime) -> dict[str, object]:
    """A moment or a day as "in 3 days" or "2 hours ago", in full where one points."""
    if isinstance(at, datetime):
        return {"at": at, "text": _moment(at), "full": formatted(at, "DATETIME_FORMAT")}
    today = Practice.load().today(timezone.now())
    return {"at": at, "text": _day(at, today), "full": formatted(at, "DATE_FORMAT")}


def _moment(at: datetime) -> str:
    now = timezone.now()
    if at > now:
        return f"In {timeuntil(at, now, depth=1)}"
    return f"{timesince(at, now, depth=1)} ago".capitalize()


def _day(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if day > today:
        return f"In {timeuntil(day, today, depth=1)}"
    return f"{timesince(day, today, depth=1)} ago"
