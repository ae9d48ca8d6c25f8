from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    """Of positions so far nobody knows what they follow; each is told anew when its
    consumer asks the next time."""

    dependencies = [
        ("channels", "0003_keys"),
        ("documents", "0010_redactions"),
    ]

    operations = [
        migrations.RunSQL(
            "DELETE FROM documents_consumerposition", migrations.RunSQL.noop
        ),
        migrations.RemoveConstraint(
            model_name="consumerposition", name="consumer_position_once"
        ),
        migrations.AddField(
            model_name="consumerposition",
            name="locale",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="consumerposition",
            name="types",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=120
            ),
        ),
        migrations.AlterField(
            model_name="consumerposition",
            name="channel",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="positions",
                to="channels.channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="consumerposition",
            constraint=models.UniqueConstraint(
                fields=("channel", "key", "kind", "types", "locale"),
                name="consumer_position_once",
                nulls_distinct=False,
            ),
        ),
    ]
