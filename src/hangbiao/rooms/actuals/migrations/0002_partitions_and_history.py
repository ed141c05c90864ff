"""Daily facts become a table partitioned by period; their history can only be extended.

The application's role may not create tables, so the one thing it needs, a partition for a period that exists, is a
function that runs with the owner's rights. A partition is built apart and attached, which does not stop readers.
"""

from django.db import migrations

PARTITIONED = """
DROP TABLE actuals_dailyfact;
CREATE SEQUENCE actuals_dailyfact_id_seq;
CREATE TABLE actuals_dailyfact (
  id bigint NOT NULL DEFAULT nextval('actuals_dailyfact_id_seq'),
  day date NOT NULL,
  org_path varchar(200) COLLATE "C" NOT NULL,
  value bigint NOT NULL,
  revision integer NOT NULL CHECK (revision >= 0),
  recorded_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  metric_id bigint NOT NULL,
  period_id bigint NOT NULL,
  person_id bigint,
  territory_id bigint
) PARTITION BY LIST (period_id);
ALTER SEQUENCE actuals_dailyfact_id_seq OWNED BY actuals_dailyfact.id;
CREATE UNIQUE INDEX daily_fact_once ON actuals_dailyfact
  (period_id, metric_id, day, territory_id, person_id) NULLS NOT DISTINCT;
CREATE INDEX daily_fact_by_person ON actuals_dailyfact (person_id, metric_id, day)
"""

NOT_PARTITIONED = """
CREATE TABLE actuals_dailyfact_flat (LIKE actuals_dailyfact INCLUDING DEFAULTS);
INSERT INTO actuals_dailyfact_flat SELECT * FROM actuals_dailyfact;
ALTER SEQUENCE actuals_dailyfact_id_seq OWNED BY actuals_dailyfact_flat.id;
DROP TABLE actuals_dailyfact;
ALTER TABLE actuals_dailyfact_flat RENAME TO actuals_dailyfact
"""

OPEN_PARTITION = """
CREATE FUNCTION actuals_open_partition(period bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE part text := format('actuals_dailyfact_p%s', period);
BEGIN
  IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
  IF NOT EXISTS (SELECT FROM calendar_fiscalperiod WHERE id = period) THEN
    RAISE EXCEPTION 'no period %', period;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE actuals_dailyfact INCLUDING DEFAULTS INCLUDING CONSTRAINTS) WITH (fillfactor = 90)', part);
  EXECUTE format('ALTER TABLE actuals_dailyfact ATTACH PARTITION %I FOR VALUES IN (%s)', part, period);
END $$;
REVOKE ALL ON FUNCTION actuals_open_partition(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION actuals_open_partition(bigint) TO hangbiao_app
"""

APPEND_ONLY = """
CREATE FUNCTION actuals_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the history of daily facts is append-only (% refused)', TG_OP;
END $$;
CREATE TRIGGER history_rows_stay BEFORE UPDATE OR DELETE ON actuals_dailyfacthistory
  FOR EACH ROW EXECUTE FUNCTION actuals_history_stays();
CREATE TRIGGER history_stays BEFORE TRUNCATE ON actuals_dailyfacthistory
  FOR EACH STATEMENT EXECUTE FUNCTION actuals_history_stays();
REVOKE UPDATE, DELETE, TRUNCATE ON actuals_dailyfacthistory FROM hangbiao_app
"""

NOT_APPEND_ONLY = """
DROP TRIGGER history_rows_stay ON actuals_dailyfacthistory;
DROP TRIGGER history_stays ON actuals_dailyfacthistory;
DROP FUNCTION actuals_history_stays();
GRANT UPDATE, DELETE ON actuals_dailyfacthistory TO hangbiao_app
"""


class Migration(migrations.Migration):
    dependencies = [("actuals", "0001_initial"), ("calendar", "0001_initial"), ("journal", "0001_roles")]

    operations = [
        migrations.RunSQL(PARTITIONED, NOT_PARTITIONED),
        migrations.RunSQL(OPEN_PARTITION, "DROP FUNCTION actuals_open_partition(bigint)"),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
        migrations.RunSQL(  # room for a second copy of every row, so that a booking touches no index
            "ALTER TABLE actuals_scorecard SET (fillfactor = 45)", "ALTER TABLE actuals_scorecard RESET (fillfactor)"
        ),
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON actuals_dailyfact TO hangbiao_app;"
            "GRANT USAGE, SELECT ON SEQUENCE actuals_dailyfact_id_seq TO hangbiao_app",
            migrations.RunSQL.noop,
        ),
    ]
