from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A search of several types takes the newest without sorting all that there is."""

    # While the index is made, people publish on.
    atomic = False

    dependencies = [("documents", "0013_told_by_key")]

    operations = [
        AddIndexConcurrently(
            model_name="placement",
            index=models.Index(
                models.F("channel"),
                models.F("locale"),
                models.F("sort_key"),
                models.F("document"),
                condition=models.Q(("is_visible", True)),
                name="placement_newest",
            ),
        ),
    ]
