"""However large a file or a line is, reading it stays within bounds; measured in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

MEGABYTE = 1 << 20
READ = """
import os, resource, sys
from pathlib import Path
def peak():  # on Linux getrusage begins with what the parent held at the fork, which hides growth
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)

os.environ.setdefault("DATABASE_URL", "postgresql:///none")
os.environ["DJANGO_SETTINGS_MODULE"] = "hangbiao.site.settings"
from hangbiao.rooms.actuals.errors import FileRefused
from hangbiao.rooms.actuals.mapping import Format
from hangbiao.adapters.files import delimited, workbook
before = peak()
reader = workbook if sys.argv[1].endswith("xlsx") else delimited
said = "read"
try:
    table = reader.read(Path(sys.argv[1]), form=Format(kind="xlsx" if reader is workbook else "csv"))
    rows = sum(len(chunk.rows) for chunk in table.chunks)
    said = f"read {rows}"
except FileRefused as refused:
    said = refused.code
print(said, (peak() - before) // 1024)
"""


def read_in_a_process(path: Path) -> tuple[str, int]:
    """What reading came to, and by how many megabytes memory grew."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said, _, grown = done.stdout.strip().rpartition(" ")
    return said, int(grown)


def test_one_line_of_a_gigabyte_is_refused_within_60_megabytes(tmp_path):
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n")
        for _ in range(64):
            file.write(b"7" * (16 * MEGABYTE))

    said, grown = read_in_a_process(path)

    assert said == "line_too_long"
    assert grown < 60


def test_a_quoted_field_of_many_lines_that_never_ends_is_refused_within_60_megabytes(tmp_path):
    path = tmp_path / "quote.csv"
    with path.open("wb") as file:
        file.write(b'a,b\n"')
        for _ in range(2_000):
            file.write(b"x" * 100_000 + b"\n")

    said, grown = read_in_a_process(path)

    assert said in {"broken_quotes", "line_too_long"}
    assert grown < 60


@pytest.mark.parametrize("cell", ["12345,67.8", '"quoted, text",1'])
def test_two_million_rows_are_read_within_120_megabytes(tmp_path, cell):
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + f"{cell}\n" * 2_000_000)

    said, grown = read_in_a_process(path)

    assert said == "read 2000000"
    assert grown < 120


def test_lines_of_hundreds_of_thousands_of_cells_stay_within_250_megabytes(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("a,b\n" + (",ab" * 300_000 + "\n") * 60)

    said, grown = read_in_a_process(path)

    assert said == "read 60"
    assert grown < 250
