"""Metrics, dual-track targets and their immutable versions; the only writer of a target.

Tables: Metric, PhasingSpec, Curve, CurveDay, Target, Version. A version is never edited: a change is the next one.
Tells: VersionAdopted.
Promises: stretch is never below base; a curve is exact (integers over one denominator) and belongs to one
calendar version; a person's target is the liability of the days the person was there.
"""
