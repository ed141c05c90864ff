"""The application's role: it reads and writes rows, it does not own tables, and the journal it can only extend."""

from django.db import migrations

# Roles belong to the whole server: another database (or another test worker) may make the same one at this moment.
MAKE_ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hangbiao_app') THEN
        CREATE ROLE hangbiao_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$;
"""

MAY_BECOME_IT = """
DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'hangbiao_app', 'MEMBER') THEN
        EXECUTE format('GRANT hangbiao_app TO %I', current_user);
    END IF;
END $$;
"""

RIGHTS = """
GRANT USAGE ON SCHEMA public TO hangbiao_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO hangbiao_app;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO hangbiao_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hangbiao_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO hangbiao_app;
"""

TAKE_BACK = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM hangbiao_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM hangbiao_app;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM hangbiao_app;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM hangbiao_app;
REVOKE USAGE ON SCHEMA public FROM hangbiao_app;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(MAKE_ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(MAY_BECOME_IT, migrations.RunSQL.noop),
        migrations.RunSQL(RIGHTS, TAKE_BACK),
    ]
