"""A company to look at: some regions, teams and reps in Q4 2026, lit at four checkpoints and previewed on 26 November.

Facts are written as daily rows (the importer has tests of its own); targets, people and lights go through services.
Everybody sells a fixed share of plan; the shares are dealt so that some are red and some yellow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from tests.world import ACTOR, SHANGHAI, reviews_from

BEGIN = datetime(2026, 9, 1, 9, 0, tzinfo=SHANGHAI)
CHECKPOINTS = (date(2026, 10, 14), date(2026, 10, 28), date(2026, 11, 11), date(2026, 11, 25))
AT = datetime(2026, 11, 26, 9, 0, tzinfo=SHANGHAI)
REGIONS = (
    ("川东", "East Sichuan", "四川"), ("豫南", "South Henan", "河南"), ("苏北", "North Jiangsu", "江苏"),
    ("苏南", "South Jiangsu", "江苏"), ("鲁东", "East Shandong", "山东"), ("粤东", "East Guangdong", "广东"),
)  # fmt: skip
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹"
GIVEN = (
    "伟",
    "芳",
    "敏",
    "静",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀",
    "霞",
    "平",
    "刚",
    "桂",
)
METRICS = {"sales": 70_000_000, "visits": 240, "new_outlets": 12}


@dataclass(frozen=True)
class Many:
    """Codes by place: reps of each region, and who signs in as what."""

    reps: list[str]
    people: dict[str, int]
    red: str
    manager: str
    supervisor: str


def now() -> datetime:
    """A clock that stands still (settings.CLOCK)."""
    return AT


def pace_of(region: int, rep: int) -> float:
    """The first regions do badly, and in each the first reps do worst."""
    usual = (0.78, 0.82, 0.92, 1.04, 0.97, 1.08)[region % 6]
    return usual * (0.40, 0.62, 0.85, 1.0, 1.06, 1.12, 0.93, 1.1)[rep % 8]


def usual_base(n: int) -> Decimal:
    """The sales target of the nth rep, in yuan."""
    return Decimal(METRICS["sales"]) / 100 * (80 + 7 * (n % 9)) / 100


def found_many(
    *,
    regions: int = 6,
    reps: int = 6,
    base_of: Callable[[int], Decimal] = usual_base,
    then: Callable[[dict], None] | None = None,
    reviews: bool = False,
) -> Many:
    """Found it, sell, light four checkpoints and a preview. Needs a scope that sees everything.

    `then` changes the organisation before there are targets; with `reviews` the newest checkpoint opens reviews.
    """
    from hangbiao.engines.workdays.services import seed
    from hangbiao.rooms.calendar.services import ensure_periods
    from hangbiao.rooms.people.models import Person

    _PLACES.clear()  # of another database
    who = {"at": BEGIN, "actor": ACTOR}
    _PLACES.clear()
    _CURVES.clear()
    seed(through_year=2027, **who)
    ensure_periods(first=date(2026, 7, 1), last=date(2026, 12, 31), **who)
    reviews_from(CHECKPOINTS[-1] if reviews else date(2027, 1, 1), at=BEGIN)
    cast = _people(regions, reps, who)
    if then:
        then(who)
    _targets(cast, who, base_of)
    _live(cast, reps)
    red = next(code for code in cast if code.startswith("P0"))
    return Many(cast, dict(Person.objects.values_list("code", "pk")), red, "M0", "S00")


def _people(regions: int, reps: int, who: dict) -> list[str]:
    from hangbiao.rooms.people import services
    from hangbiao.rooms.people.rows import AssignmentRow, PersonRow, TerritoryRow, UnitRow

    services.ensure_company(name="演示食品", name_en="Demo Foods", **who)
    units, people, places, worked, codes = [], [], [], [], []
    begin = date(2026, 1, 1)
    for r in range(regions):
        name, english, province = REGIONS[r % len(REGIONS)]
        name += "" if r < len(REGIONS) else f"{r}"
        units.append(UnitRow(f"R{r}", name, "region", name_en=english, province=province))
        people.append(
            PersonRow(
                f"M{r}",
                f"{SURNAMES[r % 30]}明轩",
                "region_manager",
                f"R{r}",
                valid_from=begin,
                username=f"m{r}",
            )
        )
        people.append(
            PersonRow(f"H{r}", f"{SURNAMES[(r + 4) % 30]}雅琴", "hrbp", f"R{r}", valid_from=begin, username=f"h{r}")
        )
        for t in range(2):
            units.append(
                UnitRow(
                    f"T{r}{t}",
                    f"{name}{'一二'[t]}组",
                    "team",
                    name_en=f"{english} team {t + 1}",
                    parent=f"R{r}",
                )
            )
            people.append(
                PersonRow(
                    f"S{r}{t}",
                    f"{SURNAMES[(r + t + 9) % 30]}立新",
                    "supervisor",
                    f"T{r}{t}",
                    valid_from=begin,
                    username=f"s{r}{t}",
                )
            )
        for n in range(reps):
            code = f"P{r}{n:02}"
            given = GIVEN[(7 * r + n) % len(GIVEN)]
            name_of = SURNAMES[(5 * r + 3 * n) % 30] + given
            people.append(
                PersonRow(code, name_of, "rep", f"T{r}{n % 2}", valid_from=begin, username=code.lower())
            )
            places.append(TerritoryRow(f"A{r}{n:02}", f"T{r}{n % 2}", valid_from=begin))
            worked.append(AssignmentRow(f"A{r}{n:02}", code, begin))
            codes.append(code)
    people.append(
        PersonRow("X1", "林静怡", "executive", "C", name_en="Lin Jingyi", valid_from=begin, username="x1")
    )
    people.append(PersonRow("ADM", "钱浩", "administrator", "C", valid_from=begin, username="adm"))
    assert services.upsert_units(units, **who) == []
    assert services.upsert_people(people, **who) == []
    assert services.upsert_territories(places, **who) == []
    assert services.upsert_assignments(worked, **who) == []
    return codes


def _targets(codes: list[str], who: dict, base_of: Callable[[int], Decimal]) -> None:
    from hangbiao.rooms.targets.rows import MetricRow, TargetRow
    from hangbiao.rooms.targets.services import publish_targets, upsert_metrics

    metrics = [
        MetricRow("sales", "销售额", "CNY", "Sales", 2),
        MetricRow("visits", "客户拜访", "次", "Visits"),
        MetricRow("new_outlets", "新开门店", "家", "New outlets"),
    ]
    assert upsert_metrics(metrics, **who) == []
    rows = []
    for n, code in enumerate(codes):
        base = base_of(n)
        rows.append(
            TargetRow(
                "sales",
                base,
                territory=f"A{code[1:]}",
                period="2026Q4",
                stretch=base * Decimal("1.2"),
                phasing="months:30/30/40",
            )
        )
        rows += [
            TargetRow(m, Decimal(METRICS[m]), territory=f"A{code[1:]}", period="2026Q4")
            for m in ("visits", "new_outlets")
        ]
    assert publish_targets(rows, **who) == []


def _live(codes: list[str], reps: int) -> None:
    from hangbiao.rooms.actuals import sql
    from hangbiao.rooms.calendar.models import FiscalPeriod
    from hangbiao.rooms.lights.services import evaluate
    from hangbiao.rooms.targets.models import Target

    first = date(2026, 10, 1)
    sql.open_partition(FiscalPeriod.objects.get(code="2026Q4").pk)
    for day in CHECKPOINTS:
        _sell(codes, reps, first, day)
        sql.rebuild_scorecards(list(Target.objects.values_list("pk", flat=True)))
        evaluate(as_of=day, at=datetime.combine(day + timedelta(days=1), time(7), SHANGHAI), actor=ACTOR)
        first = day + timedelta(days=1)
    _foresee(evaluate(as_of=CHECKPOINTS[-1], at=AT, actor=ACTOR, kind="preview"))


def _foresee(run) -> None:
    """A forecast for everybody: this pace goes on, give or take a tenth of what is left (there is no history to learn from)."""
    from hangbiao.rooms.lights.models import Light, Projection, UnitLight

    Projection.objects.filter(run=run).delete()
    rows = []
    for light in [*Light.objects.filter(run=run), *UnitLight.objects.filter(run=run)]:
        whose = (
            {"target_id": light.target_id, "person_id": light.person_id} if isinstance(light, Light) else {}
        )
        plan = light.base * light.plan_num / light.plan_den if whose else light.plan_num / light.plan_den
        left = int(light.actual * light.base / plan) - light.actual if plan else 0
        point, give = light.actual + left, abs(left) // 10
        rows.append(
            Projection(
                run=run, metric_id=light.metric_id, org_path=light.org_path, method="test", point=point, low=point - give,
                high=point + give, p70_permille=900 if point > light.base * 7 // 10 else 150, **whose,
            )
        )  # fmt: skip
    Projection.objects.bulk_create(rows)


def _sell(codes: list[str], reps: int, first: date, last: date) -> None:
    from hangbiao.rooms.actuals import sql
    from hangbiao.rooms.actuals.models import Batch, DailyFact, Feed, MappingText
    from hangbiao.rooms.targets.models import Version

    at = datetime.combine(last + timedelta(days=1), time(6, 10), SHANGHAI)
    mapping, _made = MappingText.objects.get_or_create(
        code="test", digest="0" * 64, defaults={"text": "", "recorded_at": BEGIN}
    )
    batch = Batch.objects.create(
        stream="daily_totals",
        mapping=mapping,
        file_name="test.csv",
        sha256="0" * 64,
        recorded_at=at,
        merkle_root="0" * 64,
        first_day=first,
        last_day=last,
        daily_changed=1,
    )
    facts = []
    targets = Version.objects.filter(target__book="person").select_related(
        "target__person", "target__metric", "spec"
    )
    for version in targets:
        target = version.target
        region, rep = int(target.person.code[1:-2]), int(target.person.code[-2:])
        curve = _curve(version)
        pace = (
            pace_of(region, rep) if target.metric.code != "visits" else min(pace_of(region, rep) + 0.1, 1.1)
        )
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            before = curve.share(day - timedelta(days=1))
            value = int(
                (curve.share(day) - before)
                * version.base
                * round(pace * (1 + 0.03 * ((day.toordinal() * 7 + rep) % 5 - 2)) * 1000)
                / 1000
            )
            if target.metric.code == "new_outlets":
                value = int(float(curve.share(day)) * version.base * pace) - int(
                    float(before) * version.base * pace
                )
            if value:
                facts.append(
                    DailyFact(
                        period_id=target.period_id, metric_id=target.metric_id, day=day, person_id=target.person_id, value=value,
                        territory_id=_territory(target.person.code), org_path=target.org_path, batch=batch, recorded_at=at,
                    )
                )  # fmt: skip
    DailyFact.objects.bulk_create(facts, batch_size=5000)
    sql.sum_units(
        periods=sorted({f.period_id for f in facts}),
        metrics=sorted({f.metric_id for f in facts}),
        days=sorted({f.day for f in facts}),
    )
    for region in {int(c[1:-2]) for c in codes}:
        Feed.objects.update_or_create(
            stream="daily_totals", org_path=f"/C/R{region}/", defaults={"data_as_of": last}
        )


def _curve(version):
    from hangbiao.core.phasing import Liability
    from hangbiao.engines.workdays.selectors import calendar

    key = version.spec_id
    if key not in _CURVES:
        shape = Liability.from_json(version.spec.spec)
        _CURVES[key] = shape.curve(calendar(start=shape.period_start, end=shape.period_end))
    return _CURVES[key]


_CURVES: dict = {}


def _territory(code: str) -> int:
    from hangbiao.rooms.people.models import Territory

    if not _PLACES:
        _PLACES.update(Territory.objects.values_list("code", "pk"))
    return _PLACES[f"A{code[1:]}"]


_PLACES: dict = {}
