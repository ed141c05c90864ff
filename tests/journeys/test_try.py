"""`hangbiao try`: somebody's own files, as they are, through a mapping folder into a scratch database.

With HANGBIAO_DATA naming a folder that holds `adventureworks/` and `crm_opportunities/`, the samples themselves go
through; without it only small files of the same shape, written here. What must come out is computed by plain Python
over the same files, with none of the product's code.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
GIVEN = Path(os.environ["HANGBIAO_DATA"]) if os.environ.get("HANGBIAO_DATA") else None
given_data = pytest.mark.skipif(GIVEN is None, reason="HANGBIAO_DATA names no folder with the samples")
HEAD = "employee,period,actual,target,attainment"


@pytest.fixture(scope="module")
def home():
    """A home outside pytest's own folders: those are closed to the role that the embedded server runs as."""
    folder = Path(tempfile.mkdtemp(prefix="hangbiao-try-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def attempt(home: Path, example: str, data: Path) -> subprocess.CompletedProcess[str]:
    """The command, in a process and a home of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_URL", "HANGBIAO_"))}
    environment |= {"HANGBIAO_HOME": str(home), "PYTHONPATH": str(REPOSITORY / "src")}
    command = [
        sys.executable,
        "-m",
        "hangbiao.site.cli",
        "try",
        REPOSITORY / "examples" / example,
        "--data",
        data,
        "--once",
    ]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def leftovers(home: Path) -> str:
    """Scratch databases that are still in the home's server, and scratch files beside it."""
    asked = (
        "import sys, psycopg; from pathlib import Path; from hangbiao.site import database\n"
        "home = Path(sys.argv[1])\n"
        "with psycopg.connect(database.embedded(home / 'pg', 'postgres')) as connection:\n"
        "    names = [name for (name,) in connection.execute('SELECT datname FROM pg_database')]\n"
        "print(*(n for n in names if n.startswith('hangbiao_')), *(home / 'try').glob('*'))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    command = [sys.executable, "-c", asked, home]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def quarter(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def six_places(ratio: Fraction) -> str:
    """Half up, away from zero, without the product's rounding."""
    millionths = abs(ratio) * 10**6 + Fraction(1, 2)
    whole, rest = divmod(millionths.numerator // millionths.denominator, 10**6)
    return f"{'-' if ratio < 0 and (whole or rest) else ''}{whole}.{rest:06d}"


def expected(actuals: dict[tuple[str, str], Decimal], targets: dict[tuple[str, str], Decimal]) -> list[str]:
    lines = [HEAD]
    for period, employee in sorted(targets):
        actual, target = actuals.get((period, employee), Decimal(0)), targets[period, employee]
        lines.append(
            f"{employee},{period},{actual:.2f},{target:.2f},{six_places(Fraction(actual) / Fraction(target))}"
        )
    return lines


def by_quarter(lines: Iterable[tuple[date, str, str]]) -> dict[tuple[str, str], Decimal]:
    total: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for day, who, amount in lines:
        total[quarter(day), who] += Decimal(amount)
    return total


def quotas_and_sales(folder: Path) -> list[str]:
    """The attainments of quotas whose date lies 2 376 days before the first day of their sales quarter."""
    with (folder / "FactSalesQuota_utf16.csv").open() as file:
        quotas = [
            (datetime.fromisoformat(r[6]).date() + timedelta(days=2376), r[1], r[5])
            for r in csv.reader(file, delimiter="|")
        ]
    with (folder / "FactResellerSales.csv").open() as file:
        sales = [
            (date.fromisoformat(r["OrderDate"]), r["EmployeeKey"], r["SalesAmount"])
            for r in csv.DictReader(file)
        ]
    return expected(by_quarter(sales), by_quarter(quotas))


def won_against_the_quarter_before(folder: Path) -> list[str]:
    """Won value per agent and quarter; the target is the won value of the quarter before."""
    with (folder / "sales_pipeline.csv").open() as file:
        won = by_quarter(
            (datetime.strptime(r["close_date"], "%d-%m-%y").date(), r["sales_agent"], r["close_value"])
            for r in csv.DictReader(file)
            if r["deal_stage"] == "Won"
        )
    periods = sorted({period for period, _ in won})
    after = dict(pairwise(periods))
    targets = {
        (after[period], who): value for (period, who), value in won.items() if period in after and value
    }
    return expected(won, targets)


def small_quotas(folder: Path) -> Path:
    """Three people: returns, a quarter without a sale, a ratio that ends in 5 at the seventh place, a sale without a quota."""
    rows = [
        ("272", "2010-12-29", "28000.0000"), ("281", "2010-12-29", "2000000.0000"), ("272", "2011-03-31", "7000.0000"),
        ("281", "2011-03-31", "100.0000"), ("290", "2011-03-31", "3.0000"),
    ]  # fmt: skip
    (folder / "FactSalesQuota_utf16.csv").write_text(
        "".join(
            f"{n}|{who}|20101229|2010|4|{quota}|{day} 00:00:00.000\n"
            for n, (who, day, quota) in enumerate(rows, 1)
        )
    )
    sales = [
        ("272", "2017-07-01", "19999.99"), ("272", "2017-09-30", "0.01"), ("281", "2017-07-03", "1.00"),
        ("281", "2017-12-31", "-70.00"), ("290", "2017-10-01", "2.00"), ("290", "2018-01-01", "5.00"),
    ]  # fmt: skip
    head = (
        "SalesOrderNumber,OrderDate,ProductKey,ResellerKey,EmployeeKey,SalesTerritoryKey,"
        "OrderQuantity,UnitPrice,TotalProductCost,SalesAmount,StandardCost\n"
    )
    body = (
        f"SO{n},{day},349,676,{who},5,1,2024.99,NULL,{amount},1898.09\n"
        for n, (who, day, amount) in enumerate(sales)
    )
    (folder / "FactResellerSales.csv").write_text(head + "".join(body))
    return folder


def small_pipeline(folder: Path) -> Path:
    """Two agents, three quarters, a lost deal and one still running."""
    (folder / "sales_teams.csv").write_text(
        "sales_agent,manager,regional_office\nAnn Lee,Bo Chan,East\nCy Ode,Bo Chan,East\n"
    )
    deals = [
        ("Ann Lee", "GTXPro", "Won", "11-03-17", "4514"), ("Ann Lee", "GTX Pro", "Won", "01-04-17", "1000"),
        ("Ann Lee", "MG Special", "Lost", "02-04-17", "0"), ("Cy Ode", "MG Special", "Won", "30-06-17", "55"),
        ("Cy Ode", "MG Special", "Engaging", "", ""), ("Cy Ode", "MG Special", "Won", "31-07-17", "110"),
    ]  # fmt: skip
    head = (
        "opportunity_id,sales_agent,product,account,deal_stage,"
        "engage_date,close_date,close_value,engage_quarter,close_quarter\n"
    )
    body = (
        f"ID{n},{who},{what},Acme,{stage},20-10-16,{day},{value},,\n"
        for n, (who, what, stage, day, value) in enumerate(deals)
    )
    (folder / "sales_pipeline.csv").write_text(head + "".join(body))
    return folder


def check(done: subprocess.CompletedProcess[str], wanted: list[str]) -> None:
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == wanted


def test_small_files_in_the_shape_of_the_quota_sample_give_attainments_computed_by_hand(home, tmp_path):
    done = attempt(home, "adventureworks", small_quotas(tmp_path))

    check(done, [
        HEAD,
        "272,2017Q3,20000.00,28000.00,0.714286",
        "281,2017Q3,1.00,2000000.00,0.000001",
        "272,2017Q4,0.00,7000.00,0.000000",
        "281,2017Q4,-70.00,100.00,-0.700000",
        "290,2017Q4,2.00,3.00,0.666667",
    ])  # fmt: skip
    assert done.stdout.splitlines() == quotas_and_sales(tmp_path)
    assert leftovers(home) == "", "a trial leaves no database and no file behind"


def test_small_files_in_the_shape_of_the_opportunity_sample_are_measured_against_the_quarter_before(
    home, tmp_path
):
    done = attempt(home, "crm_opportunities", small_pipeline(tmp_path))

    check(done, [
        HEAD,
        "Ann Lee,2017Q2,1000.00,4514.00,0.221533",
        "Ann Lee,2017Q3,0.00,1000.00,0.000000",
        "Cy Ode,2017Q3,110.00,55.00,2.000000",
    ])  # fmt: skip
    assert done.stdout.splitlines() == won_against_the_quarter_before(tmp_path)


@given_data
def test_the_163_quotas_of_the_sample_itself_come_out_as_computed_independently(home):
    done = attempt(home, "adventureworks", GIVEN / "adventureworks")

    check(done, quotas_and_sales(GIVEN / "adventureworks"))
    assert len(done.stdout.splitlines()) == 1 + 163


@given_data
def test_the_opportunity_sample_itself_comes_out_as_computed_independently(home):
    check(
        attempt(home, "crm_opportunities", GIVEN / "crm_opportunities"),
        won_against_the_quarter_before(GIVEN / "crm_opportunities"),
    )


def test_a_folder_that_is_not_there_is_answered_with_a_sentence(home, tmp_path):
    done = attempt(home, "adventureworks", tmp_path / "nowhere")

    assert done.returncode == 1
    assert done.stderr.strip() == f"There is no folder {tmp_path / 'nowhere'}."


def test_files_without_a_single_day_are_refused_with_a_sentence(home, tmp_path):
    done = attempt(home, "adventureworks", tmp_path)

    assert done.returncode == 1
    assert "holds a single readable day" in done.stderr
    assert "Traceback" not in done.stderr
