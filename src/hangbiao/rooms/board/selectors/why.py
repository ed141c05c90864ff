"""Why a light is what it is: target, curve and calendar, the days that were summed, as known then and as known now.

"Then" is an official checkpoint's own inputs where the day has one; on any other day what had been recorded by the end
of the next day (a day's files come the morning after), or by the end of the asked day. "Now" keeps target, curve,
calendar and rules as they were then and takes only the facts known today: what is past is never relit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from django.utils.timezone import get_default_timezone

from hangbiao.core.lights import Basis, Facts, LightPolicy, Thresholds, light_for
from hangbiao.core.phasing import Liability
from hangbiao.core.quantity import round_half_up_to_int
from hangbiao.engines.policy.selectors import policy_on
from hangbiao.engines.workdays import selectors as workdays
from hangbiao.rooms.actuals import evidence
from hangbiao.rooms.actuals.evidence import DayValue, Holder, LinesOfDay
from hangbiao.rooms.board.figures import Figures
from hangbiao.rooms.board.filters import day_of
from hangbiao.rooms.board.selectors.setting import CHECKPOINT, Setting
from hangbiao.rooms.board.viewer import Viewer
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.lights.parameters import KEYS
from hangbiao.rooms.lights.wording import because, in_force_for
from hangbiao.rooms.people import selectors as people
from hangbiao.rooms.targets import selectors as targets
from hangbiao.rooms.targets.shares import exact_shares

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """The business day that is judged, and (where somebody wants to know) by what had been recorded on another day."""

    day: date
    known: date | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose light: a person's or a unit's."""

    thing: Any
    holder: Holder
    org_path: str
    light: Any | None
    target: int | None = None

    @property
    def is_person(self) -> bool:
        return self.holder.person is not None


@dataclass(frozen=True, slots=True)
class Moment:
    """The named inputs: which batch was the newest, since when, under which calendar and rules."""

    at: datetime
    batch: int
    calendar_version: int
    policy: Mapping[str, Any]
    targets_known_at: datetime
    run: Any | None = None

    @property
    def official(self) -> bool:
        return self.run is not None and self.run.kind == CHECKPOINT


@dataclass(frozen=True, slots=True)
class Plan:
    """What was agreed, and how much of it was due by the day. A unit's is the sum over its territories."""

    base: int
    stretch: int
    due: Fraction
    days_done: int
    days_all: int
    provisional: bool
    territories: int = 0
    version: Any | None = None
    shape: Liability | None = None

    @property
    def share(self) -> Fraction:
        return self.due / self.base if self.base > 0 else Fraction(0)

    @property
    def due_minor(self) -> int:
        """For printing."""
        return round_half_up_to_int(self.due)

    @property
    def phasings(self) -> list[str]:
        """How the target spreads, as it was written: `even`, `months:30/30/40`."""
        parts = self.shape.parts if self.shape else ()
        return list(dict.fromkeys(part.phasing.text for part in parts))


@dataclass(frozen=True, slots=True)
class Judged:
    """One column of the comparison. It has the names by which `lights.wording` reads a light."""

    actual: int
    base: int
    light: str
    grey_reason: str
    plan_num: int
    plan_den: int
    ratio: Fraction | None
    because: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Everything on the page."""

    subject: Subject
    asked: Asked
    then: Moment
    now_batch: int
    plan: Plan
    judged: Judged
    judged_now: Judged
    official: Judged | None
    days: Sequence[DayValue]
    elsewhere: int
    figures: Figures
    score: Fraction | None
    end: Any | None

    @property
    def moved(self) -> int:
        """What was recorded afterwards, in minor units."""
        return self.judged_now.actual - self.judged.actual

    @property
    def changed(self) -> bool:
        return any(day.then != day.now for day in self.days)


def asked_of(asked: Mapping[str, str], setting: Setting, viewer: Viewer) -> Asked:
    """The day asked for, inside the period and not in the future; without one the day of the run on screen."""
    latest = min(viewer.on, setting.period.end)
    day = day_of(asked.get("day", "")) or setting.today
    known = day_of(asked.get("known", ""))
    if known is not None:
        known = min(max(known, setting.period.start), viewer.on)
    return Asked(min(max(day, setting.period.start), latest), known)


def person_subject(setting: Setting, person: Any, day: date) -> Subject | None:
    """A person's light, where the viewer may see it: on that day's run, else on the newest."""
    for run in dict.fromkeys([run_on(setting, day) or setting.run, setting.run]):
        own = lights.of_person(run.pk, person.pk)
        light = next((one for one in own if one.metric_id == setting.metric.pk), None)
        if light is not None:
            said = light if run.as_of == day else None
            return Subject(person, Holder(person=person.pk), light.org_path, said, light.target_id)
    return None


def unit_subject(viewer: Viewer, setting: Setting, code: str, day: date) -> Subject | None:
    """A unit's light, where the viewer sees the unit."""
    unit, viewer = people.unit_called(code), viewer.about(setting.period.start, setting.period.end)
    if unit is None or not any(unit.path.startswith(path) for path in viewer.paths):
        return None
    run = run_on(setting, day)
    found = lights.unit_lights([run.pk], setting.metric.pk, [unit.path]) if run else []
    return Subject(unit, Holder(path=unit.path), unit.path, found[0] if found else None)


def why(viewer: Viewer, setting: Setting, subject: Subject, asked: Asked) -> Why | None:
    """The derivation; None where no target had been agreed by then."""
    then = moment_of(viewer, setting, asked)
    plan = _plan(setting, subject, asked.day, then)
    if plan is None:
        return None
    now_batch = max(evidence.batch_at(viewer.at), then.batch)
    days = evidence.days_of(
        subject.holder, setting.period.pk, setting.metric.pk, setting.period.start, asked.day,
        then=then.batch, now=now_batch,
    )  # fmt: skip
    light = subject.light if then.run is not None else None
    sum_then, sum_now = sum(d.then for d in days), sum(d.now for d in days)
    elsewhere = light.actual - sum_then if light is not None else 0
    away = set(people.on_protected_leave(asked.day)) if then.run is None else set(then.run.away)
    judged = _stored(light, plan, then.policy) if light else _judge(sum_then, subject, plan, then.policy, away)
    end = _end(subject, setting, then)
    figures = Figures(
        judged.actual, plan.base, plan.stretch, plan.due,
        *((end.point, end.low, end.high, end.p70_permille) if end else ()),
    )  # fmt: skip
    return Why(
        subject=subject,
        asked=asked,
        then=then,
        now_batch=now_batch,
        plan=plan,
        judged=judged,
        judged_now=_judge(sum_now + elsewhere, subject, plan, _borders(light, then.policy), away),
        official=_official(setting, subject, asked, plan),
        days=days,
        elsewhere=elsewhere,
        figures=figures,
        score=figures.score(then.policy["score.policy"]),
        end=end,
    )


def lines_of(
    viewer: Viewer, setting: Setting, subject: Subject, asked: Asked, of_day: date, page: int
) -> LinesOfDay:
    """The raw lines behind one day of the derivation."""
    then = moment_of(viewer, setting, asked)
    now = max(evidence.batch_at(viewer.at), then.batch)
    return evidence.lines_behind(
        subject.holder, setting.metric, of_day, then=then.batch, now=now, scope=viewer.scope, page=page
    )


def run_on(setting: Setting, day: date) -> Any | None:
    """The official run of a day, else the preview if it looks at this very day."""
    of_day = [r for r in setting.runs if r.as_of == day]
    return next((r for r in of_day if r.kind == CHECKPOINT), of_day[-1] if of_day else None)


def moment_of(viewer: Viewer, setting: Setting, asked: Asked) -> Moment:
    """The inputs of the day's run; without one, or for another day's knowledge, those recorded by then."""
    run = run_on(setting, asked.day) if asked.known is None else None
    if run is not None:
        return Moment(run.at, run.facts_as_of, run.calendar_version, run.policy, run.targets_known_at, run)
    at = min(_end_of(asked.known or asked.day + ONE_DAY), viewer.at)
    policy = policy_on(KEYS, on=asked.day, known_at=at)
    return Moment(at, evidence.batch_at(at), workdays.version_known_at(at), policy, at)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + ONE_DAY, time(), get_default_timezone()) - timedelta(microseconds=1)


def _plan(setting: Setting, subject: Subject, day: date, then: Moment) -> Plan | None:
    period = setting.period
    calendar = workdays.calendar(version=then.calendar_version, start=period.start, end=period.end)
    counted = (
        calendar.count_working_days(period.start, day),
        calendar.count_working_days(period.start, period.end),
        calendar.is_provisional(period.start, period.end),
    )
    if not subject.is_person:
        return _unit_plan(setting, subject, day, then, counted)
    known = targets.versions_known_at([subject.target] if subject.target else [], then.targets_known_at)
    version = known.get(subject.target or 0)
    if version is None:
        return None
    share = exact_shares([version.spec_id], day, then.calendar_version)[version.spec_id]
    top = version.base if version.stretch is None else version.stretch
    shape = Liability.from_json(version.spec.spec)
    return Plan(version.base, top, version.base * share, *counted, version=version, shape=shape)


def _unit_plan(
    setting: Setting, subject: Subject, day: date, then: Moment, counted: tuple[int, int, bool]
) -> Plan | None:
    """ΣP over the territories; from the run's own row where there is one."""
    rows = targets.territory_bases(setting.period.pk, setting.metric.pk, subject.org_path, then.targets_known_at)
    if not rows:
        return None
    light = subject.light if then.run is not None else None
    if light is not None:
        due = Fraction(int(light.plan_num), int(light.plan_den))
        return Plan(light.base, light.stretch, due, *counted, territories=len(rows))
    shares = exact_shares({spec for spec, _base, _top in rows}, day, then.calendar_version)
    due = sum((base * shares[spec] for spec, base, _top in rows), Fraction(0))
    bases, tops = sum(r[1] for r in rows), sum(r[2] for r in rows)
    return Plan(bases, tops, due, *counted, territories=len(rows))


def _stored(light: Any, plan: Plan, policy: Mapping[str, Any]) -> Judged:
    """What the run wrote down."""
    ours = in_force_for(light, dict(policy))
    said = _said(light.actual, light.light, light.grey_reason, plan, ours, getattr(light, "state", ""))
    return replace(said, because=because(light, dict(policy)))


def _borders(light: Any, policy: Mapping[str, Any]) -> Mapping[str, Any]:
    """By which borders to judge what is known now: those of the rule that judged then, unless it asked for the period's end."""
    ours = in_force_for(light, dict(policy)) if light else policy
    return policy if ours["light.basis"] == Basis.LANDING else ours


def _judge(actual: int, subject: Subject, plan: Plan, policy: Mapping[str, Any], away: set[int]) -> Judged:
    """By the core's own rule. Whether data were late is known only of a run, which wrote down how far they reached."""
    share = plan.share
    version = plan.version
    verdict = light_for(
        Facts(
            actual, plan.base, share.numerator, share.denominator, on_leave=subject.holder.person in away,
            active_days=version.active_days if version else 1, period_days=version.period_days if version else 1,
        ),
        LightPolicy(
            Basis(policy["light.basis"]),
            Thresholds(Fraction(policy["light.yellow_below"]), Fraction(policy["light.red_below"])),
            Fraction(policy["light.min_plan_share"]),
            min_active_share=Fraction(policy["light.min_active_share"]),
        ),
    )  # fmt: skip
    return _said(actual, verdict.light.value, verdict.grey_reason or "", plan, policy)


def _said(
    actual: int, light: str, grey: str, plan: Plan, policy: Mapping[str, Any], state: str = ""
) -> Judged:
    share = plan.share
    expected = plan.due if policy["light.basis"] == "pace" else Fraction(plan.base)
    ratio = Fraction(actual) / expected if expected > 0 else None
    bare = Judged(actual, plan.base, light, grey, share.numerator, share.denominator, ratio, "", state)
    read_like_a_light: Any = bare
    return replace(bare, because=because(read_like_a_light, dict(policy)))


def _official(setting: Setting, subject: Subject, asked: Asked, plan: Plan) -> Judged | None:
    """The day's official light, where it has one: it stays, whatever is asked."""
    run = run_on(setting, asked.day)
    if run is None or run.kind != CHECKPOINT or subject.light is None:
        return None
    return _stored(subject.light, plan, run.policy)


def _end(subject: Subject, setting: Setting, then: Moment) -> Any | None:
    """The projection the run kept; it keeps one for checkpoints and for the newest preview."""
    if then.run is None:
        return None
    if subject.target is not None:
        return lights.projections_of(then.run.pk, [subject.target]).get(subject.target)
    found = lights.unit_projections(then.run.pk, setting.metric.pk, [subject.org_path])
    return found.get(subject.org_path)
