"""Policy: business numbers as a history of dated values, each with unit, source and approver. Never settings.

Tables    Value (append-only).
Doors     catalogue.register(Parameter, ...) from the `parameters.py` of a room; selectors.value_of / policy_on;
          services.set_value.
Promises  A value is checked against its catalogue entry before it is written. What was in force on a day, as known at
          an instant, can be asked forever: a later entry never changes an earlier answer.
"""
