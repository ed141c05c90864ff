"""What must follow a change, afterwards: rows committed with it, run by the worker, retried, shown when stuck.

Tables    Pending: one reaction to one event.
Doors     services.keep (the bus calls it), services.attempt (the job calls it), selectors.stuck, services.try_again.
Port      connect(table): reaction's name → callable(event: str, facts: dict, number: int, at, actor).
Promises  No reaction without its change and no change without its reactions. A reaction and the note that it is done are
          one transaction: what it writes is written once. After eight tries it is stuck until somebody looks.
"""
