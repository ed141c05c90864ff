"""Who may see what, failing closed. No tables of its own.

Doors     context.Scope, acting(scope), current(), system_scope(reason); models.ScopedModel with its manager and
          `also_through`, models.PathField; conditions.raw_condition for the `sql.py` of rooms.
Natures   Every model says `class Scoping: nature = "scoped" | "public" | "system"`, or inherits it from ScopedModel,
          PublicModel or SystemModel. Scoped rows have an `org_path` (text like /C/R01/T011/), a `person_id`, or both.
Promises  Without a scope a scoped table answers nothing, it raises. Joins, aggregates over joins, hand-built querysets
          and raw SQL that reach a scoped table unfiltered are stopped by the tripwire, and so are rows written for
          somebody outside the scope. `system_scope` sees everything, gives its reason and is logged.
"""
