"""The first five minutes of an auditor and of an integrator, in a real browser."""

import csv
import re
from pathlib import Path

WORKER_TURN = 5_000  # milliseconds that a page may take to ask again


def test_an_auditor_finds_a_line_by_day_and_words_opens_it_and_takes_the_list_away(walk, tmp_path):
    auditor = walk()
    auditor.sign_in("aud")
    page = auditor.page
    assert page.url.endswith("/journal/")
    assert page.locator("#log tbody tr").count() > 5

    page.fill("input[name=from]", "2026-11-26")
    page.fill("input[name=who]", "系统")
    page.click(".logdays button")
    page.wait_for_url(re.compile("from=2026-11-26"))
    page.select_option("#log-stream", label="亮灯")
    page.wait_for_url(re.compile("log-stream=lights"))
    page.select_option("#log-kind", label="正式亮灯落定")
    page.wait_for_url(re.compile("log-kind=lights"))
    rows = page.locator("#log tbody tr")
    assert rows.count() == 1
    assert "正式亮灯落定" in rows.first.inner_text()

    rows.first.locator("a").click()
    page.wait_for_selector("#drawer .dh")
    said = page.inner_text("#drawer")
    assert "内容与哈希相符，并接在前一行之后" in said
    assert re.search(r"前一行的哈希\s+[0-9a-f]{64}", said)
    page.keyboard.press("Escape")

    page.reload()
    assert rows.count() == 1, "the filter stands in the address"
    with page.expect_download() as begun:
        page.click(".logacts a:has-text('CSV')")
    begun.value.save_as(tmp_path / "journal.csv")
    with Path(tmp_path / "journal.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["kind"] for row in csv.DictReader(file)] == ["lights.checkpoint_fixed"]


def test_an_auditor_has_the_journal_verified_and_reads_the_result_in_a_sentence(walk):
    from hangbiao.engines.journal.models import Verification
    from hangbiao.engines.journal.verifying import perform
    from tests.world.board import AT

    auditor = walk(phone=True)
    auditor.sign_in("aud")
    page = auditor.page

    page.click(".logacts button")
    page.wait_for_url(re.compile(r"/verifications/\d+/"))
    assert "等待开始" in page.inner_text("main")
    number = int(page.url.rstrip("/").rpartition("/")[2])
    _as_the_worker(lambda: perform(number, at=AT))
    page.wait_for_selector("main .lead", timeout=WORKER_TURN)

    assert re.search(r"核对了 \d+ 条链的 \d+ 行，全部相符", page.inner_text("main"))
    assert _as_the_worker(lambda: Verification.objects.get(pk=number).state) == "done"
    assert auditor.sideways() == 0


def test_an_auditor_sees_no_results_and_finds_no_page_of_others(walk):
    auditor = walk()
    auditor.sign_in("aud")

    navigation = auditor.page.inner_text("nav.rail")
    assert "区域看板" not in navigation
    assert "数据导入" not in navigation
    assert auditor.page.goto(f"{auditor.house}/people/P000/").status == 404
    assert auditor.page.goto(f"{auditor.house}/admin/keys/").status == 404
    auditor.page.goto(f"{auditor.house}/board/")
    assert "没有结果可看" in auditor.page.inner_text("main")
    auditor.findings.clear()  # the browser reports the two 404 asked for


def test_an_integrator_lands_on_the_documentation_and_copies_a_first_request(walk):
    integrator = walk()
    integrator.sign_in("int")
    page = integrator.page

    assert page.url.endswith("/api/docs")
    assert page.locator("nav.rail a[aria-current=page]").get_attribute("href") == "/api/docs"
    page.locator("details.op summary").first.click()
    assert "curl" in page.locator("details.op[open]").first.inner_text()
    assert page.goto(f"{integrator.house}/api/openapi.json").status == 200


def test_an_integrator_on_a_phone_reads_the_documentation_without_sideways_scrolling(walk):
    integrator = walk(phone=True)
    integrator.sign_in("int")

    assert integrator.page.url.endswith("/api/docs")
    assert integrator.sideways() == 0


def _as_the_worker(deed):
    """What the worker would do, in a thread of its own: while Playwright runs, Django refuses this one."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    def work():
        try:
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()
