"""Administrators look after channels; editors see them.

Runs once: what administrators change afterwards is theirs.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

ROLES = {
    "Administrators": ("add", "change", "view"),
    "Editors": ("view",),
}


def allow(apps: Any, schema_editor: Any) -> None:
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    of, _ = ContentType.objects.get_or_create(app_label="channels", model="channel")
    for role, actions in ROLES.items():
        for group in Group.objects.filter(name=role):
            for action in actions:
                # Django makes what is missing when all migrations are through.
                permission, _ = Permission.objects.get_or_create(
                    content_type=of,
                    codename=f"{action}_channel",
                    defaults={"name": f"Can {action} channel"},
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0004_previews_without_page"),
        ("channels", "0003_keys"),
        ("content_models", "0003_sections_and_roles"),
    ]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
