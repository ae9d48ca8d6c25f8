from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate


class DocumentsConfig(AppConfig):
    """What was published, for whom, in which order."""

    name = "api.documents"
    label = "documents"
    verbose_name = "Published documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from api.documents import publishing, receivers
        from content_models import publication

        publication.open_with(publishing.publishing)
        receivers.connect()
        post_migrate.connect(_publish_the_practice, sender=self)


def _publish_the_practice(using: str, **kwargs: Any) -> None:
    """The practice is there from the first day on: nobody need save it first."""
    from api.documents import publishing
    from content_models.models import Practice

    executor = MigrationExecutor(connections[using])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    pks = list(Practice.objects.values_list("pk", flat=True))
    if pks:
        publishing.renew([f"practice:{pk}" for pk in pks])
