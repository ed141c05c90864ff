"""The demo's facts as files: daily totals of the first quarters, then lines, visits, outlets and stock-outs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from hangbiao.site.demo import places
from hangbiao.site.demo.blemishes import Blemishes
from hangbiao.site.demo.causes import LATE_ARRIVES, LATE_FROM, LATE_UNTIL, Cause, left_of_trade
from hangbiao.site.demo.company import Company
from hangbiao.site.demo.customers import Openings
from hangbiao.site.demo.days import LAST, Quarter, is_workday, quarters
from hangbiao.site.demo.market import Market
from hangbiao.site.demo.orders import Lines, lines_of
from hangbiao.site.demo.visits import Visits, visits_of
from hangbiao.site.demo.writing import write_csv

ORDERS = (
    "订单号",
    "行号",
    "订单日期",
    "网点",
    "渠道",
    "产品",
    "系列",
    "数量",
    "标价",
    "净额",
    "业务代表",
    "片区",
)
DONE = ("拜访号", "日期", "业务代表", "网点", "打卡时间")
PLANNED = ("业务代表", "日期", "网点", "路线")
TOTALS = ("日期", "指标", "数值", "片区")
STOCKOUTS = ("日期", "片区", "系列")


Texts = dict[date, list[str]]


@dataclass
class World:
    """What the writers below share."""

    out: Path
    company: Company
    market: Market
    causes: list[Cause]
    opened: Openings
    late_feed: bool


def write_totals(world: World, quarter: Quarter) -> int:
    """A quarter as daily totals per territory and metric."""
    days, size = quarter.days, world.company.size
    codes = [world.company.territory(n) for n in range(size)]
    sales = world.market.daily_sales(quarter, world.company) * left_of_trade(world.causes, quarter, size)
    visits = visits_of(world.market, world.company, quarter, world.causes)
    done = np.zeros((len(days), size), dtype=np.int64)
    np.add.at(done, (visits.day[visits.done], visits.territory[visits.done]), 1)
    opened = np.zeros_like(done)
    for at, territory in world.opened.of(quarter):
        opened[at, territory] += 1
    lines = []
    for n, day in enumerate(days):
        fen = sales[:, n].tolist()
        lines += [f"{day},销售额,{v / 100:.2f},{code}" for v, code in zip(fen, codes, strict=True)]
        for metric, counts in (("客户拜访", done[n]), ("新增网点", opened[n])):
            lines += [
                f"{day},{metric},{k},{code}" for k, code in zip(counts.tolist(), codes, strict=True) if k
            ]
    write_csv(world.out / f"daily_totals_{quarter.code}.csv", TOTALS, lines)
    return len(lines)


def write_orders(world: World, quarter: Quarter, blemishes: Blemishes, *, lines: int) -> int:
    """A quarter's order lines: by month, the current quarter by day with its blemishes and its late region."""
    made = lines_of(world.market, world.company, quarter, world.causes, lines=lines)
    by_day = _order_texts(world, quarter, made)
    if not quarter.is_live:
        _by_month(world.out, "orders", ORDERS, by_day)
        return len(made)
    late: list[str] = []
    for day, texts in by_day.items():
        if world.late_feed and LATE_FROM <= day <= LATE_UNTIL:
            ends = _late_ends(world)
            late += [t for t in texts if t.endswith(ends)]
            texts = [t for t in texts if not t.endswith(ends)]  # noqa: PLW2901
        texts = blemishes.touch(day, texts)  # noqa: PLW2901
        if texts:
            write_csv(world.out / f"orders_{day}.csv", ORDERS, texts)
    if late:
        write_csv(world.out / f"orders_late_{LATE_ARRIVES}.csv", ORDERS, late)
    return len(made)


def _late_ends(world: World) -> tuple[str, ...]:
    region = [r.name for r in places.REGIONS].index(places.LATE_REGION)
    company = world.company
    return tuple("," + company.territory(n) for n in range(company.size) if company.region_of[n] == region)


def _order_texts(world: World, quarter: Quarter, made: Lines) -> Texts:
    """Each day's lines as text, in the order of ORDERS."""
    company, days = world.company, quarter.days
    borders = np.searchsorted(made.day, np.arange(len(days) + 1))
    reps = company.reps(quarter)
    codes = [company.territory(n) for n in range(company.size)]
    goods = [f"{sku},{places.GROUPS[n // 5]}" for n, sku in enumerate(places.SKUS)]
    prices = [f"{p / 100:.2f}" for p in places.LIST_PRICES]
    columns = (
        made.order,
        made.line,
        made.outlet,
        made.channel,
        made.sku,
        made.quantity,
        made.net,
        made.territory,
    )
    texts: Texts = {}
    for n, day in enumerate(days):
        span = slice(int(borders[n]), int(borders[n + 1]))
        tails = [f"{rep},{code}" for rep, code in zip(reps[n], codes, strict=True)]
        base = int(day.strftime("%y%m%d")) * 100_000
        texts[day] = [
            f"{base + o},{k},{day},O{at:06d},{places.CHANNELS[c]},{goods[s]},{q},{prices[s]},{net / 100:.2f},{tails[t]}"
            for o, k, at, c, s, q, net, t in zip(*(column[span].tolist() for column in columns), strict=True)
        ]
    return texts


def write_visits(world: World, quarter: Quarter, *, planned: bool) -> int:
    """Visits done, and what the route had planned."""
    visits = visits_of(world.market, world.company, quarter, world.causes)
    done, plans = _visit_texts(world, quarter, visits)
    (_by_day if quarter.is_live else _by_month)(world.out, "visits_done", DONE, done)
    if planned and quarter.is_live:
        _by_week(world.out, "visits_planned_week", PLANNED, plans, begins=True)
    elif planned:
        _by_month(world.out, "visits_planned", PLANNED, plans)
    return int(visits.done.sum())


def _visit_texts(world: World, quarter: Quarter, visits: Visits) -> tuple[Texts, Texts]:
    days, reps = quarter.days, world.company.reps(quarter)
    done: Texts = defaultdict(list)
    planned: Texts = defaultdict(list)
    columns = (visits.day, visits.territory, visits.place, visits.outlet, visits.done)
    for d, t, place, outlet, kept in zip(*(c.tolist() for c in columns), strict=True):
        day, rep = days[d], reps[d][t]
        planned[day].append(f"{rep},{day},O{outlet:06d},{'一二三四五六日'[day.weekday()]}线")
        if kept:
            number = int(day.strftime("%y%m%d")) * 100_000 + len(done[day]) + 1
            clock = f"{9 + place + (t % 2)}:{(t * 7 + outlet * 13) % 60:02d}"
            done[day].append(f"V{number},{day},{rep},O{outlet:06d},{day} {clock:0>5}")
    return done, planned


def write_outlets(out: Path, lines: dict[date | None, list[str]], header: Sequence[str]) -> int:
    """Customers served and prospects first, then what opened: by month, in the current quarter by day."""
    write_csv(out / "outlets_2025-09.csv", header, lines[None])
    for quarter in quarters():
        if quarter.has_lines:
            dated = {d: lines[d] for d in quarter.days if d in lines}
            (_by_day if quarter.is_live else _by_month)(out, "outlets", header, dated)
    return sum(len(found) for found in lines.values())


def write_stockouts(world: World, quarter: Quarter) -> int:
    """Which product groups a territory could not deliver, per working day. In GBK, as the warehouse system writes."""
    texts: Texts = defaultdict(list)
    for cause in world.causes:
        day = max(cause.start, quarter.start)
        while cause.kind == "stock_out" and day <= min(cause.end, quarter.end):
            if is_workday(day):
                code = world.company.territory(cause.territory)
                texts[day] += [f"{day},{code},{places.GROUPS[g]}" for g in cause.scope]
            day += timedelta(1)
    spread = _by_week if quarter.is_live else _by_month
    spread(world.out, "stockouts", STOCKOUTS, dict(sorted(texts.items())), encoding="gbk")
    return sum(map(len, texts.values()))


def _by_day(out: Path, stem: str, header: Sequence[str], texts: Texts, *, encoding: str = "utf-8") -> None:
    for day, lines in texts.items():
        if lines:
            write_csv(out / f"{stem}_{day}.csv", header, lines, encoding=encoding)


def _by_week(
    out: Path,
    stem: str,
    header: Sequence[str],
    texts: Texts,
    *,
    begins: bool = False,
    encoding: str = "utf-8",
) -> None:
    """A file a week, named by the Sunday that ends it, or by the Monday that `begins` it."""
    weeks: Texts = defaultdict(list)
    for day, lines in texts.items():
        weeks[day - timedelta(day.weekday())] += lines
    for monday, lines in weeks.items():
        name = monday if begins else min(monday + timedelta(6), LAST)
        write_csv(out / f"{stem}_{name}.csv", header, lines, encoding=encoding)


def _by_month(out: Path, stem: str, header: Sequence[str], texts: Texts, *, encoding: str = "utf-8") -> None:
    months: dict[str, list[str]] = defaultdict(list)
    for day, lines in texts.items():
        months[f"{day:%Y-%m}"] += lines
    for month, lines in months.items():
        write_csv(out / f"{stem}_{month}.csv", header, lines, encoding=encoding)
