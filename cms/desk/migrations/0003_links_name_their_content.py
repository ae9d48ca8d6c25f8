from django.db import migrations


def fill(apps, schema_editor):
    """Every link of before leads to an article."""
    previews = apps.get_model("desk", "Preview").objects.filter(page__isnull=False)
    if not previews.exists():
        return
    article, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="content_models", model="article"
    )
    for preview in previews:
        preview.content_type, preview.object_id = article, preview.page_id
        preview.save(update_fields=["content_type", "object_id"])


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_previews_of_any_content")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
