"""Template tags: thin names over numbers, dates, lamps and charts."""
