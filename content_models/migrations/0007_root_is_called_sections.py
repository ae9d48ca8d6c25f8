"""What Wagtail calls Root holds the sections, and is called as the menu calls it."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def call_it_sections(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _rename(apps, "Root", "Sections")


def call_it_root(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _rename(apps, "Sections", "Root")


def _rename(apps: Apps, old: str, new: str) -> None:
    pages = apps.get_model("wagtailcore", "Page").objects
    pages.filter(depth=1, title=old).update(title=new, draft_title=new)


class Migration(migrations.Migration):
    dependencies = [("content_models", "0006_image_placeholders")]

    operations = [migrations.RunPython(call_it_sections, call_it_root)]
