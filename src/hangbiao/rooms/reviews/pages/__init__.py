"""Pages of the reviews room: lists and one review, its analysis, its files, its meeting."""
