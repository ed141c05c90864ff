"""R4 of the reliability goals, a sample: files broken at random are refused or quarantined, never a crash, never half."""

import random
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hangbiao.rooms.actuals.models import Batch, DailyFact, Quarantine
from tests.world import found_company
from tests.world.orders import HEADER, ORDERS, mapping_folder, order, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
AT = datetime(2026, 11, 26, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
NASTY = [
    b"", b"\0", b'"', b'""', b"\n", b"\r", b"\r\n", b",", b";", b"\xff\xfe", b"\xef\xbb\xbf", b"\x81", b"1e999", b"NaN",
    b"=1+1", b"-", b"2026-02-30", "\u202e".encode(), "\u2028".encode(), b"\x1a", b"9" * 400, b"," * 50, "é".encode("latin-1"),
]  # fmt: skip
SENTENCE_ENDS = "。"


@pytest.fixture
def company() -> None:
    found_company()


def check(mapping: Path, path: Path) -> None:
    """Import, and hold what must hold whatever the file is; then take it out again."""

    class Undone(Exception):
        pass

    try:
        with transaction.atomic():
            report = send(mapping, path, AT)
            assert report.status in {"booked", "refused"}
            if report.status == "refused":
                assert report.refusals[0].count(SENTENCE_ENDS) >= 2, "a reason and a remedy"
                assert not Batch.objects.exists()
                assert not DailyFact.objects.exists()
            else:
                assert Quarantine.objects.count() == report.quarantined
                assert all(q.reason and q.remedy and q.line for q in Quarantine.objects.all())
                known = (
                    report.booked + report.unchanged + report.repeated + report.quarantined + report.left_out
                )
                assert known == report.rows_read, "every row is accounted for"
            raise Undone
    except Undone:
        pass


@FEW
@given(st.integers(0, 2**32), st.sampled_from(["utf-8", "gbk", "utf-16"]), st.integers(1, 6))
def test_a_mutated_csv_is_refused_or_accounted_for_row_by_row(company, seed, encoding, hits):
    dice = random.Random(seed)
    rows = [order(f"A{n}", f"2025-10-{n:02}", f"{n * 7}.5", outlet="张记") for n in range(1, 9)]
    content = bytearray("\r\n".join(",".join(r) for r in [HEADER, *rows]).encode(encoding))
    for _ in range(hits):
        place = dice.randrange(len(content) + 1)
        content[place : place + dice.randrange(4)] = dice.choice(NASTY)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders_1.csv"
        path.write_bytes(bytes(content))
        check(mapping_folder(Path(folder) / "mapping"), path)


@settings(FEW, max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_a_mutated_workbook_is_refused_or_accounted_for_row_by_row(company, seed, hits):
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders_1.xlsx"
        workbook = openpyxl.Workbook()
        for row in [
            HEADER,
            *(
                [f"A{n}", 1, datetime(2025, 10, n), n * 7.5, "张记", "S", 1, "li.wei", "T1"]
                for n in range(1, 6)
            ),
        ]:
            workbook.active.append(row)
        workbook.save(path)
        if dice.random() < 0.5:
            content = bytearray(path.read_bytes())
            for _ in range(hits):
                content[dice.randrange(len(content))] = dice.randrange(256)
            path.write_bytes(bytes(content))
        else:
            mutate_part(path, dice, hits)
        mapping = mapping_folder(
            Path(folder) / "mapping",
            orders=ORDERS.replace("orders*.csv", "orders*.xlsx") + "format: {kind: xlsx}\n",
        )
        check(mapping, path)


def mutate_part(path: Path, dice: random.Random, hits: int) -> None:
    """Break the XML inside, so that the archive itself is whole."""
    with zipfile.ZipFile(path) as archive:
        parts = {n: bytearray(archive.read(n)) for n in archive.namelist()}
    name = dice.choice(sorted(parts))
    for _ in range(hits):
        place = dice.randrange(len(parts[name]) + 1)
        parts[name][place : place + dice.randrange(3)] = dice.choice(
            [*NASTY, b"<", b"</row>", b'r="ZZZ9"', b"&amp;"]
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, bytes(content))
