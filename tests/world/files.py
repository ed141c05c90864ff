"""Whole orders through the real import, for tests that only care what was sold."""

import itertools
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from tests.world.orders import mapping_folder, order, send, write_csv

_NUMBERS = itertools.count(1)


def import_orders(rows: Sequence[tuple[date, Decimal, str, str]], *, at: datetime) -> int:
    """Book orders (day, amount in yuan, territory, person) and give the batch number. Refused rows fail loudly."""
    with tempfile.TemporaryDirectory() as folder:
        mapping = mapping_folder(Path(folder) / "mapping")
        lines = [
            order(f"W{next(_NUMBERS)}", day.isoformat(), f"{amount:f}", territory=territory, rep=person)
            for day, amount, territory, person in rows
        ]
        report = send(mapping, write_csv(Path(folder) / f"orders_{next(_NUMBERS)}.csv", lines), at)
    assert not report.refusals, report.refusals
    assert report.batch is not None
    return report.batch
