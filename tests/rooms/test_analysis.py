"""The deviation analysis of a rep whose kiosks stopped ordering: from imported lines to the page, a version and the PDF."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from django.test import override_settings

from hangbiao.engines.accounts.models import Account
from hangbiao.engines.journal.models import Entry
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.actuals.anatomy import anatomies
from hangbiao.rooms.lights.services import evaluate
from hangbiao.rooms.reviews.errors import AnalysisMoved
from hangbiao.rooms.reviews.models import Analysis, Review
from hangbiao.rooms.reviews.services import write_analysis
from tests.world import ACTOR, SHANGHAI, found_company, reviews_from
from tests.world.orders import mapping_folder, send, write_csv
from tests.world.pages import seen_by, text_of

pytestmark = pytest.mark.django_db
CHECKPOINT = date(2025, 12, 9)
AT = datetime(2025, 12, 10, 9, 0, tzinfo=SHANGHAI)
HEADER = ["订单号", "行号", "日期", "净额", "门店", "渠道", "系列", "商品", "数量", "业务员", "片区"]
ORDERS = """
mapping: orders
stream: order_lines
files: "orders*.csv"
columns: {order: 订单号, line: 行号, day: 日期, net_amount: {from: 净额, unit: CNY}, outlet: 门店, channel: 渠道,
          sku_group: 系列, sku: 商品, quantity: 数量, rep: 业务员, territory: 片区}
"""
STOCKOUTS = """
mapping: stockouts
stream: stockouts
files: "stockouts*.csv"
columns: {day: 日期, territory: 片区, sku_group: 系列}
"""
CHANNELS, GROUPS = ("便利店", "商超", "批发"), ("坚果", "茶饮")


def lines(rep, place, since, until, *, but=()):
    """Every other day an order in each channel of each product group, 3 000 yuan each, but for channels that stopped."""
    rows, day = [], since
    while day <= until:
        for channel in (c for c in CHANNELS if c not in but):
            for group in GROUPS:
                number, outlet = f"{rep}-{day}-{channel}-{group}", f"O-{place}-{channel}"
                row = [number, "1", day.isoformat(), "3000.00", outlet, channel, group, f"{group}1", "4", rep, place]
                rows.append(row)
        day += timedelta(days=2)
    return rows


@pytest.fixture(scope="module")
def founded(django_db_setup, django_db_blocker, tmp_path_factory):
    """Founded once; each test's own changes roll back to here."""
    folder = tmp_path_factory.mktemp("analysis")
    with django_db_blocker.unblock(), transaction.atomic():
        with acting(system_scope("test")):
            company = found_company()
            reviews_from(date(2025, 12, 1), at=AT - timedelta(days=90))
            _import(folder)
            evaluate(as_of=CHECKPOINT, at=AT, actor=ACTOR, kind="checkpoint")
        yield company
        transaction.set_rollback(True)


def _import(folder):
    mapping = mapping_folder(folder / "maps", orders=ORDERS)
    (folder / "maps" / "stockouts.yaml").write_text(STOCKOUTS, encoding="utf-8")
    begin, last, start = date(2025, 1, 2), date(2025, 9, 30), date(2025, 10, 1)
    rows = [row for rep, place in (("li.wei", "T1"), ("wang.fang", "T2")) for row in lines(rep, place, begin, last)]
    rows += lines("li.wei", "T1", start, CHECKPOINT, but=("便利店",)) + lines("wang.fang", "T2", start, CHECKPOINT)
    report = send(mapping, write_csv(folder / "orders_1.csv", rows, header=HEADER), AT - timedelta(hours=3))
    assert report.booked == len(rows), report
    short = write_csv(folder / "stockouts_1.csv", [["2025-12-01", "T2", "茶饮"]], header=["日期", "片区", "系列"])
    assert send(folder / "maps" / "stockouts.yaml", short, AT - timedelta(hours=3)).booked == 1


@pytest.fixture
def company(founded, everything):
    with override_settings(CLOCK="tests.world.pages.now"):
        yield founded


@pytest.fixture
def review(company):
    return Review.objects.get(person__code="li.wei")


def test_the_closed_channel_is_named_first_and_the_parts_add_up_to_the_gap(review):
    body = Analysis.objects.get(review=review).body

    assert body["causes"][0][:2] == ["channel", ["便利店"]]
    assert sum(amount for _cause, _of, amount in body["parts"]) == body["gap"]
    assert sum(amount for _link, _share, amount in body["chain"]) == body["gap"]
    assert body["channels"][0][0] == "便利店"
    assert body["channels"][0][2] == 0
    assert body["customers"][0][0] == "O-T1-便利店"


def test_what_came_later_than_the_light_is_not_in_it(company):
    from hangbiao.rooms.targets.models import Metric

    person, metric = company.people["li.wei"], Metric.objects.get(code="sales")
    asked = {"since": date(2025, 10, 1), "until": CHECKPOINT}

    before = anatomies({person: 1}, [], metric, known=0, **asked)

    assert before.of[person].total.sold == 0
    assert anatomies({person: 1}, [], metric, known=10**9, **asked).of[person].total.sold == 35 * 4 * 300_000


def test_stock_outs_are_those_of_the_territories_one_works(company):
    from hangbiao.rooms.targets.models import Metric

    people = {company.people[code]: 1 for code in ("li.wei", "wang.fang")}
    found = anatomies(
        people, ["/C/R1/"], Metric.objects.get(code="sales"), since=date(2025, 10, 1), until=CHECKPOINT, known=10**9
    )

    assert [dict(found.of[company.people[code]].short) for code in ("li.wei", "wang.fang")] == [
        {}, {"茶饮": [date(2025, 12, 1)]},
    ]  # fmt: skip
    assert found.regions["/C/R1/", "便利店"][0] == 35 * 2 * 300_000


def test_the_page_says_where_the_gap_comes_from(review):
    text = text_of(seen_by("li.wei", AT).get(f"/reviews/{review.pk}/analysis/"))

    assert "渠道关闭或流失" in text
    assert "便利店 的订单比其他渠道少得多" in text
    assert "哪些店关了或不再进货" in text
    assert "系统生成" in text


def test_a_further_version_keeps_the_numbers_and_says_who_wrote_it(review):
    browser = seen_by("zhao.min", AT)
    address = f"/reviews/{review.pk}/analysis/"
    said = {"cause": "channel", "words": "两家便利店连锁九月底关门，已有通知。", "drafted_on": "1"}

    assert browser.post(f"{address}write/", said).status_code == 302
    again = browser.post(f"{address}write/", said | {"words": "第二个窗口里写的另一段话，也不丢。"})

    assert again.status_code == 409
    assert "别人刚刚写了新的一版" in text_of(again)
    assert "第二个窗口里写的另一段话" in again.content.decode()
    newest = text_of(browser.get(address))
    assert "两家便利店连锁九月底关门" in newest
    assert "赵敏" in newest
    assert "两家便利店" not in text_of(browser.get(f"{address}?v=1")).split("写新的一版")[0]
    first, second = Analysis.objects.filter(review=review).order_by("number")
    assert {**second.body, "own": None} == {**first.body, "own": None}
    assert Entry.objects.filter(kind="reviews.analysis_written").count() == 1


def test_only_those_concerned_write_and_strangers_find_nothing(review):
    said = {"cause": "channel", "words": "这是旁人写的一段话。", "drafted_on": "1"}

    for username, seen in (("sun.li", 200), ("zhou.jie", 200), ("wang.fang", 404), ("he.yu", 404), ("qian.hao", 404)):
        browser = seen_by(username, AT)
        assert browser.get(f"/reviews/{review.pk}/analysis/").status_code == seen, username
        assert browser.get(f"/reviews/{review.pk}/analysis.pdf").status_code == seen, username
        assert browser.post(f"/reviews/{review.pk}/analysis/write/", said).status_code == 404, username
    assert seen_by("li.wei", AT).get(f"/reviews/{review.pk}/analysis/?v=9").status_code == 404


def test_two_who_write_at_once_do_not_overwrite_each_other(review):
    account = Account.objects.get(username="li.wei").pk
    given = {"review": review.pk, "account": account, "cause": "stock", "words": "第一段", "at": AT, "actor": ACTOR}
    write_analysis(drafted_on=1, **given)

    with pytest.raises(AnalysisMoved):
        write_analysis(drafted_on=1, **given)


def test_it_prints(review):
    made = seen_by("li.wei", AT).get(f"/reviews/{review.pk}/analysis.pdf")

    assert made.status_code == 200
    assert made.content.startswith(b"%PDF")
    assert re.search(r"li\.wei-2025-12-09-v1\.pdf", made.headers["Content-Disposition"])
