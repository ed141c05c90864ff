"""The rows, a module per room, each with a list ROWS. How to write one stands in tests/access/matrix.py."""
