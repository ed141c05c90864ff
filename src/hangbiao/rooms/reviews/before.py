"""What came of earlier reviews: their actions, and what the two checkpoints after them say."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from hangbiao.core.diagnosis import judged
from hangbiao.engines.pages.numbers import name_of
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.reviews.models import Action, Review

NEXT = 2


@dataclass(frozen=True, slots=True)
class Checked:
    """One checkpoint after the actions were promised."""

    day: date
    light: str
    pace: Fraction | None


def checkpoints_after(people: Collection[int], metric: int, after: date, until: date) -> dict[int, list[Checked]]:
    """Person → the first two checkpoints behind a day, as far as they are fixed."""
    runs = lights.checkpoints_between(after, until)[:NEXT]
    found: dict[int, list[Checked]] = {person: [] for person in people}
    for run in runs:
        for light in lights.of_people(run, people):
            if light.metric_id == metric and light.person_id in found:
                found[light.person_id].append(Checked(run.as_of, light.light, pace_of(light)))
    return found


def pace_of(light: Any) -> Fraction | None:
    """actual ÷ plan to date, exact."""
    plan = Fraction(int(light.plan_num) * light.base, int(light.plan_den))
    return Fraction(light.actual) / plan if plan > 0 else None


def verdict(review: Review, pace: Fraction | None, after: Sequence[Checked]) -> str:
    """What they say of the review's actions (core.diagnosis.judged)."""
    return judged(review.light, pace, [(one.light, one.pace) for one in after])


def last_reviews(people: Collection[int], run: Any, metric: Any) -> dict[int, dict[str, Any]]:
    """Person → their last review before a checkpoint that promised something: its actions, and whether they worked."""
    promised = Review.objects.filter(person__in=people, run__as_of__lt=run.as_of, actions__isnull=False)
    newest = {one.person_id: one for one in promised.select_related("run").order_by("opened_at", "pk")}
    actions: dict[int, list[Action]] = {}
    for action in Action.objects.filter(review__in=[one.pk for one in newest.values()]).select_related("owner"):
        actions.setdefault(action.review_id, []).append(action)
    told = {}
    for opened in {one.run for one in newest.values()}:
        those = [one for one in newest.values() if one.run_id == opened.pk]
        about = [one.person_id for one in those]
        then = {one.person_id: one for one in lights.of_people(opened, about) if one.metric_id == metric.pk}
        after = checkpoints_after(about, metric.pk, opened.as_of, run.as_of)
        for one in those:
            told[one.person_id] = _told(one, actions.get(one.pk, []), then.get(one.person_id), after[one.person_id])
    return told


def _told(review: Review, actions: Sequence[Action], then: Any | None, after: Sequence[Checked]) -> dict[str, Any]:
    return {
        "review": review.pk,
        "as_of": review.run.as_of.isoformat(),
        "light": review.light,
        "actions": [[one.what, name_of(one.owner), one.due_on.isoformat()] for one in actions],
        "after": [[one.day.isoformat(), one.light, str(one.pace) if one.pace is not None else None] for one in after],
        "verdict": verdict(review, pace_of(then) if then else None, after),
    }
