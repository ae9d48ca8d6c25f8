"""The rows without which nothing can be published: the counter, and `public`."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("documents", "Counter").objects.get_or_create(pk=1)
    public, _ = apps.get_model("channels", "Channel").objects.get_or_create(
        slug="public", defaults={"name": "Everything published", "is_open": True}
    )
    apps.get_model("documents", "Head").objects.get_or_create(channel=public)


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        ("channels", "0001_initial"),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
