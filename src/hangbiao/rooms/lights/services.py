"""Evaluate a period: daily previews, official checkpoints. One set-based pass; its inputs are written down first."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hangbiao.core.merkle import tree_hash
from hangbiao.engines.journal.events import tell
from hangbiao.engines.journal.services import Line, record_all
from hangbiao.engines.policy.selectors import policy_on
from hangbiao.engines.workdays.selectors import calendar as work_calendar
from hangbiao.engines.workdays.selectors import latest_version
from hangbiao.rooms.actuals.selectors import data_as_of, newest_batch
from hangbiao.rooms.calendar.selectors import checkpoints_of, period_on
from hangbiao.rooms.lights import sql
from hangbiao.rooms.lights.errors import AlreadyOfficial, NoPeriod
from hangbiao.rooms.lights.events import LightFlipped
from hangbiao.rooms.lights.models import Projection, Run
from hangbiao.rooms.lights.parameters import KEYS
from hangbiao.rooms.lights.projections import write_projections
from hangbiao.rooms.lights.rules.applying import apply_rules
from hangbiao.rooms.lights.rules.selectors import NEEDS_PROJECTIONS, rules_on
from hangbiao.rooms.lights.units import write_units
from hangbiao.rooms.people.selectors import on_protected_leave
from hangbiao.rooms.targets.curves import ensure_curves
from hangbiao.rooms.targets.selectors import metrics

BOOKS = ("person", "territory")
ONE_STEP = 2  # the slashes of a path like /C/
A_HOLIDAY_AGO = timedelta(days=60)  # far enough back to find a few working days before any holiday


@transaction.atomic
def evaluate(*, as_of: date, at: datetime, actor: str, kind: str = "") -> Run:
    """Light every target of the period that `as_of` belongs to, from the facts known now.

    `kind` empty: a checkpoint if the day is one and is not official yet, else a preview. A checkpoint is written
    once, with its flips, a journal line for each and one for the run; a preview replaces the one before and leaves no line.
    Raises NoPeriod (404) or AlreadyOfficial (409).
    """
    period = period_on(as_of)
    if period is None:
        said = _("%(day)s 不属于任何已开启的期间。请先导入该期间的目标或订单行，期间随之开启，然后再评估。")
        raise NoPeriod(said % {"day": as_of.isoformat()})
    official = Run.objects.filter(period=period, kind=Run.Kind.CHECKPOINT)
    done = official.filter(as_of=as_of).exists()
    kind = kind or (Run.Kind.CHECKPOINT if as_of in checkpoints_of(period) and not done else Run.Kind.PREVIEW)
    if kind == Run.Kind.CHECKPOINT and done:
        raise AlreadyOfficial(_("%(day)s 的正式灯已经确定，不再改变。") % {"day": as_of.isoformat()})
    calendar_version = latest_version()
    ensure_curves(period=period.pk, calendar_version=calendar_version)
    run = Run.objects.create(
        kind=kind,
        period=period,
        as_of=as_of,
        at=at,
        policy=policy_on(KEYS, on=as_of, known_at=at) | rules_on(as_of, known_at=at),
        policy_known_at=at,
        facts_as_of=newest_batch(),
        calendar_version=calendar_version,
        targets_known_at=at,
        feeds=feeds_now(),
        away=on_protected_leave(as_of),
        previous=official.filter(as_of__lt=as_of).order_by("-as_of").first(),
    )
    facts = named_inputs(run)
    run.rows = sql.light_people(facts)
    _judge(run, facts)
    if kind == Run.Kind.CHECKPOINT:
        run.digest = digest_of(run)
    run.save()
    if kind == Run.Kind.CHECKPOINT:
        _make_official(run, at=at, actor=actor)
    else:
        sql.sweep_previews(period.pk, keep=run.pk)
    return run


@transaction.atomic
def project(run: Run) -> None:
    """Say where every target and unit of the headline metric will probably end, and what counts for no holder; replaces
    what the run said before. Reads all facts of the period, which lighting does not.
    """
    Projection.objects.filter(run=run).delete()
    facts = named_inputs(run)
    write_projections(run, facts)
    run.unassigned = {book: sql.unassigned(facts, book) for book in BOOKS}
    run.save(update_fields=["unassigned"])


def ensure_projected(run: Run) -> None:
    """Project, unless somebody who heard of the run's flips has asked for it already."""
    if Run.objects.filter(pk=run.pk, unassigned__isnull=True).exists():
        project(run)


def feeds_now() -> dict[str, dict[str, str]]:
    """Metric → region path (or the company's) → the last business day its data reach."""
    return {
        str(metric.pk): {path: day.isoformat() for path, day in sorted(data_as_of(metric.code).items())}
        for metric in metrics()
    }


@transaction.atomic
def recompute(run: Run) -> str:
    """Write a run's results again from its named inputs alone, and return their digest.

    For a copy whose result rows are gone; where they are still there the database refuses the second set.
    """
    ensure_curves(period=run.period_id, calendar_version=run.calendar_version)
    facts = named_inputs(run)
    sql.light_people(facts, past=True)
    _judge(run, facts, past=True)
    return digest_of(run)


def _judge(run: Run, facts: dict[str, Any], *, past: bool = False) -> None:
    """Let the company's own rules judge those they are for, then sum up. A rule that asks where the period will end needs the
    projections first, and they the sums."""
    if NEEDS_PROJECTIONS in run.policy:
        write_units(run, sql.unit_sums(facts, past=past))
        Projection.objects.filter(run=run).delete()
        write_projections(run, facts)
        sql.forget_units(run.pk)
    apply_rules(run)
    write_units(run, sql.unit_sums(facts, past=past))


def digest_of(run: Run) -> str:
    """The Merkle root over all result rows of a run: equal rows, equal digest."""
    return tree_hash([row.encode() for row in sql.light_rows(run.pk)]).hex()


def _make_official(run: Run, *, at: datetime, actor: str) -> None:
    flips = sql.write_flips(run.pk, run.previous_id)
    data = {
        "run": run.pk,
        "period": run.period.code,
        "as_of": run.as_of.isoformat(),
        "facts_as_of": run.facts_as_of,
        "calendar_version": run.calendar_version,
        "policy": run.policy,
        "rows": run.rows,
        "flips": len(flips),
        "root": run.digest,
    }
    names = ("target", "metric", "person", "before", "after")
    changes = [
        Line(
            kind="lights.flipped", stream="lights", at=at, actor=actor,
            data={"run": run.pk, **dict(zip(names, said, strict=True))},
        )
        for _flip, *said in flips
    ]  # fmt: skip
    record_all([*changes, Line(kind="lights.checkpoint_fixed", stream="lights", at=at, actor=actor, data=data)])
    tell(LightFlipped(run=run.pk, flips=tuple(flip[0] for flip in flips)), at=at, actor=actor)


def named_inputs(run: Run) -> dict[str, Any]:
    """The run's named inputs as parameters of the pass; shares as whole numerators and denominators."""
    policy = run.policy
    share = {
        k: Fraction(policy[f"light.{k}"])
        for k in ("yellow_below", "red_below", "min_plan_share", "min_active_share")
    }
    calendar = work_calendar(version=run.calendar_version, start=run.as_of - A_HOLIDAY_AGO, end=run.as_of)
    late_before = calendar.earliest_within(run.as_of, int(policy["light.late_after_workdays"]))
    return {
        "run": run.pk,
        "period": run.period_id,
        "metrics": [metric.pk for metric in metrics()],
        "as_of": run.as_of,
        "targets_known_at": run.targets_known_at,
        "facts_as_of": run.facts_as_of,
        "calendar_version": run.calendar_version,
        "previous": run.previous_id,
        "official": run.kind == Run.Kind.CHECKPOINT,
        "basis": policy["light.basis"],
        "away": run.away,
        **_feeds(run.feeds),
        "late_before": late_before,
        "yellow_num": share["yellow_below"].numerator,
        "yellow_den": share["yellow_below"].denominator,
        "red_num": share["red_below"].numerator,
        "red_den": share["red_below"].denominator,
        "share_num": share["min_plan_share"].numerator,
        "share_den": share["min_plan_share"].denominator,
        "active_num": share["min_active_share"].numerator,
        "active_den": share["min_active_share"].denominator,
    }


def _feeds(feeds: dict[str, dict[str, str]]) -> dict[str, list[Any]]:
    """How far the data reach, in columns: of regions, and of the whole company (a path of one step)."""
    rows = [(int(metric), path, day) for metric, paths in feeds.items() for path, day in paths.items()]
    regional = [row for row in rows if row[1].count("/") > ONE_STEP]
    whole = [row for row in rows if row[1].count("/") == ONE_STEP]
    return {
        "regional_metric": [row[0] for row in regional],
        "regional_path": [row[1] for row in regional],
        "regional_reached": [row[2] for row in regional],
        "whole_metric": [row[0] for row in whole],
        "whole_reached": [row[2] for row in whole],
    }
