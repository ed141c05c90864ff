"""The journal: who did what, when; one hash chain per stream, written in the transaction of the deed itself.

Tables    Entry (append-only), Head (the last link of each stream), Verification (a look that somebody took at it).
Doors     services.record / record_all / write_checkpoint, selectors.entries_of / verify, reading for a page of lines,
          verifying for a look in the background, sql.append_only for migrations of other append-only tables,
          digests.root_of_rows for one line about many rows.
Promises  No line without its deed and no deed without its line: `record` refuses to work outside a transaction.
          UPDATE, DELETE and TRUNCATE are refused by the database, for the owner too. What a superuser does to the rows
          all the same, `verify` finds; a cut tail or a rewritten stream it finds against a checkpoint kept elsewhere.
"""
