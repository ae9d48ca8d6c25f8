"""The pages below `/developers/`."""

from __future__ import annotations

from django.urls import path

from . import views

TEXTS = ("microsite", "feeds", "embed", "webhooks", "sync", "terms")

urlpatterns = [
    path("", views.text, {"source": "start", "name": "developers"}, name="developers"),
    *(
        path(
            f"{text}/",
            views.text,
            {"source": text, "name": f"developers-{text}"},
            name=f"developers-{text}",
        )
        for text in TEXTS
    ),
    path("sync/mirror.py", views.example_mirror, name="developers-mirror"),
    path("microsite/index.html", views.example_page, name="developers-example"),
    path("reference/", views.reference_page, name="developers-reference"),
    path("explorer/", views.explorer, name="developers-explorer"),
    path("problems/", views.problem_list, name="developers-problems"),
    path("problems/<slug:name>/", views.problem, name="problem"),
    path("changes/", views.change_log, name="developers-changes"),
]
