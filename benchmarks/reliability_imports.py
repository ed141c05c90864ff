"""Row R4: malformed files. Written ones, each with the outcome it must have, and files broken at random from seeds.

Every file goes through the real import in a database of its own and is undone; after each, every table is as before (a
refused file) or holds exactly what the report says (a booked one). `python -m benchmarks.reliability_imports 2000`.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.machine import peak_mb, say, scratch

if TYPE_CHECKING:
    from tests.world.attempts import Attempt

SAMPLE, FULL = 140, 2_100
MEGABYTE = 1 << 20
REFUSED = "refused"
Maker = Callable[[Path], tuple[Path, Path]]


@dataclass(frozen=True, slots=True)
class Written:
    """A file that somebody wrote, and how its import must end: a word of the refusal, or (booked, refused) rows."""

    name: str
    make: Maker
    ends: str | tuple[int, int]


def figures(long: bool) -> dict[str, float | None]:
    """In a process of its own: its peak of memory is a figure."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.reliability_imports", str(FULL if long else SAMPLE)]
    measured = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {name: float(value) for name, value in json.loads(measured.splitlines()[-1]).items()}


def main(count: int) -> dict[str, float]:
    with scratch("imports") as folder, tempfile.TemporaryDirectory() as files:
        from tests.world import found_company

        found_company()
        seen: Counter[str] = Counter()
        written = list(written_files(giant=count >= FULL))
        for one in written:
            _count(one.name, _try(Path(files), one.make), seen, one.ends)
        for number in range(max(0, count - len(written))):
            _one_at_random(Path(files), number, seen)
            if number % 500 == 499:
                say(f"{number + 1} files broken at random; faults so far: {seen['faults']}")
        landed = len(list((folder / "landed").rglob("*.parquet")))
        say(f"{len(written)} written, {seen['files']} in all, {landed} files landed and undone")
    return {
        "import_files": seen["files"],
        "import_crashes": seen["crash"],
        "import_half": seen["half"],
        "import_unnamed": seen["unnamed"],
        "import_otherwise": seen["otherwise"],
        "import_refused_files": seen[REFUSED],
        "import_refused_rows": seen["rows"],
        "import_peak_mb": peak_mb(),
    }


def _one_at_random(files: Path, number: int, seen: Counter[str]) -> None:
    from tests.world.broken import KINDS, broken_file

    kind, seed = KINDS[number % len(KINDS)], number // len(KINDS)
    _count(f"{kind} seed {seed}", _try(files, lambda folder: broken_file(folder, kind, seed)), seen, None)


def _try(files: Path, make: Maker) -> "Attempt":
    from tests.world import NEW_YEAR
    from tests.world.attempts import attempt

    with tempfile.TemporaryDirectory(dir=files) as folder:
        mapping, path = make(Path(folder))
        return attempt(mapping, path, NEW_YEAR.replace(year=2026, month=11, day=26))


def _count(name: str, ended: "Attempt", seen: Counter[str], ends: str | tuple[int, int] | None) -> None:
    faults = list(ended.faults)
    if isinstance(ends, str) and (ended.status != REFUSED or ends not in ended.code):
        faults.append(f"otherwise: should be refused with {ends}, was {ended}")
    if isinstance(ends, tuple) and (ended.booked, ended.quarantined) != ends:
        faults.append(f"otherwise: should be {ends}, was {ended}")
    for fault in faults:
        say(f"{name}: {fault}")
        seen[fault.partition(":")[0]] += 1
    seen["faults"] += len(faults)
    seen["files"] += 1
    seen[REFUSED] += ended.status == REFUSED
    seen["rows"] += ended.quarantined


def written_files(*, giant: bool) -> Iterator[Written]:
    """Bad cells, bad structures, forged workbooks, and rows that break a rule of their room."""
    from tests.world import nasty
    from tests.world.orders import HEADER, mapping_folder, order, write_csv

    good, other = order("A1", "2025-10-09", "100.00"), order("A2", "2025-10-10", "-20.00")

    def orders(content: bytes | list[list[str]]) -> Maker:
        def make(folder: Path) -> tuple[Path, Path]:
            path = folder / "orders_1.csv"
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                write_csv(path, content)
            return mapping_folder(folder / "mapping"), path

        return make

    for what in nasty.CELLS:
        yield Written(what, orders([good, nasty.bad_order(what), other]), (2, 1))
    for what, (content, reason) in nasty.FILES.items():
        yield Written(what, orders(content), reason)
    short = f"{nasty.HEAD_LINE}\n{nasty.GOOD_LINE}\nA2,1\n{nasty.GOOD_LINE},more\n".encode()
    swapped = [good, order("A3", "12.50", "2025-10-09"), order("A4", "7", "2025-10-10")]
    yield Written("only a header", orders([]), (0, 0))
    yield Written("rows too short and too long", orders(short), (1, 2))
    yield Written("date and amount swapped", orders(swapped), (1, 2))
    yield Written("negative sales", orders([good, other, order("A5", "2025-10-11", "-999999.99")]), (3, 0))
    yield Written("one key twice", orders([good, order("A1", "2025-10-09", "70.00")]), (1, 0))
    yield Written("two byte order marks", orders(f"\ufeff{nasty.HEAD_LINE}".encode("utf-16")), (0, 0))
    if giant:
        yield Written("one line of a gigabyte", _gigabyte, "第 2 行超过")
    yield from _workbooks()
    yield from _rule_breakers()
    yield Written("a header that is there twice over", orders([HEADER, good]), (1, 1))


def _gigabyte(folder: Path) -> tuple[Path, Path]:
    from tests.world import nasty
    from tests.world.orders import mapping_folder

    path = folder / "orders_1.csv"
    with path.open("wb") as file:
        file.write(nasty.HEAD_LINE.encode() + b"\n")
        for _ in range(1024):
            file.write(b"7" * MEGABYTE)
    return mapping_folder(folder / "mapping"), path


def _workbooks() -> Iterator[Written]:
    from tests.world import broken, nasty
    from tests.world.orders import HEADER

    def made(build: Callable[[Path], object]) -> Maker:
        def make(folder: Path) -> tuple[Path, Path]:
            path = folder / "orders_1.xlsx"
            build(path)
            return broken.workbook_mapping(folder / "mapping"), path

        return make

    def rows(*more: list[object]) -> Callable[[Path], object]:
        return lambda path: nasty.workbook(path, [HEADER, nasty.order_cells("A1"), *more])

    def sheet(old: bytes, new: bytes) -> Callable[[Path], object]:
        def build(path: Path) -> object:
            rows()(path)
            return nasty.rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(old, new))

        return build

    yield Written("a formula cell", made(rows(nasty.order_cells("A2", amount="=2+3"))), (1, 1))
    yield Written("text in a number cell", made(rows(nasty.order_cells("A2", amount="五"))), (1, 1))
    yield Written("a truth value as amount", made(rows(nasty.order_cells("A2", amount=True))), (1, 1))
    yield Written("a zip bomb", made(nasty.zip_bomb), "解压后有")
    yield Written("entities", made(nasty.entity_bomb), "XLSX")
    yield Written("a billion rows claimed", made(sheet(b'ref="A1:I2"', b'ref="A1:XFD999999999"')), (1, 0))
    yield Written("a row numbered a billion", made(sheet(b'<row r="2"', b'<row r="999999999"')), "行号超过")
    yield Written("no workbook at all", made(lambda path: path.write_bytes(b"hello")), "XLSX")
    yield Written("an empty archive", made(lambda path: path.write_bytes(b"PK\x05\x06" + b"\0" * 18)), "XLSX")


def _rule_breakers() -> Iterator[Written]:
    from tests.world import broken

    def made(stream: str, *lines: list[str]) -> Maker:
        def make(folder: Path) -> tuple[Path, Path]:
            path = folder / f"{stream}_1.csv"
            head = list(broken.STREAMS[stream][0].values())
            path.write_text("\n".join(",".join(line) for line in [head, *lines]), encoding="utf-8")
            return broken.stream_mapping(folder / "mapping", stream), path

        return make

    person = ["new.one", "新人", "rep", "T-B", "", "", "2025-11-10", "", ""]
    target = ["2025Q4", "sales", "T1", "900000", "1200000", "even"]
    yield Written("one employee twice", made("people", person, person), (2, 0))
    yield Written("one employee in two teams", made("people", person, [*person[:3], "T-A", *person[4:]]), (1, 1))
    yield Written("a user name of somebody else", made("people", [*person[:8], "li.wei"]), (0, 1))
    yield Written("a name of 100 characters", made("people", [person[0], "长" * 100, *person[2:]]), (0, 1))
    yield Written("a role that is none", made("people", [*person[:2], "boss", *person[3:]]), (0, 1))
    yield Written("gone before joining", made("people", [*person[:5], "2025-01-01", *person[6:]]), (0, 1))
    yield Written("stretch below base", made("targets", [*target[:4], "800000", "even"]), (0, 1))
    yield Written("a metric that is none", made("targets", [target[0], "profit", *target[2:]]), (0, 1))
    yield Written("a phasing of two months", made("targets", [*target[:5], "months:50/50"]), (0, 1))
    yield Written("two people at once", made("assignments", ["T1", "wang.fang", "2024-01-01", "2025-03-01"]), (0, 1))
    yield Written("leave that ends first", made("leaves", ["li.wei", "病假", "2025-12-09", "2025-12-08", "是"]), (0, 1))
    yield Written("a parent that is nowhere", made("units", ["R7", "某区", "region", "R404", ""]), (0, 1))
    yield Written("two units alike", made("units", ["a/b", "甲", "team", "R1", ""], ["a-b", "乙", "team", "R1", ""]), (1, 1))
    outlet = ["O9", "店", "2025-10-09", "北", "121", "T1", "customer", "否", ""]
    yield Written("a latitude in words", made("outlets", outlet), (0, 1))
    yield Written("half a visit", made("daily_totals", ["2025-10-09", "visits", "1.5", "li.wei", "T1"]), (0, 1))


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE)))
