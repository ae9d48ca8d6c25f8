"""Writers may change the pictures that they uploaded, not those of others.

A change of a picture is public at once, wherever it is shown.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CHANGES = ("change_image", "change_document")


def restrict(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    permissions = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    permissions.filter(
        group__name="Writers", permission__codename__in=CHANGES
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("content_models", "0004_former_renditions"),
        ("wagtailcore", "0001_initial"),
    ]

    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
