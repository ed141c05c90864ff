"""Every table as a file: all rows that fit its filters, not the page; harmless in a spreadsheet; for the same readers."""

import csv
import io

import openpyxl
import pytest

from tests.world.board import AT

TABLES = {
    "/accounts/": "accounts", "/imports/batches/": "batches", "/imports/suspects/": "suspects", "/admin/keys/": "keys",
    "/admin/webhooks/": "webhooks", "/admin/errors/": "faults",
}  # fmt: skip
MANY = 230


@pytest.fixture(scope="module")
def administrator(company):
    """With more of everything than fits on a page."""
    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.pages.models import Fault
    from hangbiao.engines.scope.context import acting, system_scope
    from hangbiao.rooms.actuals.models import Batch, MappingText, Quarantine, Suspect
    from hangbiao.rooms.people.models import Person

    company.key()
    with acting(system_scope("test")):
        mapping = MappingText.objects.create(code="many", digest="2" * 64, text="", recorded_at=AT)
        for n in range(MANY):
            Batch.objects.create(
                stream="daily_totals", mapping=mapping, file_name=f"many-{n}.csv", sha256=f"{n:064}", recorded_at=AT,
                merkle_root="0" * 64, booked=1234, quarantined=MANY if n == 0 else 0, actor="system:test",
                header=["日期", "=数值"],
            )  # fmt: skip
        first = Batch.objects.get(file_name="many-0.csv")
        Quarantine.objects.bulk_create(
            Quarantine(batch=first, line=n, column="=数值", value="=1+1", code="unknown", reason="不是数", remedy="改成数",
                       raw=["2026-11-25", f"=HYPERLINK({n})"])
            for n in range(MANY)
        )  # fmt: skip
        Suspect.objects.bulk_create(
            Suspect(batch=first, day=AT.date(), lines=["a / 1"],
                    what={"outlet": f"@K{n}", "sku": "S", "quantity": "1", "net_amount": "2"})
            for n in range(3)
        )  # fmt: skip
        Person.objects.bulk_create(Person(code=f"ZZ{n:03}", name=f"众人{n}") for n in range(MANY))
        somebody = Account.objects.get(username="x1")
        Fault.objects.bulk_create(
            Fault(number=f"E-{n:06}", at=AT, account=somebody, method="GET", address="/x/", kind="K", said="+1")
            for n in range(MANY)
        )
    client = company.signed_in("adm")
    client.first = first.pk
    return client


def rows_of(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer.status_code
    assert answer.headers["Content-Disposition"].startswith("attachment")
    content = b"".join(answer.streaming_content)
    if answer.headers["Content-Type"].startswith("text/csv"):
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(("address", "name"), TABLES.items())
def test_every_table_has_a_file_that_its_page_offers(administrator, address, name, kind):
    page = administrator.get(address)

    rows = rows_of(administrator.get(f"{address}?{name}-as={kind}"))

    assert f"{name}-as={kind}" in page.content.decode() or len(rows) == 1
    assert any("\u4e00" <= letter <= "\u9fff" for letter in "".join(rows[0]))
    assert {len(row) for row in rows} == {len(rows[0])}


def test_a_file_holds_all_rows_that_fit_the_filters_and_not_the_page(administrator):
    batches = rows_of(administrator.get("/imports/batches/?batches-as=csv&batches-q=many-&batches-page=2"))
    people = rows_of(administrator.get("/accounts/?accounts-as=csv&q=众人&state=without"))
    faults = rows_of(administrator.get("/admin/errors/?faults-as=csv&faults-q=E-0000"))
    refused = rows_of(administrator.get(f"/imports/batches/{administrator.first}/?refused-as=csv"))

    assert [len(batches) - 1, len(people) - 1, len(refused) - 1] == [MANY] * 3
    assert len(faults) - 1 == 100
    assert len({row[0] for row in people[1:]}) == MANY


def test_numbers_stay_numbers_and_nothing_is_a_formula(administrator):
    batches = rows_of(administrator.get("/imports/batches/?batches-as=xlsx&batches-q=many-1.csv"))
    refused = rows_of(administrator.get(f"/imports/batches/{administrator.first}/?refused-as=csv"))
    suspects = rows_of(administrator.get("/imports/suspects/?suspects-as=csv"))

    assert 1234 in batches[1]
    assert refused[0][-1] == "'=数值"
    assert refused[1][2] == "'=1+1"
    assert refused[1][-1].startswith("'=HYPERLINK(")
    assert {row[1] for row in suspects[1:]} >= {"'@K0", "'@K1", "'@K2"}
    assert not [cell for row in [*refused, *suspects] for cell in row if cell.startswith(("=", "+", "@"))]


def test_what_can_only_be_pressed_goes_into_no_file(administrator):
    keys = rows_of(administrator.get("/admin/keys/?keys-as=csv"))

    assert "操作" not in keys[0]
    assert not [cell for row in keys for cell in row if "<" in cell or "作废密钥" in cell]
    assert any(cell.startswith("hb_") for row in keys for cell in row)


def test_headers_speak_the_readers_language(administrator):
    from hangbiao.engines.accounts.models import Account

    Account.objects.filter(username="adm").update(locale="en")
    try:
        head = rows_of(administrator.get("/imports/batches/?batches-as=csv"))[0]
    finally:
        Account.objects.filter(username="adm").update(locale="")

    assert not any("\u4e00" <= letter <= "\u9fff" for letter in "".join(head))


@pytest.mark.parametrize(("address", "name"), TABLES.items())
def test_who_may_not_open_the_page_gets_no_file_of_it(company, administrator, address, name):
    for who in ("m1", "x1", "p000"):
        assert company.signed_in(who).get(f"{address}?{name}-as=csv").status_code == 404


def test_an_unknown_format_is_the_page(administrator):
    assert administrator.get("/imports/batches/?batches-as=exe").headers["Content-Type"].startswith("text/html")


def test_the_people_of_a_board_are_written_whole_and_once(company):
    manager = company.signed_in("x1")
    for sort in ("", "&sort=name", "&sort=forecast"):
        rows = rows_of(manager.get(f"/board/table.csv?view=people{sort}"))
        codes = [row[0] for row in rows[1:]]
        assert sorted(codes) == sorted(company.reps)
