from django.db import migrations, models


class Migration(migrations.Migration):
    """Whoever renders ahead notices a publication that changed no document."""

    dependencies = [("documents", "0015_what_is_forgotten")]

    operations = [
        migrations.AddField(
            model_name="counter",
            name="publications",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
