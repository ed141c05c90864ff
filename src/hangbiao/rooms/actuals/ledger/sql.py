"""DuckDB statements over staged and landed lines. Scope: none; the ledger knows the whole company and is read only
by services under a system scope and by `hangbiao doctor`.

A landed line carries op: `new`, `set` (supersedes an earlier line of its key), `gone` (its key moved to another day)
or `old` (an earlier version that arrived late and never counted). Of one key on one day the latest batch counts.
What a batch *claims* stands apart, in its files of keys and of confirmed lines, with rank = version of the source
× 2^32 + batch: of the claims of batches that count, the highest rank says what is known (claims.py undoes batches).
"""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from hangbiao.rooms.actuals.mapping import Definition
from hangbiao.rooms.actuals.streams import Stream

TYPES = {"number": "BIGINT", "coordinate": "BIGINT", "flag": "BOOLEAN", "whole": "BIGINT", "date": "DATE"}
SHARED = ("source_line", "day", "rank", "batch", "person_id", "territory_id", "org_path")
VERSION_STEP = 1 << 32


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def files(paths: Iterable[Path]) -> str:
    """A table function over landed files."""
    listed = ", ".join(quoted(str(p)) for p in paths)
    return f"read_parquet([{listed}], hive_partitioning = false, union_by_name = true)"


def own_fields(stream: Stream) -> list[tuple[str, str]]:
    """Name and type of the stream's own columns, `day` and `version` apart."""
    return [
        (f'"{f.name}"', TYPES.get(f.kind, "VARCHAR"))
        for f in stream.fields
        if f.name not in {"day", "version"}
    ]


CLEAR = [
    f"DROP TABLE IF EXISTS {name}"
    for name in ("incoming", "known", "ready", "daily", "confirmed", "claims", "moves")
]


def make_incoming(stream: Stream) -> str:
    own = "".join(f", {name} {kind}" for name, kind in own_fields(stream))
    return (
        "CREATE TABLE incoming (source_line BIGINT, day DATE, version BIGINT, person_id BIGINT, territory_id BIGINT, "
        f"org_path VARCHAR{own}, key UUID, hash UUID)"
    )


def insert_chunk(stream: Stream, present: Sequence[str], key: Sequence[str]) -> str:
    """Take over the registered `chunk`, hashing key and row. Missing fields become NULL."""
    empty = -(2**63)
    own = []
    for name, kind in own_fields(stream):
        bare = name.strip('"')
        if bare not in present:
            own.append(f"CAST(NULL AS {kind})")
        elif kind == "BIGINT":
            own.append(f"nullif({name}, {empty})")
        else:
            own.append(f"CAST({name} AS {kind})")
    hashed = [f'"{p}"' for p in sorted(present)]
    return (
        "INSERT INTO incoming SELECT source_line, CAST(day AS DATE), version, nullif(person_id, 0), nullif(territory_id, 0), "
        f"org_path, {', '.join(own)}, {_digest([_q(k) for k in key])}, {_digest(hashed)} FROM chunk"
    )


def _q(name: str) -> str:
    return f'"{name}"'


def _digest(columns: Sequence[str]) -> str:
    said = ", ".join(f"coalesce(CAST({c} AS VARCHAR), '')" for c in columns)
    return f"CAST(md5(concat_ws(chr(31), {said})) AS UUID)"


ROWS_AND_KEYS = "SELECT count(*), count(DISTINCT key) FROM incoming"
CONTENTS = "SELECT count(*) FROM (SELECT DISTINCT key, hash FROM incoming)"
REPEATED_LINES = """
SELECT source_line FROM incoming
QUALIFY row_number() OVER (PARTITION BY key ORDER BY version DESC, source_line DESC) > 1 ORDER BY source_line LIMIT 5
"""
DROP_REPEATED = """
CREATE OR REPLACE TABLE incoming AS SELECT * FROM incoming
QUALIFY row_number() OVER (PARTITION BY key ORDER BY version DESC, source_line DESC) = 1
"""


def make_known(key_files: Sequence[Path]) -> str:
    """What earlier batches said of the incoming keys. `seen`: this very version and row came before."""
    if not key_files:
        return "CREATE TABLE known (key UUID, rank BIGINT, hash UUID, day DATE, seen BOOLEAN)"
    return f"""
CREATE TABLE known AS
SELECT k.key, max(k.rank) AS rank, arg_max(k.hash, k.rank) AS hash, arg_max(k.day, k.rank) AS day,
       bool_or(k.hash = i.hash AND k.rank >> 32 = i.version) AS seen
FROM {files(key_files)} k JOIN incoming i ON i.key = k.key GROUP BY k.key
"""


def make_ready(stream: Stream, batch: int) -> str:
    """The lines to land, each with its op; unchanged ones are not among them."""
    own = "".join(f", i.{name}" for name, _ in own_fields(stream))
    nothing = "".join(f", CAST(NULL AS {kind}) AS {name}" for name, kind in own_fields(stream))
    return f"""
CREATE TABLE ready AS
WITH judged AS (
  SELECT i.*, k.day AS old_day,
         CASE WHEN k.key IS NULL THEN 'new' WHEN i.hash = k.hash THEN 'same'
              WHEN i.version < k.rank >> 32 THEN CASE WHEN k.seen THEN 'same' ELSE 'old' END
              ELSE 'set' END AS op
  FROM incoming i LEFT JOIN known k ON k.key = i.key)
SELECT op, source_line, day, version * {VERSION_STEP} + {batch} AS rank, CAST({batch} AS BIGINT) AS batch,
       person_id, territory_id, org_path, key, hash{own} FROM judged i WHERE op <> 'same'
UNION ALL
SELECT 'gone', source_line, old_day, version * {VERSION_STEP} + {batch}, {batch},
       NULL, NULL, NULL, key, hash{nothing} FROM judged WHERE op = 'set' AND old_day <> day
"""


def make_confirmed(batch: int) -> str:
    """Lines that say what is known already: nothing to land, and yet a claim, should the first one be undone."""
    return f"""
CREATE TABLE confirmed AS
SELECT i.key, i.version * {VERSION_STEP} + {batch} AS rank, i.hash, i.day, i.person_id, i.territory_id, i.org_path
FROM incoming i ANTI JOIN (SELECT key FROM ready WHERE op <> 'gone') r ON r.key = i.key
"""


def credited(stream: Stream, source: str) -> str:
    """What decides a line's credit, and the credit it has; 0 for none."""
    rep, territory = (f'"{n}"' if stream.field(n) else "NULL" for n in ("rep", "territory"))
    return f"""
SELECT DISTINCT CAST({rep} AS VARCHAR), CAST({territory} AS VARCHAR), day, coalesce(person_id, 0), coalesce(territory_id, 0),
       org_path FROM ({source})
"""


MAKE_MOVED = """
CREATE OR REPLACE TABLE moved (rep VARCHAR, territory VARCHAR, day DATE, person BIGINT, place BIGINT, path VARCHAR)
"""
NOTE_MOVED = "INSERT INTO moved VALUES (?, ?, ?, ?, ?, ?)"


def move(stream: Stream, source: str, batch: int, *, present: Collection[str], first: bool) -> str:
    """The same lines with the credit that `moved` says, ready to land as corrections of this batch."""
    own = "".join(
        f", l.{name}" if name.strip('"') in present else f", CAST(NULL AS {kind}) AS {name}"
        for name, kind in own_fields(stream)
    )
    same = [
        f'l."{name}" IS NOT DISTINCT FROM m.{name}' for name in ("rep", "territory") if stream.field(name)
    ]
    return f"""
{"CREATE TABLE ready AS" if first else "INSERT INTO ready"}
SELECT 'set' AS op, l.source_line, l.day, (l.rank >> 32) * {VERSION_STEP} + {batch} AS rank, CAST({batch} AS BIGINT) AS batch,
       nullif(m.person, 0) AS person_id, nullif(m.place, 0) AS territory_id, m.path AS org_path, l.key, l.hash{own}
FROM ({source}) l JOIN moved m ON {" AND ".join(["l.day = m.day", *same])}
WHERE (coalesce(l.person_id, 0), coalesce(l.territory_id, 0), l.org_path) <> (m.person, m.place, m.path)
"""


OPS = "SELECT op, count(*) FROM ready GROUP BY op"
TOUCHED = (
    "SELECT day, count(*), count(*) FILTER (WHERE op IN ('set', 'gone')) FROM ready GROUP BY day ORDER BY day"
)


def reach(by_region: bool) -> str:
    """How far the file's data reach, by region or for the whole company."""
    path = "coalesce(regexp_extract(org_path, '^/[^/]+/([^/]+/)?'), '/C/')" if by_region else "'/C/'"
    return f"SELECT {path} AS place, max(day) FROM incoming WHERE day <= ? GROUP BY place"


def leaves(stream: Stream) -> str:
    """The booked rows as text, in line order: what the batch's Merkle root is built from."""
    said = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '')" for name, _ in own_fields(stream))
    return f"SELECT concat_ws(chr(31), op, source_line, day, version_of_rank, {said}) FROM (SELECT *, rank >> 32 AS version_of_rank FROM ready WHERE op <> 'gone') ORDER BY source_line"  # noqa: E501


def land(folder: Path) -> str:
    return (
        f"COPY (SELECT * FROM ready) TO {quoted(str(folder))} (FORMAT parquet, PARTITION_BY (day), "
        "WRITE_PARTITION_COLUMNS true, OVERWRITE_OR_IGNORE true, COMPRESSION zstd, FILENAME_PATTERN 'part')"
    )


def land_keys(path: Path) -> str:
    return f"COPY (SELECT key, rank, hash, day FROM ready WHERE op <> 'gone') TO {quoted(str(path))} (FORMAT parquet)"


def land_confirmed(path: Path) -> str:
    return f"COPY confirmed TO {quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)"


def live(paths: Sequence[Path], corrected: bool) -> str:
    """The lines that count. Where no file holds a correction every landed line does, and no join is paid for."""
    counted = f"SELECT * FROM {files(paths)} WHERE op IN ('new', 'set')"
    if not corrected:
        return counted
    return f"""
SELECT l.* FROM ({counted}) l ANTI JOIN
  (SELECT key, day, max(batch) AS batch FROM {files(paths)} WHERE op IN ('set', 'gone') GROUP BY key, day) c
  ON c.key = l.key AND c.day = l.day AND c.batch > l.batch
"""


MAKE_DAILY = """
CREATE OR REPLACE TABLE daily (metric_id BIGINT, day DATE, territory_id BIGINT, person_id BIGINT, org_path VARCHAR, value BIGINT)
"""


def sum_stream(source: str, definitions: Sequence[tuple[int, Definition]], scale: int = 4) -> str:
    """Daily rows of one stream's metrics. Integers all the way: `//` is exact because cells had no more decimals."""
    measures = []
    for metric, definition in definitions:
        wanted = " AND ".join(
            f"{_q(name)} IN ({', '.join(quoted(v) for v in allowed)})"
            for name, allowed in definition.where.items()
        )
        only = f" FILTER (WHERE {wanted})" if wanted else ""
        if definition.measure == "count":
            measures.append(f"nullif(count(*){only}, 0) AS m{metric}")
        else:
            step = 10 ** (scale - definition.decimals)
            measures.append(f"sum({_q(definition.measure)}){only} // {step} AS m{metric}")
    union = " UNION ALL ".join(
        f"SELECT {metric}, day, territory_id, person_id, org_path, m{metric} FROM sums WHERE m{metric} IS NOT NULL"
        for metric, _ in definitions
    )
    return f"""
INSERT INTO daily WITH sums AS MATERIALIZED (
  SELECT day, territory_id, person_id, max(org_path) AS org_path, {", ".join(measures)}
  FROM ({source}) GROUP BY day, territory_id, person_id)
{union}
"""


def sum_totals(source: str, metrics: Sequence[tuple[int, str, int]]) -> str:
    """Daily rows that came as totals already."""
    cases = " ".join(
        f"WHEN {quoted(code)} THEN sum(value) // {10 ** (4 - decimals)}" for _, code, decimals in metrics
    )
    numbers = " ".join(f"WHEN {quoted(code)} THEN {pk}" for pk, code, _ in metrics)
    return f"""
INSERT INTO daily
SELECT CASE metric {numbers} END, day, territory_id, person_id, max(org_path), CASE metric {cases} END
FROM ({source}) WHERE value IS NOT NULL GROUP BY metric, day, territory_id, person_id
"""


DAILY = """
SELECT metric_id, day, territory_id, person_id, max(org_path), CAST(sum(value) AS BIGINT) FROM daily
GROUP BY metric_id, day, territory_id, person_id
"""


def suspects(source: str, batch: int, limit: int) -> str:
    """Lines of different keys that look like one sale booked twice, at least one of them from this batch.

    First by a number for each sale, which is quick and nearly always finds nothing; only then in words.
    """
    alike = "hash(day, outlet, coalesce(sku, sku_group), quantity, net_amount)"
    return f"""
WITH lines AS ({source}), twice AS (
  SELECT {alike} AS sale FROM lines WHERE outlet IS NOT NULL AND coalesce(sku, sku_group) IS NOT NULL
  GROUP BY sale HAVING count(*) > 1 AND bool_or(batch = {batch}) LIMIT {limit})
SELECT day, outlet, coalesce(sku, sku_group) AS what, quantity, net_amount, count(*) AS times,
       list("order" || ' / ' || "line" ORDER BY "order", "line")[:6]
FROM lines SEMI JOIN twice ON {alike} = twice.sale
WHERE outlet IS NOT NULL GROUP BY day, outlet, what, quantity, net_amount
HAVING count(*) > 1 ORDER BY day, outlet, what LIMIT {limit}
"""


def ledger_days(source: str, definition: Definition | None, code: str, decimals: int) -> str:
    """Per day what the ledger says a metric came to: the other side of the doctor's comparison."""
    if definition is None:
        return f"SELECT day, sum(value) // {10 ** (4 - decimals)} FROM ({source}) WHERE metric = {quoted(code)} GROUP BY day"
    wanted = [
        f"{_q(name)} IN ({', '.join(quoted(v) for v in allowed)})"
        for name, allowed in definition.where.items()
    ]
    what = "count(*)"
    if definition.measure != "count":
        what = f"sum({_q(definition.measure)}) // {10 ** (4 - decimals)}"
        wanted.append(f"{_q(definition.measure)} IS NOT NULL")
    return f"SELECT day, {what} FROM ({source}) WHERE {' AND '.join(wanted) or 'TRUE'} GROUP BY day"


def latest(paths: Sequence[Path]) -> str:
    """The lines that count, found another way than `live`: the last word on each key and day."""
    return f"""
SELECT * FROM (SELECT * FROM {files(paths)} WHERE op <> 'old'
QUALIFY row_number() OVER (PARTITION BY key, day ORDER BY batch DESC) = 1) WHERE op <> 'gone'
"""


def make_subject(paths: Sequence[Path]) -> str:
    """The keys that a batch claimed."""
    return f"CREATE OR REPLACE TEMP TABLE subject AS SELECT DISTINCT key FROM {files(paths)}"


def make_claims(keys: Sequence[Path], confirmed: Sequence[Path]) -> str:
    """Everything that was ever claimed of the subject's keys. Lines with new content have their credit where they landed."""
    nobody = "NULL::BIGINT AS person_id, NULL::BIGINT AS territory_id, NULL AS org_path"
    parts = [f"SELECT key, rank, hash, day, {nobody} FROM {files(keys)}"] if keys else []
    if confirmed:
        parts.append(f"SELECT key, rank, hash, day, person_id, territory_id, org_path FROM {files(confirmed)}")
    return f"""
CREATE TABLE claims AS
SELECT c.*, rank >> 32 AS version, rank & {VERSION_STEP - 1} AS batch FROM ({" UNION ALL ".join(parts)}) c
SEMI JOIN subject s ON s.key = c.key
"""


def winners(batches: Iterable[int]) -> str:
    """Of each key the claim that counts when only these batches do: the highest version, of that what was said last, by
    whoever began to say it (the first of the run of equal claims, whose credit the line has kept since)."""
    counted = ", ".join(map(str, sorted(batches))) or "-1"
    whole = "PARTITION BY key ORDER BY batch ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
    return f"""
SELECT key, version, hash, day, batch, person_id, territory_id, org_path
FROM (SELECT t.*, max(batch) FILTER (WHERE hash <> said) OVER (PARTITION BY key) AS broken
      FROM (SELECT *, last_value(hash) OVER ({whole}) AS said
            FROM (SELECT *, max(version) OVER (PARTITION BY key) AS highest FROM claims WHERE batch IN ({counted}))
            WHERE version = highest) t)
WHERE hash = said AND batch > coalesce(broken, -1)
QUALIFY row_number() OVER (PARTITION BY key ORDER BY batch) = 1
"""


def no_moves() -> str:
    """Nothing was ever claimed."""
    return "CREATE TABLE moves (key UUID, old_day DATE, version BIGINT, hash UUID, day DATE, batch BIGINT)"


def make_moves(before: Iterable[int], after: Iterable[int]) -> str:
    """The keys whose counting claim differs between two sets of batches."""
    return f"""
CREATE TABLE moves AS
SELECT coalesce(b.key, a.key) AS key, b.day AS old_day, a.* EXCLUDE (key)
FROM ({winners(before)}) b FULL JOIN ({winners(after)}) a ON a.key = b.key
WHERE b.key IS NULL OR a.key IS NULL OR a.hash <> b.hash OR a.batch <> b.batch
"""


MOVED_DAYS = "SELECT DISTINCT unnest([old_day, day]) AS day FROM moves"
MOVED = "SELECT count(*), count(*) FILTER (WHERE hash IS NULL) FROM moves"


def make_settled(stream: Stream, batch: int, paths: Sequence[Path]) -> str:
    """The lines to land so that the claims that count now are what is booked. Their content is found where it landed."""
    own = "".join(f", l.{name}" for name, _ in own_fields(stream))
    nothing = "".join(f", CAST(NULL AS {kind}) AS {name}" for name, kind in own_fields(stream))
    return f"""
CREATE TABLE ready AS
SELECT 'set' AS op, l.source_line, m.day, m.version * {VERSION_STEP} + {batch} AS rank, CAST({batch} AS BIGINT) AS batch,
       CASE WHEN m.org_path IS NULL THEN l.person_id ELSE m.person_id END AS person_id,
       CASE WHEN m.org_path IS NULL THEN l.territory_id ELSE m.territory_id END AS territory_id,
       coalesce(m.org_path, l.org_path) AS org_path, m.key, m.hash{own}
FROM moves m JOIN (SELECT * FROM {files(paths)} WHERE op <> 'gone') l ON l.key = m.key AND l.hash = m.hash AND l.day = m.day
QUALIFY row_number() OVER (PARTITION BY m.key ORDER BY (l.batch = m.batch) DESC, l.batch) = 1
UNION ALL
SELECT 'gone', NULL, old_day, coalesce(version, 0) * {VERSION_STEP} + {batch}, {batch}, NULL, NULL, NULL, key, NULL{nothing}
FROM moves WHERE old_day IS NOT NULL AND (day IS NULL OR day <> old_day)
"""


UNSETTLED = "SELECT (SELECT count(*) FROM moves WHERE hash IS NOT NULL) - (SELECT count(*) FROM ready WHERE op = 'set')"


def line_called(source: str) -> str:
    """One order line that counts, by the name that suspects carry."""
    return f"""SELECT * FROM ({source}) WHERE "order" || ' / ' || "line" = ?"""
