"""Lights that are kept up by the clock: yesterday's preview every day, and the official light of a checkpoint."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from hangbiao.rooms.calendar.selectors import all_checkpoints, period_on
from hangbiao.rooms.lights.models import Run
from hangbiao.rooms.lights.services import ensure_projected, evaluate, project
from hangbiao.rooms.targets.selectors import targets_in


@transaction.atomic
def light_preview(*, on: date, at: datetime, actor: str) -> dict[str, Any] | None:
    """Preview the day before `on`. None where its period is not open: then there is nothing to light."""
    day = on - timedelta(days=1)
    if period_on(day) is None:
        return None
    run = evaluate(as_of=day, at=at, actor=actor, kind=Run.Kind.PREVIEW)
    project(run)
    return {"day": day.isoformat(), "rows": run.rows}


@transaction.atomic
def fix_checkpoint(*, day: date, at: datetime, actor: str) -> dict[str, Any] | None:
    """Make the lights of a checkpoint official. None where they are, or where its period has no targets yet: an empty
    checkpoint could never be filled."""
    period = period_on(day)
    if period is None or not targets_in(period.pk).exists():
        return None
    if Run.objects.filter(period=period, as_of=day, kind=Run.Kind.CHECKPOINT).exists():
        return None
    run = evaluate(as_of=day, at=at, actor=actor, kind=Run.Kind.CHECKPOINT)
    ensure_projected(run)
    return {"day": day.isoformat(), "rows": run.rows, "flips": run.flips.count()}


def checkpoint_days() -> list[date]:
    """Every checkpoint of every open period."""
    return all_checkpoints()
