"""Open reviews after a checkpoint, and take one's part in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from hangbiao.engines.flows import services as flows
from hangbiao.engines.flows.selectors import last_closed
from hangbiao.engines.flows.services import Subject
from hangbiao.engines.policy.selectors import policy_on
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.lights.rules.selectors import opening
from hangbiao.rooms.reviews import analysis, response
from hangbiao.rooms.reviews.models import Action, Analysis, Review
from hangbiao.rooms.reviews.parameters import KEYS
from hangbiao.rooms.targets.selectors import headline


def zone() -> ZoneInfo:
    """Where the company's days begin and end."""
    return ZoneInfo(settings.TIME_ZONE)


@transaction.atomic
def open_after_checkpoint(*, run: int, at: datetime, actor: str) -> list[int]:
    """A review for everybody whose light the rule that judged it lets open one (by default yellow and red); an open one rises
    to the more serious light. Gives the new ones.

    Grey lights (leave, late data, too early) open nothing, nor do checkpoints before `reviews.begin_on`.
    """
    official, metric = lights.run_numbered(run), headline()
    begin_on = str(policy_on(KEYS, on=official.as_of, known_at=at)["reviews.begin_on"])
    if metric is None or official.as_of.isoformat() < begin_on:
        return []
    mine = _whom_rules_open_for(official, lights.judged(run, metric.pk, tuple(response.LEVELS)), at)
    if not mine:
        return []
    response.ensure_published(at=at, actor=actor)
    subjects = [
        Subject(person, light.org_path, response.LEVELS[light.light], {"highest_light": light.light})
        for person, light in sorted(mine.items())
    ]
    done = flows.open_cases(
        flow=response.FLOW, subjects=subjects, triggered_at=at, at=at, actor=actor, zone=zone()
    )
    made = _reviews(official, metric, mine, dict(done.of_subjects), at)
    for case in done.raised:
        person = Review.objects.values_list("person_id", flat=True).get(case_id=case)
        Review.objects.filter(case_id=case).update(highest=mine[person].light)
    return made


def _whom_rules_open_for(run: Any, lit: Sequence[Any], at: datetime) -> dict[int, Any]:
    """Person → light, where the rule that judged it wants a review and the person has had none lately."""
    wishes = {light.person_id or 0: (light, opening(run.policy, light.rule_id, light.light)) for light in lit}
    ours = {person: pair for person, pair in wishes.items() if pair[1] is not None and pair[1].flow == response.FLOW}
    resting = [person for person, (_light, wish) in ours.items() if wish and wish.cool_down]
    closed = last_closed(response.FLOW, resting) if resting else {}
    return {
        person: light
        for person, (light, wish) in ours.items()
        if wish is not None and (person not in closed or closed[person] <= at - wish.cool_down)
    }


def _reviews(run: Any, metric: Any, mine: dict[int, Any], cases: dict[int, int], at: datetime) -> list[int]:
    fresh = {person: mine[person] for person in cases}
    reviews = [
        Review(
            case_id=cases[person], person_id=person, org_path=light.org_path, run_id=run.pk, target_id=light.target_id,
            metric_id=metric.pk, light=light.light, highest=light.light, opened_at=at,
        )
        for person, light in fresh.items()
    ]  # fmt: skip
    Review.objects.bulk_create(reviews, batch_size=1000)
    bodies = analysis.first_versions(run, metric, fresh.values())
    Analysis.objects.bulk_create(
        [
            Analysis(
                review=review, person_id=review.person_id, org_path=review.org_path, body=bodies[review.target_id],
                written_at=at,
            )
            for review in reviews
        ],
        batch_size=1000,
    )  # fmt: skip
    return [review.pk for review in reviews]


def take_part(*, task: int, account: int, decision: str, answer: dict[str, Any], at: datetime, actor: str) -> None:
    """Do one's task of a review; what the minutes promise becomes actions. Raises what `flows.act` raises."""
    with transaction.atomic():
        case = flows.act(
            task=task, account=account, decision=decision, answer=answer, at=at, actor=actor, zone=zone()
        )
        promised = answer.get("actions", [])
        if promised:
            with acting(system_scope("actions promised in a review")):
                _promise(Review.objects.get(case_id=case.pk), task, promised)


def _promise(review: Review, task: int, promised: list[dict[str, Any]]) -> None:
    Action.objects.bulk_create(
        [
            Action(
                review=review, task_id=task, person_id=review.person_id, org_path=review.org_path, what=one["what"],
                owner_id=one["owner"], due_on=one["due_on"],
            )
            for one in promised
        ]
    )  # fmt: skip
