"""Migrations say what the models say, and can be taken back. Needs no database."""

from __future__ import annotations

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL
from django.db.migrations.state import ProjectState
from django.utils import translation

OURS = {"channels", "cms", "content_models", "desk", "documents", "webhooks"}


def test_no_migration_is_missing():
    loader = MigrationLoader(None)

    # As the command does: migrations hold Wagtail's own words, not staff's.
    with translation.override(None):
        changes = MigrationAutodetector(
            loader.project_state(), ProjectState.from_apps(apps)
        ).changes(graph=loader.graph)

    missing = {label: found for label, found in changes.items() if label in OURS}
    assert missing == {}


def test_every_migration_can_be_taken_back():
    loader = MigrationLoader(None)

    one_way = [
        f"{label}.{name}: {operation.describe()}"
        for (label, name), migration in loader.disk_migrations.items()
        if label in OURS
        for operation in migration.operations
        if isinstance(operation, RunPython | RunSQL) and not operation.reversible
    ]

    assert one_way == []


def test_each_app_has_one_newest_migration():
    assert MigrationLoader(None).detect_conflicts() == {}
