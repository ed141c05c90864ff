"""Rules applied: daily previews, official checkpoints that never change, flips, projections.

Tables: Run, Light, UnitLight, Projection, Flip; RuleVersion, RuleDraft (rules/).
Tells: LightFlipped (official lights only).
Promises: a run names its inputs (target version, policy date, facts as of, calendar version) and gives the same
answer from them later; every light says why in one sentence; a past checkpoint is never relit.
"""
