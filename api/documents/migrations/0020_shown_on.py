from django.db import migrations

COLUMNS = """
ALTER TABLE documents_document
    ADD COLUMN shown_on varbit NOT NULL DEFAULT B'',
    ADD COLUMN may_end boolean NOT NULL DEFAULT false
"""
# One bit for each channel, by its key, as far as the last one that shows the document.
# A moment to come may be that of another machine's clock, which is a little ahead.
SHOWN = """
CREATE FUNCTION documents_shown(document uuid, OUT shown_on varbit, OUT may_end boolean)
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT COALESCE((
               SELECT bit_or(set_bit(repeat('0', last + 1)::varbit, one, 1))
               FROM unnest(channels) AS one
           ), B''),
           may_end
    FROM (
        SELECT array_agg(channel_id::int) AS channels,
               max(channel_id)::int AS last,
               COALESCE(
                   bool_or(
                       visible_until IS NOT NULL
                       OR visible_from > clock_timestamp() + interval '1 minute'
                   ),
                   false
               ) AS may_end
        FROM documents_placement
        WHERE document_id = document AND is_visible
    ) AS placed
$$
"""
# Whoever else writes placements of the same documents waits, and sees what was written.
NOTE = """
CREATE FUNCTION documents_note_shown(ids uuid[]) RETURNS void LANGUAGE sql
SET search_path FROM CURRENT AS $$
    SELECT FROM documents_document WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    UPDATE documents_document AS document
    SET shown_on = found.shown_on, may_end = found.may_end
    FROM unnest(ids) AS noted (id) CROSS JOIN LATERAL documents_shown(noted.id) AS found
    WHERE document.id = noted.id
        AND (document.shown_on, document.may_end)
            IS DISTINCT FROM (found.shown_on, found.may_end)
$$
"""
# Whoever writes placements: some are new, or gone, or shown otherwise.
WRITTEN = """
CREATE FUNCTION documents_placements_{what}() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM documents_note_shown(ARRAY({documents}));
    RETURN NULL;
END
$$
"""
ALL = "SELECT DISTINCT document_id FROM written"
CHANGED = """
SELECT DISTINCT written.document_id FROM written JOIN before USING (id)
WHERE (written.is_visible, written.visible_from, written.visible_until)
    IS DISTINCT FROM (before.is_visible, before.visible_from, before.visible_until)
"""
TRIGGER = """
CREATE TRIGGER documents_placements_{what} AFTER {what} ON documents_placement
REFERENCING {tables} FOR EACH STATEMENT
EXECUTE FUNCTION documents_placements_{what}()
"""
TRIGGERS = {
    "insert": (ALL, "NEW TABLE AS written"),
    "update": (CHANGED, "NEW TABLE AS written OLD TABLE AS before"),
    "delete": (ALL, "OLD TABLE AS written"),
}


class Migration(migrations.Migration):
    """Documents know themselves on which channels they are shown."""

    dependencies = [("documents", "0019_placement_of_document")]

    operations = [
        migrations.RunSQL(
            COLUMNS,
            "ALTER TABLE documents_document DROP COLUMN shown_on, DROP COLUMN may_end",
        ),
        migrations.RunSQL(SHOWN, "DROP FUNCTION documents_shown"),
        migrations.RunSQL(NOTE, "DROP FUNCTION documents_note_shown"),
        *(
            migrations.RunSQL(
                WRITTEN.format(what=what, documents=documents),
                f"DROP FUNCTION documents_placements_{what}",
            )
            for what, (documents, _) in TRIGGERS.items()
        ),
        *(
            migrations.RunSQL(
                TRIGGER.format(what=what, tables=tables),
                f"DROP TRIGGER documents_placements_{what} ON documents_placement",
            )
            for what, (_, tables) in TRIGGERS.items()
        ),
    ]
