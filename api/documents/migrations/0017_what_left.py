from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A feed finds the few that left its channel without reading all that are there."""

    # While the index is made, people publish on.
    atomic = False

    dependencies = [("documents", "0016_publications_counted")]

    operations = [
        AddIndexConcurrently(
            model_name="placement",
            index=models.Index(
                condition=models.Q(("is_visible", False)),
                fields=["channel", "type", "locale", "sequence"],
                name="placement_left",
            ),
        ),
    ]
