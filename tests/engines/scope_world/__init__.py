"""A throw-away app for the scope tests: places (public), figures (scoped), notes (scoped, point at figures)."""
