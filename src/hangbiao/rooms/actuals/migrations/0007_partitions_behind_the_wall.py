"""A new partition of the daily facts stands behind row-level security too: whoever names it itself finds nothing."""

from django.db import migrations

BODY = """
CREATE OR REPLACE FUNCTION actuals_open_partition(period bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE part text := format('actuals_dailyfact_p%s', period);
BEGIN
  IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
  IF NOT EXISTS (SELECT FROM calendar_fiscalperiod WHERE id = period) THEN
    RAISE EXCEPTION 'no period %', period;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE actuals_dailyfact INCLUDING DEFAULTS INCLUDING CONSTRAINTS) WITH (fillfactor = 90)', part);
  {wall}EXECUTE format('ALTER TABLE actuals_dailyfact ATTACH PARTITION %I FOR VALUES IN (%s)', part, period);
END $$;
"""
WALL = """EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
  """


class Migration(migrations.Migration):
    dependencies = [("actuals", "0006_key_files_say_so")]
    operations = [migrations.RunSQL(BODY.replace("{wall}", WALL), BODY.replace("{wall}", ""))]
