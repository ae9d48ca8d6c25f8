from django.db import migrations, models


class Migration(migrations.Migration):
    """What is shown of documents that were found is known without reading placements."""

    # While the index is made, people publish on.
    atomic = False

    dependencies = [("documents", "0018_settling_begins_anew")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                # Django has no word for a constraint that is made while people write.
                # What an interrupted attempt has left is made anew.
                migrations.RunSQL(
                    [
                        "DROP INDEX CONCURRENTLY IF EXISTS placement_of_document",
                        "CREATE UNIQUE INDEX CONCURRENTLY placement_of_document"
                        " ON documents_placement (channel_id, document_id) INCLUDE"
                        " (type, locale, sort_key, id, is_visible, visible_from,"
                        " visible_until)",
                    ],
                    "DROP INDEX CONCURRENTLY placement_of_document",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="placement",
                    constraint=models.UniqueConstraint(
                        fields=["channel", "document"],
                        include=[
                            "type",
                            "locale",
                            "sort_key",
                            "id",
                            "is_visible",
                            "visible_from",
                            "visible_until",
                        ],
                        name="placement_of_document",
                    ),
                )
            ],
        ),
        migrations.RemoveConstraint(model_name="placement", name="placement_once"),
    ]
