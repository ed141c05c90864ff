"""Django's PostgreSQL backend, which tells every session in whose scope the next statement acts (docs/decisions/0016)."""
