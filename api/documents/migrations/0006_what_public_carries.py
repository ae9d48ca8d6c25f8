from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery

EVERYTHING = [
    "author",
    "location",
    "award",
    "affiliation",
    "category",
    "tag",
    "reference",
]


def carry_everything(apps: Any, schema_editor: Any) -> None:
    channels = apps.get_model("channels", "Channel").objects
    channels.filter(slug="public").update(
        role="microsite", selection="all", collections=EVERYTHING
    )


def keep_by_document(apps: Any, schema_editor: Any) -> None:
    """What was kept with each placement; the rest, a rebuild fills in."""
    placements = apps.get_model("documents", "Placement").objects
    placed = placements.filter(document=OuterRef("pk"), is_visible=True)
    documents = apps.get_model("documents", "Document").objects
    documents.filter(withdrawn_at=None, placements__is_visible=True).update(
        sort_key=Subquery(placed.values("sort_key")[:1]),
        visible_until=Subquery(placed.values("visible_until")[:1]),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0005_entitlements"),
    ]

    operations = [
        migrations.RunPython(carry_everything, migrations.RunPython.noop),
        migrations.RunPython(keep_by_document, migrations.RunPython.noop),
    ]
