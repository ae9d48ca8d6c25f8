from __future__ import annotations

from django.urls import path

from .formats import FORMATS
from .views import ArticleFeed

urlpatterns = [
    path(
        f"<slug:channel>/articles.{form.ending}",
        ArticleFeed.as_view(form=form),
        name=f"feed-{form.ending}",
    )
    for form in FORMATS
]
