"""The one practice: content is rendered in its name from the first day on."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    practices = apps.get_model("content_models", "Practice").objects
    if not practices.exists():
        practices.create()


class Migration(migrations.Migration):
    dependencies = [("content_models", "0001_initial")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
