"""Forecasts over many units at once, as NumPy arrays: base targets, projections of the period's end.

Promises  The only place of the core with floats. Nothing here writes money: a point or a range enters a target, a page
          or a light as a whole number, through a named rounding at the caller.
Shapes    One row per unit; NaN is "not known". Peer groups are whole numbers, one per unit.
Read on   docs/rules/basetarget.md, docs/rules/projection.md.
"""
