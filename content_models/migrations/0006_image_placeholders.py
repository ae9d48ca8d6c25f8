from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content_models", "0005_writers_keep_to_their_own_pictures")]

    operations = [
        # The default is the database's: a process of the version before, which knows
        # no such column, still adds images.
        migrations.AddField(
            model_name="image",
            name="placeholder",
            field=models.TextField(
                blank=True, db_default="", default="", editable=False
            ),
        ),
    ]
