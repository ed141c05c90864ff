"""Who is where in the organisation, and since when.

Tables: Unit, Person, Post, Territory, Assignment, Leave. All dated: history never moves when HR changes.
Tells: OrganisationChanged.
Promises: a territory never loses a day (a vacant one has an owner); a question about a day is answered
with that day's organisation; `scope_of` says what a person may see.
"""
