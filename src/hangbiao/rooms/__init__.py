"""What users do, one room per verb. Imports, foreign keys and calls go down only; upward there are events and slots."""
