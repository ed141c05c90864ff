"""Database steps of the actuals room, in order."""
