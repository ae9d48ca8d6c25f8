from django.db import migrations


def begin_anew(apps, schema_editor):
    apps.get_model("documents", "Settling").objects.update(done=None)


class Migration(migrations.Migration):
    """Articles come first now: how far it was in another order says nothing in this."""

    dependencies = [("documents", "0017_what_left")]

    operations = [migrations.RunPython(begin_anew, migrations.RunPython.noop)]
