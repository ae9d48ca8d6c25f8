from django.db import migrations, transaction

AT_ONCE = 100


def note_what_is_there(apps, schema_editor):
    """Some at a time, and each time while nobody publishes."""
    documents = apps.get_model("documents", "Document").objects.order_by("pk")
    counters = apps.get_model("documents", "Counter").objects.select_for_update()
    ids = list(documents.values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            list(counters)
            cursor.execute("SELECT documents_note_shown(%s::uuid[])", [some])


class Migration(migrations.Migration):
    """What was placed before PostgreSQL noted it is noted, too."""

    # Meanwhile people publish on.
    atomic = False

    dependencies = [("documents", "0020_shown_on")]

    operations = [
        migrations.RunPython(note_what_is_there, migrations.RunPython.noop),
    ]
