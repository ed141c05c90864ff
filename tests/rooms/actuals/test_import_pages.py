"""The administrator's import pages, without a browser: who may come in, what is received, what is done once.

Longer than a file should be: one file is followed from its arrival to its undoing, over one shared company.
"""

import io
import re
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.utils.timezone import now as timezone_now  # noqa: TID251 - a sitting ends by the wall clock

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.accounts.services import begin_session
from hangbiao.engines.journal.models import Entry
from hangbiao.engines.policy.services import set_value
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.actuals import imports, services
from hangbiao.rooms.actuals.models import Batch, ImportJob, MappingText, Quarantine, Scorecard, Upload
from hangbiao.rooms.actuals.uploads import original_of
from tests.world import found_company
from tests.world.board import AT
from tests.world.orders import HEADER, METRICS, ORDERS, order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
DAY = "2025-10-09"


@pytest.fixture
def company(settings):
    settings.CLOCK = "tests.world.board.now"
    with acting(system_scope("test")):
        found_company()
        run = services.Run(AT, "system:test", None, None)
        services.adopt_definitions(services.definitions_from(METRICS), run)
        services.keep_mapping("orders", ORDERS, at=AT)


def as_(username: str, **how) -> Client:
    account = Account.objects.get(username=username)
    client = Client(**how)
    request = RequestFactory().get("/")
    request.session = client.session
    sitting = begin_session(request, account=account, way="password", at=AT, wall=timezone_now())
    type(sitting).objects.filter(pk=sitting.pk).update(must_enrol=False)  # the second factor has tests of its own
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client


@pytest.fixture
def admin() -> Client:
    return as_("qian.hao")


def csv_of(*rows: list[str], header=HEADER) -> bytes:
    return "\n".join(",".join(r) for r in [header, *rows]).encode()


def sent(client: Client, name: str, content: bytes, **how):
    return client.post("/imports/send/", {"files": SimpleUploadedFile(name, content)}, **how)


def booked(client: Client, name: str, content: bytes) -> Batch:
    """Send a file, book it through the offered mapping, do the job as the worker would."""
    where = sent(client, name, content).headers["Location"]
    mapping = MappingText.objects.get(code="orders", offered=True)
    client.post(f"{where}book/", {"mapping": mapping.pk})
    job = imports.perform(ImportJob.objects.latest("pk").pk, at=AT)
    assert job.state == "done", job.report
    return job.batch


def actual(holder: str = "li.wei") -> int:
    with acting(system_scope("test")):
        return Scorecard.objects.get(person__code=holder, metric__code="sales").actual


ADDRESSES = [
    "/imports/", "/imports/batches/", "/imports/suspects/", "/imports/mappings/", "/imports/files/{upload}/",
    "/imports/files/{upload}/draft/", "/imports/jobs/{job}/", "/imports/jobs/{job}/row/", "/imports/batches/{batch}/",
    "/imports/batches/{batch}/refused/", "/imports/batches/{batch}/original/", "/imports/mappings/{mapping}/",
]  # fmt: skip
DEEDS = [
    "/imports/send/", "/imports/files/{upload}/check/", "/imports/files/{upload}/book/", "/imports/files/{upload}/away/",
    "/imports/jobs/{job}/cancel/", "/imports/batches/{batch}/undo/", "/imports/refused/{row}/",
    "/imports/refused/{row}/everywhere/", "/imports/suspects/1/",
]  # fmt: skip


@pytest.fixture
def places(admin) -> dict[str, int]:
    batch = booked(admin, "orders_1.csv", csv_of(order("A", DAY, "10"), order("B", DAY, "x")))
    return {
        "upload": Upload.objects.get().pk, "job": ImportJob.objects.get().pk, "batch": batch.pk,
        "mapping": batch.mapping_id, "row": Quarantine.objects.get().pk,
    }  # fmt: skip


def test_every_page_opens_for_an_administrator_and_is_absent_for_everybody_else(admin, places):
    for address in ADDRESSES:
        assert admin.get(address.format(**places)).status_code == 200, address
    for username in ("li.wei", "zhao.min", "chen.gang", "sun.li", "zhou.jie"):
        other = as_(username)
        assert {other.get(a.format(**places)).status_code for a in ADDRESSES} == {404}, username
        assert {other.post(a.format(**places)).status_code for a in DEEDS} == {404}, username
    stranger = Client()
    assert {stranger.get(a.format(**places)).status_code for a in ADDRESSES} == {302}
    assert {stranger.post(a.format(**places)).status_code for a in DEEDS} <= {302, 303}
    assert Batch.objects.count() == 1, "nothing happened"


def test_a_forged_number_answers_like_an_absent_one(admin):
    absent = {"upload": 99, "job": 99, "batch": 99, "mapping": 999, "row": 99}
    for address in ADDRESSES[4:]:
        assert admin.get(address.format(**absent)).status_code == 404, address
    for address in DEEDS[1:]:
        assert admin.post(address.format(**absent), {"verdict": "both"}).status_code == 404, address


def test_sending_needs_the_forgery_token():
    strict = as_("qian.hao", enforce_csrf_checks=True)

    assert sent(strict, "orders_1.csv", b"x").status_code == 403
    assert not Upload.objects.exists()
    strict.get("/imports/")
    token = strict.cookies["csrftoken"].value
    assert sent(strict, "orders_1.csv", b"x", headers={"X-CSRFToken": token}).status_code == 302


def test_a_file_over_the_limit_is_refused_in_a_sentence_and_leaves_nothing(admin, settings):
    why = {"source": "test", "approver": "test", "at": AT, "actor": "system:test"}
    set_value(key="import.largest_file_mb", value="1", valid_from=AT.date(), **why)

    sent(admin, "big.csv", b"a,b\n" * 300_000)

    html = admin.get("/imports/").content.decode()
    assert "big.csv 超过了 1 MB 的上限" in html
    assert not Upload.objects.exists()
    assert not list((Path(settings.LANDING) / "originals" / "arriving").glob("*"))


def test_a_double_click_keeps_one_upload_and_the_original_by_its_content(admin):
    content = csv_of(order("A", DAY, "10"))
    first = sent(admin, "orders_1.csv", content).headers["Location"]
    again = sent(admin, "orders_1.csv", content).headers["Location"]

    assert first == again
    upload = Upload.objects.get()
    assert original_of(upload.sha256).read_bytes() == content
    assert Entry.objects.filter(kind="actuals.file_received").count() == 1


def test_several_files_come_at_once(admin):
    files = [SimpleUploadedFile(f"orders_{n}.csv", csv_of(order(str(n), DAY, "1"))) for n in (1, 2, 3)]

    admin.post("/imports/send/", {"files": files})

    assert Upload.objects.count() == 3
    html = admin.get("/imports/").content.decode()
    assert all(f"orders_{n}.csv" in html for n in (1, 2, 3))


def test_the_mapping_is_chosen_by_the_name_and_the_columns_and_the_first_rows_are_shown(admin):
    where = sent(admin, "orders_x.csv", csv_of(order("A", DAY, "1234.5"), order("B", DAY, "x"))).headers["Location"]

    html = admin.get(where).content.decode()

    assert "自动选中：文件名符合 orders*.csv" in html
    assert "1,234.5" in html
    assert "这里应当是数字" in html
    assert "计入：销售额" in html
    assert not Batch.objects.exists(), "looking books nothing"


def test_a_check_counts_everything_and_books_nothing(admin):
    where = sent(admin, "orders_1.csv", csv_of(order("A", DAY, "10"), order("B", DAY, "x"))).headers["Location"]
    admin.post(f"{where}check/", {"mapping": MappingText.objects.get(code="orders").pk})

    job = imports.perform(ImportJob.objects.get().pk, at=AT)

    assert (job.state, job.batch, Batch.objects.count()) == ("done", None, 0)
    assert (job.report["rows_read"], job.report["booked"], job.report["quarantined"]) == (2, 1, 1)
    html = admin.get(f"/imports/jobs/{job.pk}/").content.decode()
    assert "什么也没有入账" in html
    assert "现在导入" in html


def test_the_rows_of_a_strict_file_are_taken_away_from_the_jobs_page(admin, settings, tmp_path):
    settings.LANDING = tmp_path
    with acting(system_scope("test")):
        services.keep_mapping("orders", ORDERS + "strict: true\n", at=AT)
    bad = [order(f"B{n}", DAY, "x") for n in range(25)]
    where = sent(admin, "orders_1.csv", csv_of(order("A1", DAY, "10.00"), *bad)).headers["Location"]
    admin.post(f"{where}book/", {"mapping": MappingText.objects.get(code="orders", offered=True).pk})

    job = imports.perform(ImportJob.objects.latest("pk").pk, at=AT)
    page = admin.get(f"/imports/jobs/{job.pk}/").content.decode()
    taken = admin.get(f"/imports/jobs/{job.pk}/refused/")

    assert (job.state, Batch.objects.count()) == ("refused", 0)
    assert "下载全部 25 个不能入账的行" in page
    assert 'filename="orders_1.refused.csv"' in taken.headers["Content-Disposition"]
    assert b"".join(taken.streaming_content).decode("utf-8-sig").count("x") >= 25
    assert as_("zhao.min").get(f"/imports/jobs/{job.pk}/refused/").status_code == 404


def test_a_job_without_such_a_file_has_none_to_take_away(admin):
    where = sent(admin, "orders_1.csv", csv_of(order("A1", DAY, "10.00"))).headers["Location"]
    admin.post(f"{where}check/", {"mapping": MappingText.objects.get(code="orders").pk})
    job = imports.perform(ImportJob.objects.latest("pk").pk, at=AT)

    assert admin.get(f"/imports/jobs/{job.pk}/refused/").status_code == 404


def test_asking_twice_is_one_job_and_booking_twice_is_one_batch(admin):
    content = csv_of(order("A", DAY, "10"))
    where = sent(admin, "orders_1.csv", content).headers["Location"]
    mapping = {"mapping": MappingText.objects.get(code="orders").pk}
    one = admin.post(f"{where}book/", mapping).headers["Location"]
    two = admin.post(f"{where}book/", mapping).headers["Location"]
    assert one == two
    first = imports.perform(ImportJob.objects.get().pk, at=AT).batch

    again = sent(admin, "orders_again.csv", content).headers["Location"]
    assert f"批次 {first.pk}" in admin.get(again).content.decode(), "says so before"
    admin.post(f"{again}book/", mapping)
    job = imports.perform(ImportJob.objects.latest("pk").pk, at=AT)

    assert (job.batch, Batch.objects.count(), actual()) == (first, 1, 1000)
    assert "这次什么也没有改变" in admin.get(f"/imports/jobs/{job.pk}/").content.decode()


def test_a_job_that_waits_can_be_cancelled_and_is_not_done_afterwards(admin):
    where = sent(admin, "orders_1.csv", csv_of(order("A", DAY, "10"))).headers["Location"]
    admin.post(f"{where}book/", {"mapping": MappingText.objects.get(code="orders").pk})
    job = ImportJob.objects.get()

    html = admin.get(f"/imports/jobs/{job.pk}/").content.decode()
    assert "后台服务没有在运行" in html, "no worker runs in this test, and the page says so"
    admin.post(f"/imports/jobs/{job.pk}/cancel/")

    assert imports.perform(job.pk, at=AT).state == "cancelled"
    assert not Batch.objects.exists()


def test_a_job_that_runs_stops_at_the_next_rows_and_books_nothing(admin, monkeypatch):
    where = sent(admin, "orders_1.csv", csv_of(*(order(f"A{n}", DAY, "1") for n in range(50)))).headers["Location"]
    admin.post(f"{where}book/", {"mapping": MappingText.objects.get(code="orders").pk})
    job = ImportJob.objects.get()
    plain = imports.import_arrival

    def asked_to_stop(*args, **how):
        ImportJob.objects.update(cancel=True)
        return plain(*args, **how)

    monkeypatch.setattr(imports, "import_arrival", asked_to_stop)

    assert imports.perform(job.pk, at=AT).state == "cancelled"
    assert not Batch.objects.exists()


def test_a_refused_row_is_corrected_in_place_and_keeps_who_and_when(admin, places):
    row = Quarantine.objects.get()
    page = admin.get(f"/imports/batches/{places['batch']}/").content.decode()
    assert "这里应当是数字" in page
    cells = {f"cell-{n}": cell for n, cell in enumerate(row.raw)}

    still = admin.post(f"/imports/refused/{row.pk}/", cells | {"cell-3": "abc"}, headers={"HX-Request": "true"})
    assert "这里应当是数字" in still.content.decode()
    assert 'value="abc"' in still.content.decode(), "what was typed is not lost"
    assert Batch.objects.count() == 1, "refused again: no batch"
    good = admin.post(f"/imports/refused/{row.pk}/", cells | {"cell-3": "20"}, headers={"HX-Request": "true"})

    row.refresh_from_db()
    assert "已入账" in good.content.decode()
    assert (row.raw[3], row.sent[3], actual()) == ("x", "20", 3000)
    assert (row.resolved_by.file_name, row.resolved_at) == ("orders_1.csv:3", AT)
    assert row.resolved_actor == Account.objects.get(username="qian.hao").actor
    line = Entry.objects.get(kind="actuals.rows_corrected")
    assert (line.data["batch"], line.data["into"]) == (places["batch"], row.resolved_by_id)
    again = admin.post(f"/imports/refused/{row.pk}/", cells | {"cell-3": "20"}, headers={"HX-Request": "true"})
    assert "没有重复入账" in again.content.decode()
    assert (Batch.objects.count(), actual()) == (2, 3000)


def test_one_value_is_corrected_wherever_it_stands(admin):
    wrong = [order(n, DAY, "5", rep="nobody") for n in "ABC"]
    batch = booked(admin, "orders_1.csv", csv_of(*wrong, order("D", DAY, "x")))
    row = batch.refused.filter(column="业务员").first()
    assert "这 3 行的“业务员”都是“nobody”" in admin.get(f"/imports/batches/{batch.pk}/").content.decode()

    admin.post(f"/imports/refused/{row.pk}/everywhere/", {"value": "wang.fang"})

    assert actual("wang.fang") == 1500
    assert Quarantine.objects.filter(resolved_by=None).count() == 1


def test_a_correction_that_is_undone_makes_the_row_wait_again(admin, places):
    row = Quarantine.objects.get()
    cells = {f"cell-{n}": cell for n, cell in enumerate(row.raw)}
    admin.post(f"/imports/refused/{row.pk}/", cells | {"cell-3": "20"})
    row.refresh_from_db()

    admin.post(f"/imports/batches/{row.resolved_by_id}/undo/")
    imports.perform(ImportJob.objects.latest("pk").pk, at=AT)

    assert actual() == 1000
    assert "1 待处理" in admin.get("/imports/batches/").content.decode()


def test_refused_rows_are_downloaded_corrected_and_sent_again(admin, places):
    answer = admin.get(f"/imports/batches/{places['batch']}/refused/")
    text = answer.content.decode("utf-8-sig").replace("x", "20", 1)
    assert f"orders_1.refused-{places['batch']}.csv" in answer.headers["Content-Disposition"]

    batch = booked(admin, "orders_1.refused.csv", text.encode())

    row = Quarantine.objects.get()
    assert (row.resolved_by, actual()) == (batch, 3000)


def test_a_batch_is_undone_by_a_job_and_both_say_so(admin, places):
    admin.post(f"/imports/batches/{places['batch']}/undo/")
    job = imports.perform(ImportJob.objects.latest("pk").pk, at=AT)

    assert (job.state, actual()) == ("done", 0)
    page = admin.get(f"/imports/batches/{places['batch']}/").content.decode()
    assert "已被撤销" in page
    assert f"批次 {job.batch_id}" in page
    assert "撤销这次撤销" in admin.get(f"/imports/batches/{job.batch_id}/").content.decode()
    refused = admin.post(f"/imports/batches/{places['batch']}/undo/", follow=True).content.decode()
    assert f"已由批次 {job.batch_id} 撤销" in re.sub(r"\s+", " ", refused)


def test_a_suspected_duplicate_is_reversed_not_deleted(admin):
    twin = {"outlet": "O7", "sku": "S7", "quantity": "3"}
    batch = booked(admin, "orders_1.csv", csv_of(order("A", DAY, "30", **twin), order("B", DAY, "30", **twin)))
    suspect = batch.suspects.get()
    assert "O7" in admin.get("/imports/suspects/").content.decode()

    admin.post(f"/imports/suspects/{suspect.pk}/", {"verdict": "duplicate", "line": "B / 1"})
    admin.post(f"/imports/suspects/{suspect.pk}/", {"verdict": "duplicate", "line": "B / 1"})

    suspect.refresh_from_db()
    assert (actual(), Batch.objects.count(), suspect.verdict) == (3000, 2, "duplicate")
    assert suspect.reversal.effect == {"sales": -3000}
    with acting(system_scope("test")):
        from hangbiao.rooms.actuals.selectors import differences

        assert differences() == []
    admin.post(f"/imports/batches/{suspect.reversal_id}/undo/")
    imports.perform(ImportJob.objects.latest("pk").pk, at=AT)
    suspect.refresh_from_db()
    assert (actual(), suspect.verdict) == (6000, ""), "undoing the reversal asks the question again"


def test_two_sales_stay_two_sales(admin):
    twin = {"outlet": "O7", "sku": "S7", "quantity": "3"}
    batch = booked(admin, "orders_1.csv", csv_of(order("A", DAY, "30", **twin), order("B", DAY, "30", **twin)))

    admin.post(f"/imports/suspects/{batch.suspects.get().pk}/", {"verdict": "both"})

    assert (actual(), Batch.objects.count()) == (6000, 1)
    assert Entry.objects.get(kind="actuals.suspect_decided").data["verdict"] == "both"


def test_what_nobody_wants_is_put_away(admin):
    where = sent(admin, "orders_1.csv", csv_of(order("A", DAY, "10"))).headers["Location"]
    kept = original_of(Upload.objects.get().sha256)

    admin.post(f"{where}away/")

    assert Upload.objects.get().put_away
    assert kept.exists(), "gone only once the deed is certain (after the commit, which a test never reaches)"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "文件是空的"),
        ("a.csv", b"PK\x03\x04 not a zip", "不是可以打开的 XLSX"),
        ("a.csv", b"a,b\n1,\x00", "NUL"),
        ("a.csv", b'a,b\n"open', "引号"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(admin, name, content, said):
    where = sent(admin, name, content).headers["Location"]

    assert said in admin.get(where).content.decode() + admin.get(f"{where}draft/").content.decode()


def test_english_readers_get_english_reasons(admin, places):
    Account.objects.filter(username="qian.hao").update(locale="en")

    html = admin.get(f"/imports/batches/{places['batch']}/").content.decode()

    assert "A number belongs here. Write the number alone" in html


def test_a_workbook_row_with_a_real_date_can_be_corrected(admin):
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    row = [*order("A", DAY, "x")]
    row[2] = datetime(2025, 10, 9)
    book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    text = ORDERS.replace("files:", "format: {kind: xlsx}\nfiles:").replace("orders*.csv", "orders*.xlsx")
    text = text.replace("day: 日期", 'day: {from: 日期, date: "%d.%m.%Y"}').replace("mapping: orders", "mapping: books")
    services.keep_mapping("books", text, at=AT)
    where = sent(admin, "orders_1.xlsx", content.getvalue()).headers["Location"]
    admin.post(f"{where}book/", {"mapping": MappingText.objects.get(code="books").pk})
    job = imports.perform(ImportJob.objects.latest("pk").pk, at=AT)
    assert job.state == "done", job.report["refusals"]
    refused = Quarantine.objects.get()
    assert refused.column == "净额"

    cells = {f"cell-{n}": cell for n, cell in enumerate(refused.raw)} | {"cell-3": "7"}
    admin.post(f"/imports/refused/{refused.pk}/", cells)

    assert actual() == 700
