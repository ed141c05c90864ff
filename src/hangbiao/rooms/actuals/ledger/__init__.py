"""The ledger of raw lines: staged in DuckDB, landed as immutable Parquet by day, summed to daily rows.

`stage` takes a file's good rows and says which are new, unchanged or corrections; `landing` writes and registers the
Parquet files; `daily` sums the touched days. The statements themselves stand in `sql.py`.
Promises: a landed file never changes; what is not registered never counted; memory stays bounded by `MEMORY`.
"""
