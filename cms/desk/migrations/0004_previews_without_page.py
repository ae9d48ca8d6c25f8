from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("desk", "0003_links_name_their_content")]

    # The content is named by its type and id now. A process that still runs the release
    # before cannot read previews any more: restart it together with this migration.
    operations = [migrations.RemoveField(model_name="preview", name="page")]
