from django.db import migrations, models


class Migration(migrations.Migration):
    """A mirror that missed what was forgotten is told to start again."""

    dependencies = [("documents", "0014_newest_of_several_types")]

    operations = [
        migrations.AddField(
            model_name="head",
            name="forgotten",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
