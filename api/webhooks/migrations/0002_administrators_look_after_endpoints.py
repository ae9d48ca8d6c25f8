from __future__ import annotations

from typing import Any

from django.db import migrations

ACTIONS = ("add", "change", "delete", "view")


def allow(apps: Any, schema_editor: Any) -> None:
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    of, _ = ContentType.objects.get_or_create(app_label="webhooks", model="endpoint")
    # Django makes what is missing when all migrations are through.
    permissions = [
        Permission.objects.get_or_create(
            content_type=of,
            codename=f"{action}_endpoint",
            defaults={"name": f"Can {action} endpoint"},
        )[0]
        for action in ACTIONS
    ]
    for group in Group.objects.filter(name="Administrators"):
        group.permissions.add(*permissions)


def take_back(apps: Any, schema_editor: Any) -> None:
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    permissions = Permission.objects.filter(
        content_type__app_label="webhooks", content_type__model="endpoint"
    )
    for group in Group.objects.filter(name="Administrators"):
        group.permissions.remove(*permissions)


class Migration(migrations.Migration):

    dependencies = [
        ("webhooks", "0001_endpoints"),
        # It makes the group.
        ("content_models", "0003_sections_and_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, take_back)]
