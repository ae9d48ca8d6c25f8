from django.db import migrations, transaction

COLUMNS = """
ALTER TABLE documents_document
    ADD COLUMN shown_on varbit NOT NULL DEFAULT B'',
    ADD COLUMN may_end boolean NOT NULL DEFAULT false
"""
# One bit for each channel, by its key, as far as the last one that shows the document.
NOTE = """
CREATE FUNCTION documents_note_shown(ids uuid[]) RETURNS void LANGUAGE sql AS $$
    UPDATE documents_document AS document
    SET shown_on = found.shown_on, may_end = found.may_end
    FROM unnest(ids) AS noted (id) CROSS JOIN LATERAL (
        SELECT COALESCE((
                   SELECT bit_or(set_bit(repeat('0', last + 1)::varbit, one, 1))
                   FROM unnest(channels) AS one
               ), B'')::varbit AS shown_on,
               may_end
        FROM (
            SELECT array_agg(channel_id::int) AS channels,
                   max(channel_id)::int AS last,
                   COALESCE(
                       bool_or(visible_until IS NOT NULL OR visible_from > now()),
                       false
                   ) AS may_end
            FROM documents_placement
            WHERE document_id = noted.id AND is_visible
        ) AS placed
    ) AS found
    WHERE document.id = noted.id
        AND (document.shown_on, document.may_end)
            IS DISTINCT FROM (found.shown_on, found.may_end)
$$
"""
CHANGED = """
CREATE FUNCTION documents_placements_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM documents_note_shown(ARRAY(SELECT DISTINCT document_id FROM changed));
    RETURN NULL;
END
$$
"""
TRIGGER = """
CREATE TRIGGER documents_note_{what} AFTER {what} ON documents_placement
REFERENCING {which} TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION documents_placements_changed()
"""
TRIGGERS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
AT_ONCE = 1_000


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
    """Documents know themselves on which channels they are shown."""

    # While what is there is noted, people publish on.
    atomic = False

    dependencies = [("documents", "0019_placement_of_document")]

    operations = [
        migrations.RunSQL(
            COLUMNS,
            "ALTER TABLE documents_document DROP COLUMN shown_on, DROP COLUMN may_end",
        ),
        migrations.RunSQL(NOTE, "DROP FUNCTION documents_note_shown"),
        migrations.RunSQL(CHANGED, "DROP FUNCTION documents_placements_changed"),
        *(
            migrations.RunSQL(
                TRIGGER.format(what=what, which=which),
                f"DROP TRIGGER documents_note_{what} ON documents_placement",
            )
            for what, which in TRIGGERS.items()
        ),
        migrations.RunPython(note_what_is_there, migrations.RunPython.noop),
    ]
