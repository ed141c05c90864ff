"""Formula: conditions that an administrator writes, as a checked subset of SQL expressions.

Tables    none.
Doors     reading.read(text, names) → Formula; sql.condition(formula, columns) for a set-based pass;
          judging.judge / explain for one row, in words.
Promises  Whatever is not listed here is refused, with its place in the text. The same row gives the same answer in
          PostgreSQL and in Python: ratios are compared as products, never as rounded quotients. Division by zero and a
          value that is not there give "unknown", and unknown never alerts.
"""
