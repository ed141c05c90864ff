"""How actuals come in: sources, mappings, batches, quarantine, daily facts, the scorecard; the pages that import.

Tables: Batch, MappingText, Quarantine, Suspect, DailyFact, DailyFactHistory, Feed, Scorecard, UnitDay, LandedFile, Upload,
ImportJob.
Tells: BatchAccepted.
Promises: nothing is dropped or overwritten silently; sending anything again changes nothing; a corrected line
supersedes and the old value stays; raw lines stay as immutable Parquet, only daily rows enter the database;
any batch of facts can be undone by another one, exactly, and nothing is deleted.
"""
