"""The deviation analysis in words and drawings: for the page, for the phone and for paper alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hangbiao.core import diagnosis as d
from hangbiao.engines.pages import dates, numbers, waterfall
from hangbiao.engines.pages.lamps import Mark
from hangbiao.engines.pages.trend import Point, Trend
from hangbiao.engines.pages.waterfall import Piece
from hangbiao.rooms.people.selectors import unit_names
from hangbiao.rooms.reviews import causes
from hangbiao.rooms.reviews.forms import CAUSES
from hangbiao.rooms.reviews.models import Analysis

Body = dict[str, Any]
MOST_GROUPS = 8


@dataclass(frozen=True, slots=True)
class Told:
    """A cause: its name, what the numbers show, how much of the gap it is."""

    name: str
    said: str
    amount: str
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class Line:
    """A channel, product group or customer: what was due, what came, what is missing."""

    name: str
    due: str
    actual: str
    gap: str
    bar: SafeString
    note: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the chain: how it stands against the usual, and what it did to the gap."""

    name: str
    share: Fraction | None
    effect: str


@dataclass(frozen=True, slots=True)
class Promise:
    """The last review's actions, and what the checkpoints after it say."""

    day: date
    light: str
    actions: Sequence[tuple[str, str, date]]
    after: Sequence[tuple[date, str, Fraction | None]]
    verdict: str
    number: int


@dataclass(frozen=True, slots=True)
class Deviation:
    """Everything the analysis shows, in the reader's language."""

    sentence: str
    causes: Sequence[Told]
    why_not: str
    pieces: Sequence[Piece]
    channels: Sequence[Line]
    groups: Sequence[Line]
    customers: Sequence[Line]
    chain: Sequence[Link]
    marks: Sequence[Mark]
    trend: Trend | None
    peers: Sequence[str]
    notes: Sequence[str]
    last: Promise | None
    asked: Sequence[tuple[str, Sequence[str]]]
    own: str
    own_cause: str

    @property
    def first(self) -> Told | None:
        return self.causes[0] if self.causes else None


def deviation_of(analysis: Analysis, metric: Any, period: Any) -> Deviation:
    """One version of the analysis."""
    body = analysis.body
    money = _Money(metric)
    own = body.get("own", {})
    lit = [light for _day, light in body["history"]]
    lit_before = len(lit) > 1 and set(lit[-2:]) <= {"yellow", "red"}
    return Deviation(
        sentence=sentence(body, metric),
        causes=[_told(body, row, money) for row in body.get("causes", [])],
        why_not=_why_not(body),
        pieces=_pieces(body, money),
        channels=_lines(body.get("channels", []), money, growth=True),
        groups=_lines(body.get("groups", []), money),
        customers=_customers(body, money),
        chain=[Link(_link(name), _fraction(share), money(amount)) for name, share, amount in body.get("chain", [])],
        marks=[Mark(f"{date.fromisoformat(day):%m-%d}", light) for day, light in body["history"]],
        trend=_trend(body, period, metric),
        peers=_peers(body),
        notes=list(_notes(body, money)),
        last=_last(body.get("last")),
        asked=causes.asked(
            [row[0] for row in body.get("causes", [])], lit_before=lit_before, promised=bool(body.get("last"))
        ),
        own=own.get("words", ""),
        own_cause=str(dict(CAUSES).get(own.get("cause", ""), "")),
    )


@dataclass(frozen=True, slots=True)
class _Money:
    metric: Any

    def __call__(self, minor: int) -> str:
        return numbers.amount(minor, self.metric.unit, self.metric.decimals)


def sentence(body: Body, metric: Any) -> str:
    """What is true, in one sentence."""
    money = _Money(metric)
    said = {
        "day": dates.day(date.fromisoformat(body["as_of"])), "plan": money(body["plan"]), "actual": money(body["actual"]),
        "gap": money(body["gap"]),
    }  # fmt: skip
    return _("到 %(day)s 应达 %(plan)s，实际 %(actual)s，差 %(gap)s。") % said


def _told(body: Body, row: Sequence[Any], money: _Money) -> Told:
    cause, of, amount = row
    facts: dict[str, Any] = {"of": numbers.listed([causes.member(name) for name in of]), "amount": money(amount)}
    if cause == d.STOCK:
        facts["days"] = sum(days for _group, days, _due in body["short"])
    if cause == d.LATE:
        facts["day"] = dates.day(date.fromisoformat(body["data_as_of"]))
    if cause == d.VISITS:
        done, planned, share = body["visits"]
        facts["share"] = numbers.whole_percent(_fraction(share))
        counts = {"done": numbers.grouped(done), "planned": numbers.grouped(planned)}
        facts["done"] = (_("计划拜访 %(planned)s 次，完成 %(done)s 次") if planned else _("拜访 %(done)s 次")) % counts
    if cause == d.RETURNS:
        facts |= {"returns": money(body["returns"][0]), "usual": money(body["returns"][1])}
    gap = body["gap"]
    return Told(
        causes.name_of_cause(cause), str(causes.SAID[cause]) % facts, money(amount), Fraction(amount, gap) if gap > 0 else None
    )


def _why_not(body: Body) -> str:
    """Why the gap is not taken apart, or what the parts do not know of."""
    if body.get("unsplit") == "no_lines":
        return _("这个指标只有每日合计，没有订单明细，所以不能按渠道和产品拆分。")
    if body.get("unsplit") == "no_year":
        return _("上一年没有订单明细可以比，所以不能按渠道和产品拆分。")
    if body.get("missing"):
        return _("有 %(n)s 个登记过的明细文件不在这台机器上，下面的数字不含它们。") % {"n": body["missing"]}
    return ""


def _pieces(body: Body, money: _Money) -> list[Piece]:
    """From what was due to what came: causes in order, small parts and gains put together at the end."""
    if not body.get("parts"):
        return []
    named = {row[0] for row in body["causes"]}
    sums: dict[str, int] = {}
    for cause, _of, amount in body["parts"]:
        key = cause if cause in named else d.REST
        sums[key] = sums.get(key, 0) + amount
    of = {row[0]: numbers.listed([causes.member(name) for name in row[1]]) for row in body["causes"]}
    order = [*(row[0] for row in body["causes"]), d.REST]
    found = [Piece(_("应达"), body["plan"], money(body["plan"]), total=True)]
    for cause in order:
        if sums.get(cause):
            label = causes.name_of_cause(cause)
            label = _("%(cause)s：%(of)s") % {"cause": label, "of": of[cause]} if of.get(cause) else label
            found.append(Piece(label, -sums[cause], money(-sums[cause])))
    return [*found, Piece(_("实际"), body["actual"], money(body["actual"]), total=True)]


def _lines(rows: Sequence[Sequence[Any]], money: _Money, *, growth: bool = False) -> list[Line]:
    most = max((max(row[1], row[2]) for row in rows), default=0)
    found = []
    for name, due, actual, *more in rows[:MOST_GROUPS]:
        said = causes.member(name)
        note = _growth(more) if growth and more else ""
        label = _("%(name)s：应达 %(due)s，实际 %(actual)s") % {"name": said, "due": money(due), "actual": money(actual)}
        bar = waterfall.against(due, actual, most, label)
        found.append(Line(said, money(due), money(actual), money(due - actual), bar, note))
    return found


def _growth(more: Sequence[str | None]) -> str:
    own, region = (_fraction(share) for share in more)
    if own is None:
        return ""
    if region is None:
        return _("比去年同期 %(own)s") % {"own": _moved(own)}
    return _("比去年同期 %(own)s，大区 %(region)s") % {"own": _moved(own), "region": _moved(region)}


def _moved(share: Fraction) -> str:
    text = numbers.whole_percent(share)
    return text if text.startswith(numbers.MINUS) or share == 0 else f"+{text}"


def _customers(body: Body, money: _Money) -> list[Line]:
    rows = body.get("customers", [])
    most = max((max(row[2], row[3]) for row in rows), default=0)
    found = []
    for code, name, due, actual, last in rows:
        said = name or code
        note = _("最近一单 %(day)s") % {"day": dates.day(date.fromisoformat(last))} if last else ""
        label = _("%(name)s：应达 %(due)s，实际 %(actual)s") % {"name": said, "due": money(due), "actual": money(actual)}
        found.append(
            Line(said, money(due), money(actual), money(due - actual), waterfall.against(due, actual, most, label), note)
        )
    return found


def _link(name: str) -> str:
    words = {
        "outlets": _("进货网点数"), "visits": _("每网点拜访"), "orders": _("每次拜访的订单行"), "pieces": _("每行件数"),
        "money": _("每件金额"),
    }  # fmt: skip
    return words.get(name, name)


def _trend(body: Body, period: Any, metric: Any) -> Trend | None:
    """Cumulative shares of the base up to the checkpoint, with where it will probably end."""
    base, rows = body["base"], body.get("weekly", [])
    if base <= 0 or not rows:
        return None
    points = [Point(period.start - timedelta(days=1), 0.0, 0.0)]
    points += [Point(date.fromisoformat(day), planned / base, sold / base) for day, planned, sold in rows]
    today, end = points[-1], body.get("end") or {}
    ahead = [_float(end.get(name)) for name in ("point", "low", "high")]
    if today.day < period.end:
        done = today.actual or 0.0
        begins = [None if value is None else done for value in ahead]
        points[-1] = Point(today.day, today.plan, today.actual, *begins)
        points.append(Point(period.end, 1.0, None, *ahead))
    return Trend(points, today.day, numbers.name_of(metric))


def _peers(body: Body) -> list[str]:
    names = unit_names(["team", "region", "company"])
    found = []
    for path, people, middle, place in body.get("peers", []):
        said = {
            "unit": names.get(path, path), "n": people, "middle": numbers.percent(_fraction(middle)), "place": place,
        }  # fmt: skip
        found.append(_("%(unit)s %(n)s 人，对节奏中位数 %(middle)s，这里排第 %(place)s。") % said)
    return found


def _notes(body: Body, money: _Money) -> Sequence[str]:
    """Stock-outs, late data and returns, whether or not they are causes."""
    found = []
    if body.get("short"):
        listed = [_("%(of)s %(n)s 天") % {"of": causes.member(group), "n": days} for group, days, _due in body["short"]]
        found.append(_("缺货记录：%(list)s。") % {"list": numbers.listed(listed)})
    elif "short" in body:
        found.append(_("没有缺货记录。"))
    if body.get("returns"):
        said = {"now": money(body["returns"][0]), "usual": money(body["returns"][1])}
        found.append(_("退货 %(now)s，按上一年应有 %(usual)s。") % said)
    if body.get("data_as_of"):
        reached = date.fromisoformat(body["data_as_of"])
        late = reached < date.fromisoformat(body["as_of"])
        said = {"day": dates.day(reached)}
        found.append(_("数据只到 %(day)s，后面的还没有来。") % said if late else _("数据到 %(day)s，没有迟到。") % said)
    if body.get("visits") and body["visits"][1]:
        done, planned, _share = body["visits"]
        found.append(_("计划拜访 %(planned)s 次，完成 %(done)s 次。") % {"planned": planned, "done": done})
    return found


def verdict_word(verdict: str) -> str:
    """What the next checkpoints say of a review's actions."""
    words = {
        d.WORKED: _("有用：灯变好了"), d.HELPED: _("有起色：同一种灯，节奏上升"), d.SAME: _("还看不出变化"),
        d.WORSE: _("没有用：又下降了"), d.EARLY: _("还没有到下一个检查点"),
    }  # fmt: skip
    return words.get(verdict, verdict)


def _last(body: Body | None) -> Promise | None:
    if not body:
        return None
    return Promise(
        date.fromisoformat(body["as_of"]),
        body["light"],
        [(what, owner, date.fromisoformat(due)) for what, owner, due in body["actions"]],
        [(date.fromisoformat(day), light, _fraction(pace)) for day, light, pace in body["after"]],
        verdict_word(body["verdict"]),
        body["review"],
    )


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _float(text: str | None) -> float | None:
    return None if text is None else float(Fraction(text))
