"""List every route with the rows that cover it: `python -m tests.access`."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangbiao.site.settings")
os.environ.setdefault("DATABASE_URL", "postgresql:///not-asked")

import django


def main() -> None:
    django.setup()
    from tests.access.matrix import all_rows
    from tests.access.routes import routes

    rows = all_rows()
    for route in routes():
        ways = sum(len(row.asks) for row in rows if row.covers == route)
        sys.stdout.write(f"{ways or 'NO ROW':>6}  {route}\n")


main()
