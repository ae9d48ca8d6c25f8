from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content_models", "0003_sections_and_roles")]

    operations = [
        migrations.CreateModel(
            name="FormerRendition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("retired_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
