"""The cast, and a small company they work in: 演示食品, one region, one team, Q4 2025 in 万元 as in docs/rules.

Li Wei (rep, territory T1) and Wang Fang (rep, T2) work for Zhao Min (supervisor) in Chen Gang's region; Sun Li is
the region's HRBP, Zhou Jie the sales director, Qian Hao the administrator. He Yu leads another region and must see
nothing of theirs. All of them are invented.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YEAR = datetime(2025, 9, 1, 9, 0, tzinfo=SHANGHAI)
ACTOR = "system:test"
Q4 = "months:30/30/40"


@dataclass(frozen=True)
class Company:
    """Where to find what: ids by code."""

    people: dict[str, int]
    territories: dict[str, int]
    metrics: dict[str, int]
    period: int


def wan(amount: str | int) -> Decimal:
    """An amount in 万元 as yuan."""
    return Decimal(amount) * 10_000


def reviews_from(day: date, *, at: datetime) -> None:
    """Yellow and red checkpoints before `day` open no reviews."""
    from hangbiao.engines.policy.services import set_value

    set_value(
        key="reviews.begin_on", value=day.isoformat(), valid_from=date(2020, 1, 1), source="test", approver=ACTOR, at=at,
        actor=ACTOR,
    )  # fmt: skip


def found_company(*, targets: dict[str, tuple[str, str]] | None = None, phasing: str = Q4) -> Company:
    """Found it through the rooms' own services. `targets`: territory → (base, stretch) in 万元; default T1, T2 100/130."""
    from hangbiao.rooms.calendar.models import FiscalPeriod
    from hangbiao.rooms.calendar.services import ensure_periods
    from hangbiao.rooms.people import services as people
    from hangbiao.rooms.people.models import Person, Territory
    from hangbiao.rooms.people.rows import AssignmentRow, PersonRow, TerritoryRow, UnitRow
    from hangbiao.rooms.targets import services as targets_room
    from hangbiao.rooms.targets.models import Metric
    from hangbiao.rooms.targets.rows import MetricRow

    who = {"at": NEW_YEAR, "actor": ACTOR}
    ensure_periods(first=date(2025, 7, 1), last=date(2026, 3, 31), **who)
    reviews_from(date(2027, 1, 1), at=NEW_YEAR)
    people.ensure_company(name="演示食品", **who)
    units = [
        UnitRow("R1", "川东", "region", province="四川"),
        UnitRow("R2", "豫南", "region", province="河南"),
        UnitRow("T-A", "川东一组", "team", parent="R1"),
        UnitRow("T-B", "豫南一组", "team", parent="R2"),
    ]
    assert people.upsert_units(units, **who) == []
    cast = [
        PersonRow("li.wei", "李伟", "rep", "T-A", username="li.wei"),
        PersonRow("wang.fang", "王芳", "rep", "T-A", username="wang.fang"),
        PersonRow("zhao.min", "赵敏", "supervisor", "T-A", username="zhao.min"),
        PersonRow("chen.gang", "陈刚", "region_manager", "R1", username="chen.gang"),
        PersonRow("sun.li", "孙丽", "hrbp", "R1", username="sun.li"),
        PersonRow("zhou.jie", "周杰", "executive", "C", username="zhou.jie"),
        PersonRow("qian.hao", "钱浩", "administrator", "C", username="qian.hao"),
        PersonRow("he.yu", "何宇", "region_manager", "R2", username="he.yu"),
        PersonRow("deng.tao", "邓涛", "rep", "T-B", username="deng.tao"),
    ]
    assert people.upsert_people(cast, **who) == []
    places = [TerritoryRow("T1", "T-A"), TerritoryRow("T2", "T-A"), TerritoryRow("T9", "T-B")]
    assert people.upsert_territories(places, **who) == []
    begin = date(2025, 1, 1)
    worked = [
        AssignmentRow("T1", "li.wei", begin),
        AssignmentRow("T2", "wang.fang", begin),
        AssignmentRow("T9", "deng.tao", begin),
    ]
    assert people.upsert_assignments(worked, **who) == []
    metrics = [
        MetricRow("sales", "销售额", "CNY", "Sales", 2),
        MetricRow("visits", "客户拜访", "visit", "Visits"),
        MetricRow("new_outlets", "新开门店", "outlet", "New outlets"),
    ]
    assert targets_room.upsert_metrics(metrics, **who) == []
    publish(targets or {"T1": ("100", "130"), "T2": ("100", "130"), "T9": ("100", "130")}, phasing=phasing)
    return Company(
        people=dict(Person.objects.values_list("code", "pk")),
        territories=dict(Territory.objects.values_list("code", "pk")),
        metrics=dict(Metric.objects.values_list("code", "pk")),
        period=FiscalPeriod.objects.get(code="2025Q4").pk,
    )


def publish(
    targets: dict[str, tuple[str, str]], *, phasing: str = Q4, at: datetime = NEW_YEAR, period: str = "2025Q4"
) -> None:
    """Publish sales targets in 万元."""
    from hangbiao.rooms.targets.rows import TargetRow
    from hangbiao.rooms.targets.services import publish_targets

    rows = [
        TargetRow("sales", wan(base), territory=t, period=period, stretch=wan(stretch), phasing=phasing)
        for t, (base, stretch) in targets.items()
    ]
    assert publish_targets(rows, at=at, actor=ACTOR) == []


def sell(
    day: date,
    amount: str,
    *,
    territory: str = "T1",
    person: str | None = "li.wei",
    at: datetime | None = None,
) -> int:
    """Book one order of `amount` 万元 through the real import path; recorded next morning unless `at` says otherwise.

    Gives the batch number.
    """
    from tests.world.files import import_orders

    recorded = at or datetime(day.year, day.month, day.day, 6, 10, tzinfo=SHANGHAI) + timedelta(days=1)
    return import_orders([(day, wan(amount), territory, person or "")], at=recorded)
