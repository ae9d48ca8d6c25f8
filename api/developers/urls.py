"""The pages below `/developers/`."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("", views.text, {"source": "start", "name": "developers"}, name="developers"),
    path(
        "microsite/",
        views.text,
        {"source": "microsite", "name": "developers-microsite"},
        name="developers-microsite",
    ),
    path(
        "embed/",
        views.text,
        {"source": "embed", "name": "developers-embed"},
        name="developers-embed",
    ),
    path(
        "webhooks/",
        views.text,
        {"source": "webhooks", "name": "developers-webhooks"},
        name="developers-webhooks",
    ),
    path(
        "sync/",
        views.text,
        {"source": "sync", "name": "developers-sync"},
        name="developers-sync",
    ),
    path("sync/mirror.py", views.example_mirror, name="developers-mirror"),
    path("microsite/index.html", views.example_page, name="developers-example"),
    path("reference/", views.reference_page, name="developers-reference"),
    path("explorer/", views.explorer, name="developers-explorer"),
    path("problems/", views.problem_list, name="developers-problems"),
    path("problems/<slug:name>/", views.problem, name="problem"),
    path(
        "terms/",
        views.text,
        {"source": "terms", "name": "developers-terms"},
        name="developers-terms",
    ),
    path("changes/", views.change_log, name="developers-changes"),
]
