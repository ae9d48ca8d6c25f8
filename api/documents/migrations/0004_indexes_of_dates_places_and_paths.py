"""Apart from the columns: what builds an index waits for writers, and they for it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0003_what_search_near_and_resolve_read"),
    ]

    operations = [
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('path', ''), _negated=True), fields=['path'], name='document_path'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['published_at'], name='document_published_at'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('latitude__isnull', False)), fields=['latitude', 'longitude'], name='document_place'),
        ),
        migrations.AddIndex(
            model_name='placement',
            index=models.Index(fields=['channel', 'changed_at'], name='placement_changed_at'),
        ),
    ]
