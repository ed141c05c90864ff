"""The database itself keeps the journal: no change, no removal, no second child, no gap."""

from django.db import migrations

from hangbiao.engines.journal.sql import append_only, no_longer_append_only

REFUSE = """
CREATE FUNCTION hangbiao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""

# Row by row, so that several lines of one stream may come in one statement.
NEXT_ONLY = """
CREATE FUNCTION journal_next_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.n = 1 AND NEW.prev = repeat('0', 64) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM journal_entry
               WHERE stream = NEW.stream AND n = NEW.n - 1 AND hash = NEW.prev) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'journal: line % of % does not follow the line before it', NEW.n, NEW.stream
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_entry_next_only BEFORE INSERT ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_next_only();
"""

HEADS = """
REVOKE DELETE, TRUNCATE, TRIGGER, REFERENCES ON journal_head FROM hangbiao_app;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_entries")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION hangbiao_append_only()"),
        migrations.RunSQL(
            NEXT_ONLY, "DROP TRIGGER journal_entry_next_only ON journal_entry; DROP FUNCTION journal_next_only()"
        ),
        migrations.RunSQL(append_only("journal_entry"), no_longer_append_only("journal_entry")),
        migrations.RunSQL(HEADS, "GRANT DELETE ON journal_head TO hangbiao_app"),
    ]
