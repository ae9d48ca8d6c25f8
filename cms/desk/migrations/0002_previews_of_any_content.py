import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("desk", "0001_previews"),
    ]

    operations = [
        migrations.AddField(
            model_name="preview",
            name="content_type",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="contenttypes.contenttype",
            ),
        ),
        migrations.AddField(
            model_name="preview",
            name="object_id",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="preview",
            name="ended_at",
            field=models.DateTimeField(
                help_text="When somebody ended it before its time.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="preview",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="preview",
            index=models.Index(
                fields=["content_type", "object_id"], name="preview_of_content"
            ),
        ),
    ]
