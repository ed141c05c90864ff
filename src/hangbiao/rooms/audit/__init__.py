"""The auditor's desk: who changed what, when and why; whether the record still holds together.

Tables: none of its own. Tells: nothing.
Promises: only an auditor finds these pages, the administrator does not; whoever reads the journal sees no page with
results; reading changes nothing, and a verification leaves a line of its own; a copy carries all that is needed to
verify it elsewhere.
"""
