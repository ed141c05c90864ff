"""The access matrix: every address of the house, asked by every kind of person about everybody's things."""
