"""Fiscal periods with their weeks, checkpoints and correction windows, stored as dates.

Tables: FiscalPeriod, Week, Checkpoint, Window. Dates are fixed when a period is opened: a later change of the
pattern never moves them.
Tells: nothing yet.
Promises: weeks are 7-day blocks from the period's first day; checkpoints are days 14, 28 … 84 and the last day.
"""
