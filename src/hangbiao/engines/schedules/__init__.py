"""Schedules: what happens by itself, at its time, exactly once, and what came of it.

Tables    Turn (append-only: each time something was done, or failed), Pulse (the last sign of life of the background).
Doors     catalogue.connect(schedules), services.tick (the worker, every minute), services.ask (run now);
          selectors.standings, history_of, silent_since, chores.
Promises  What was missed is made up for once, in order; two workers never do the same; a turn and what it writes are one
          transaction; a failure is written down and tried again, ever less often; a silent background is noticed in two
          minutes.
"""
