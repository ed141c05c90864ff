"""A second role: what commands, jobs and set-based passes become, so that row-level security costs them nothing."""

from django.db import migrations

# Roles belong to the whole server: another database (or another test worker) may make the same one at this moment.
MAKE_ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hangbiao_system') THEN
        CREATE ROLE hangbiao_system NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$;
"""

# Two grants of the same membership at one moment fail with an internal error; the other one has done it then.
MEMBERS = """
DO $$
BEGIN
    IF NOT pg_has_role('hangbiao_system', 'hangbiao_app', 'MEMBER') THEN
        GRANT hangbiao_app TO hangbiao_system;
    END IF;
    IF NOT pg_has_role(current_user, 'hangbiao_system', 'MEMBER') THEN
        EXECUTE format('GRANT hangbiao_system TO %I', current_user);
    END IF;
EXCEPTION WHEN internal_error THEN
    NULL;
END $$;
"""

# Only with it may the role COPY into a table with row-level security. Who may not give it, inserts instead.
PASSES_THE_WALL = """
DO $$
BEGIN
    IF (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)
       AND NOT (SELECT rolbypassrls FROM pg_roles WHERE rolname = 'hangbiao_system') THEN
        ALTER ROLE hangbiao_system BYPASSRLS;
    END IF;
EXCEPTION WHEN internal_error OR insufficient_privilege THEN
    NULL;
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("journal", "0001_roles")]
    operations = [
        migrations.RunSQL(MAKE_ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(MEMBERS, migrations.RunSQL.noop),
        migrations.RunSQL(PASSES_THE_WALL, migrations.RunSQL.noop),
    ]
