"""The administrator's way with a file nobody has described: drop it, accept a draft, look, import, mend what was
refused, see the board move, and take it all back. A thread stands in for the worker."""

import threading
from pathlib import Path

import pytest

from tests.world.board import AT

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SUNDAY = "2026-11-22"  # a day on which nobody of this company sells, so that nothing else moves
FILE = f"""Invoice No,Line No,Invoice Date,Sales Rep,Customer,Net Amount
A1,1,{SUNDAY},P000,C1,100000.00
A1,2,{SUNDAY},P000,C1,"250000,5"
A2,1,{SUNDAY},P999,C2,50000.00
A3,1,{SUNDAY},P001,C3,70000.00
"""
SALES = "metrics: [{metric: sales, name: 销售额, name_en: Sales, unit: CNY, decimals: 2, from: order_lines, measure: net_amount}]"
DROP = """text => {
  const data = new DataTransfer();
  data.items.add(new File([text], "invoices_2026.csv", {type: "text/csv"}));
  for (const name of ["dragenter", "dragover", "drop"])
    document.querySelector("[data-drop]").dispatchEvent(new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""  # noqa: E501


@pytest.fixture
def worker(house):
    """Does what is asked for, as the real one does: the job, then the preview."""
    from django.db import connection

    from hangbiao.engines.scope.context import acting, system_scope
    from hangbiao.rooms.actuals import imports, services, waiting
    from hangbiao.site.jobs import light_the_preview

    stop, ready, faults = threading.Event(), threading.Event(), []

    def work() -> None:
        try:
            with acting(system_scope("test")):
                run = services.Run(AT, "system:test", None, None)  # type: ignore[arg-type]  # definitions touch no file
                services.adopt_definitions(services.definitions_from(SALES), run)
                light_the_preview(AT)  # as it was before, told by the same program
        except Exception as error:
            faults.append(error)
        ready.set()
        while not stop.wait(0.2):
            for job in waiting.jobs_under_way():
                try:
                    imports.perform(job.pk, at=AT)
                    with acting(system_scope("test")):
                        light_the_preview(AT)
                except Exception as error:  # told at the end, in the test's own thread
                    faults.append(error)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert ready.wait(60)
    yield
    stop.set()
    thread.join()
    assert faults == []


def figures(walk) -> str:
    """What the executive sees of the company."""
    executive = walk()
    executive.sign_in("x1")
    executive.page.goto(f"{executive.house}/people/P000/")
    return executive.page.inner_text("main")


def test_drop_draft_preview_import_mend_and_undo(worker, walk):
    before = figures(walk)
    admin = walk()
    admin.sign_in("adm")
    page = admin.page
    assert page.url.endswith("/imports/"), "this is where an administrator begins"

    page.evaluate(DROP, FILE)
    page.wait_for_url("**/files/*/")
    assert "还没有任何映射" in page.inner_text("main")
    page.click("text=按表头起草映射")
    page.wait_for_selector(".draft-row")
    said = page.inner_text(".draft-rows")
    assert "列名就是“Invoice Date”" in said
    assert "YYYY-MM-DD" in said
    assert page.input_value("select[name=from-rep]") == "Sales Rep"
    assert "看起来是“订单行”" in page.inner_text(".lead")
    page.fill("#title", "开票行")
    page.click("text=保存并使用")
    page.wait_for_url("**/files/*/")
    assert "100,000" in page.inner_text(".look")
    assert "没有编号为 P999 的人员" in page.inner_text(".look")

    page.click("main .acts >> text=导入")
    page.wait_for_selector("dl.counts")
    assert "已导入，读到 4 行" in page.inner_text(".lead")
    page.click("text=看批次，改正被隔离的行")
    page.wait_for_selector(".refused")
    assert page.locator(".refused").count() == 2

    page.wait_for_load_state("networkidle")
    page.fill(".refused:has-text('250000,5') input[aria-invalid]", "250000.50")
    page.click(".refused:has-text('第 3 行') button")
    page.wait_for_selector(".refused.is-done")
    assert "已入账" in page.inner_text(".refused.is-done")
    after = figures(walk)
    assert after != before, "the board moved"

    batch = page.url.split("#")[0]
    for address in (batch, f"{admin.house}/imports/batches/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
    page.click("table >> text=invoices_2026.csv:3")
    for _ in range(2):  # the correction, then the file
        page.click("summary.danger")
        page.click(".confirm button")
        page.wait_for_selector("text=看改变了什么")
        page.goto(batch)
    assert "这个批次已被撤销" in page.inner_text("main")
    assert figures(walk) == before, "as if the file had not come"


@pytest.mark.parametrize(("phone", "scheme"), [(False, "light"), (True, "dark")])
def test_the_pages_fit_and_axe_finds_nothing(worker, walk, phone, scheme):
    admin, found = walk(phone=phone, scheme=scheme), {}
    admin.sign_in("adm")
    admin.page.goto(f"{admin.house}/imports/")
    content = FILE.replace("A1", f"B{phone:d}{scheme}").replace("A2", f"C{phone:d}{scheme}")
    admin.page.set_input_files(
        "#files", {"name": "invoices_2.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    admin.page.wait_for_url("**/files/*/")
    file = admin.page.url
    admin.page.goto(f"{admin.house}/imports/batches/")
    newest = admin.page.locator("#batches tbody a").first.get_attribute("href")
    others = ("batches/", newest.removeprefix("/imports/"), "suspects/", "mappings/")
    for address in ("/imports/", file, f"{file}draft/", *(f"/imports/{other}" for other in others)):
        place = address if address.startswith("http") else admin.house + address
        admin.page.goto(place)
        admin.page.wait_for_load_state("networkidle")
        assert admin.sideways() <= 0, address
        found[address] = violations(admin.page)

    assert {place: what for place, what in found.items() if what} == {}


def violations(page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' '))]))")
    return [f"{rule}: {places[:4]}" for rule, places in found]
