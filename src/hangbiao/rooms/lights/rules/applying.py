"""A rule over a run: which columns it needs, whom it is for, and the one pass that judges them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hangbiao.core.lights import Basis
from hangbiao.core.rulings import Effect
from hangbiao.engines.formula.sql import condition
from hangbiao.engines.workdays.selectors import calendar as work_calendar
from hangbiao.rooms.calendar.selectors import periods_until, weeks_of
from hangbiao.rooms.lights.models import Run
from hangbiao.rooms.lights.rules import sql
from hangbiao.rooms.lights.rules.body import Body
from hangbiao.rooms.lights.rules.names import Recent, recent_of, spelled_out
from hangbiao.rooms.lights.rules.selectors import RULES, body_of, known
from hangbiao.rooms.targets.selectors import metrics

OF_THE_END = {"landing", "landing_chance"}
HOLIDAY = timedelta(days=60)
SEVENTY = Fraction(7, 10)


def apply_rules(run: Run) -> None:
    """Judge by the run's own rules, the narrowest first; whom one has judged no later one judges."""
    rules = run.policy.get(RULES, [])
    if not rules:
        return
    may = known()
    for rule in rules:
        one = the_pass(run, body_of(rule["body"], may), people=rule["people"], alone=False)
        sql.write(one, rule=rule["id"], official=run.kind == Run.Kind.CHECKPOINT)


def the_pass(run: Run, body: Body, *, people: Sequence[int], alone: bool) -> sql.Pass:
    """`people` have one of the rule's roles. `alone`: over everybody the rule is for, whatever judged them; else over those
    whom no rule has judged yet."""
    recent = recent_of(metrics())
    names = body.condition.names() if body.condition else set()
    landing = body.basis is Basis.LANDING
    used = {code: recent[code] for code in names if code in recent}
    joins = sql.joins_for(change="change" in names, ends=landing or bool(names & OF_THE_END), weeks="below_weeks" in names)
    joins += " ".join(sql.recent(code)[1] for code in used)
    columns = _columns(names, landing=landing) | {code: sql.recent(code)[0] for code in used}
    written = "NULL::boolean"
    if body.condition:
        plain = condition(spelled_out(body.condition, recent), {c: c for c in (*_ALWAYS, *columns)})
        written = plain.replace("%", "%%")
    basis = "landing_plain" if landing and body.bands.yellow_below != SEVENTY else body.basis.value
    effect = body.effect if body.condition else Effect.NARROW
    asked = _asked(run, body, used) | {"people": list(people)}
    return sql.Pass(basis, effect.value, written, columns, joins, _scope(body, alone=alone), asked)


# Columns of every card that a condition may use, by the names they have in `mine`.
_ALWAYS = ("actual", "base", "num", "den", "earned", "expected")


def _columns(names: set[str], *, landing: bool) -> dict[str, str]:
    """Name → SQL, of what the condition or the basis asks for."""
    found = {"light_before": "nullif(coalesce(o.confirmed, ''), '')"} if "light_before" in names else {}
    for name in ("days_left", "workdays_left", "week"):
        if name in names:
            found[name] = f"%({name})s::int"
    if "below_weeks" in names:
        found["below_weeks"] = "coalesce(streak.weeks, 0)"
    if "change" in names:
        found["before"] = "nullif(earlier.value, 0)"
    if landing or names & OF_THE_END:
        found |= {
            "point": "ends.point", "permille": "ends.p70_permille", "thousand": "1000", "point_before": "ends_before.point",
        }  # fmt: skip
    return found


def _scope(body: Body, *, alone: bool) -> str:
    wanted = [] if alone else ["l.rule_id IS NULL"]
    if body.units:
        wanted.append("l.org_path LIKE ANY(%(units)s::text[])")
    if body.metrics:
        wanted.append("l.metric_id = ANY(%(metrics)s::bigint[])")
    if body.roles:
        wanted.append("l.person_id = ANY(%(people)s::bigint[])")
    return " AND ".join(wanted) or "true"


def _asked(run: Run, body: Body, used: Mapping[str, Recent]) -> dict[str, Any]:
    by_code = {metric.code: metric.pk for metric in metrics()}
    return {
        "run": run.pk, "previous": run.previous_id, "as_of": run.as_of, "facts_as_of": run.facts_as_of,
        "calendar_version": run.calendar_version, "units": [f"{path}%" for path in body.units],
        "metrics": [by_code[code] for code in body.metrics if code in by_code],
        "from_week": body.from_week, "most_permille": int(1000 * (1 - body.certainty)),
        **_borders(body), **_days(run), **_recent_asked(run, used),
    }  # fmt: skip


def _borders(body: Body) -> dict[str, int]:
    bands = body.bands
    shares = {
        "share": body.min_plan_share, "red": bands.red_below, "yellow": bands.yellow_below,
        "red_back": bands.red_below + bands.hysteresis, "yellow_back": bands.yellow_below + bands.hysteresis,
    }  # fmt: skip
    tops = {f"{name}_num": share.numerator for name, share in shares.items()}
    return tops | {f"{name}_den": share.denominator for name, share in shares.items()}


def _days(run: Run) -> dict[str, Any]:
    period = run.period
    days = work_calendar(version=run.calendar_version, start=period.start - HOLIDAY, end=period.end + timedelta(days=1))
    weeks = weeks_of(period)
    closed = [week for week in weeks if week.end <= run.as_of]
    earlier = periods_until(period.start - timedelta(days=1))[-1:]
    before = earlier[0] if earlier else None
    gone = run.as_of - period.start
    return {
        "days_left": (period.end - run.as_of).days,
        "workdays_left": days.count_working_days(run.as_of + timedelta(days=1), period.end) if run.as_of < period.end else 0,
        "week": next((week.number for week in weeks if week.start <= run.as_of <= week.end), len(weeks)),
        "week_numbers": [week.number for week in closed], "week_starts": [week.start for week in closed],
        "week_ends": [week.end for week in closed],
        "periods": [period.pk, *([before.pk] if before else [])],
        "period_before": before.pk if before else None,
        "day_before": min(before.start + gone, before.end) if before else None,
    }  # fmt: skip


def _recent_asked(run: Run, used: Mapping[str, Recent]) -> dict[str, Any]:
    """Where the data of each metric reach the last days: there no row means none."""
    days = int(run.policy["light.late_after_workdays"])
    calendar = work_calendar(version=run.calendar_version, start=run.as_of - HOLIDAY, end=run.as_of)
    late_before = calendar.earliest_within(run.as_of, days)
    found: dict[str, Any] = {}
    for code, one in used.items():
        reached = run.feeds.get(str(one.metric), {})
        paths = [path for path, day in reached.items() if date.fromisoformat(day) >= late_before]
        found |= {f"{code}_metric": one.metric, f"{code}_days": one.days, f"{code}_paths": paths}
    return found
