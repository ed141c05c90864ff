"""Who may see what, failing closed. No tables of its own.

Doors     context.Scope, acting(scope), current(), system_scope(reason); models.ScopedModel with its manager and
          `also_through`, models.PathField; conditions.raw_condition and sql.copied for the `sql.py` of rooms.
Natures   Every model says `class Scoping: nature = "scoped" | "public" | "system"`, or inherits it from ScopedModel,
          PublicModel or SystemModel. Scoped rows have an `org_path` (text like /C/R01/T011/), a `person_id`, or both,
          and may say by `time` from when they are, for those who look back at a place that was theirs.
Promises  Without a scope a scoped table answers nothing, it raises. Joins, aggregates over joins, hand-built querysets
          and raw SQL that reach a scoped table unfiltered are stopped by the tripwire, and so are rows written for
          somebody outside the scope. Past both, row-level security shows the scope's rows and no others.
          `system_scope` sees everything, gives its reason and is logged.
"""
