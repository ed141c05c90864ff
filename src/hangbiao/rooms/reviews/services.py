"""Open reviews after a checkpoint, and take one's part in them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from hangbiao.engines.files import services as files
from hangbiao.engines.files.arriving import Sent
from hangbiao.engines.flows import selectors as flow_selectors
from hangbiao.engines.flows import services as flows
from hangbiao.engines.flows.selectors import last_closed
from hangbiao.engines.flows.services import Subject
from hangbiao.engines.journal.events import tell
from hangbiao.engines.journal.services import record
from hangbiao.engines.policy.selectors import policy_on, value_of
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.lights.rules.selectors import opening
from hangbiao.rooms.lights.services import ensure_projected
from hangbiao.rooms.reviews import analysis, response
from hangbiao.rooms.reviews.errors import AnalysisMoved, MeetingMoved, ReviewIsClosed
from hangbiao.rooms.reviews.events import MeetingProposed
from hangbiao.rooms.reviews.models import Action, Analysis, Evidence, Meeting, Reply, Review
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
    raised = dict(Review.objects.filter(case_id__in=done.raised).values_list("pk", "person_id"))
    for light in response.LEVELS:
        risen = [review for review, person in raised.items() if mine[person].light == light]
        Review.objects.filter(pk__in=risen).update(highest=light)
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
    if fresh:
        ensure_projected(run)  # an analysis says where it will end
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


def _open_review(review: int) -> Review:
    """The review, held until the end of the transaction. Raises ReviewIsClosed."""
    about = Review.objects.select_for_update().get(pk=review)
    case = flow_selectors.case_numbered(about.case_id)
    if case is None or case.closed_at is not None:
        raise ReviewIsClosed
    return about


def largest_file_mb(on: date) -> int:
    """How large one file of a review may be, by policy."""
    return int(value_of("reviews.largest_file_mb", on))


def add_evidence(*, review: int, sent: Sent, account: int, at: datetime, actor: str) -> Evidence:
    """Put a file to an open review, for ever. The same content by the same account is the same piece of evidence.

    Raises what `files.keep` raises, and ReviewIsClosed. The caller has seen to it that the account is concerned.
    """
    with acting(system_scope("a file put to a review")), transaction.atomic():
        about = _open_review(review)
        kept = files.keep(sent=sent, at=at)
        known = Evidence.objects.filter(review=about, file=kept, added_by=account).first()
        if known is not None:
            return known
        made = Evidence.objects.create(
            review=about, person_id=about.person_id, org_path=about.org_path, file=kept, name=str(sent.name),
            added_by_id=account, added_at=at,
        )  # fmt: skip
        data = {"review": about.pk, "name": made.name, "sha256": kept.sha256, "size": kept.size, "what": kept.kind}
        record(stream=f"case:{about.case_id}", kind="reviews.evidence_added", at=at, actor=actor, data=data)
        return made


def propose_meeting(
    *, review: int, account: int, starts_at: datetime, minutes: int, link: str, place: str, drafted_on: int, at: datetime,
    actor: str,
) -> Meeting:  # fmt: skip
    """A time for the talk, or another one: the next number, to be confirmed anew; whoever proposes it comes.

    `drafted_on` is how many times had been proposed when it was drafted. Raises MeetingMoved, ReviewIsClosed.
    """
    with acting(system_scope("a time for a review")), transaction.atomic():
        about = _open_review(review)
        if Meeting.objects.filter(review=about).count() != drafted_on:
            raise MeetingMoved
        own = {"person_id": about.person_id, "org_path": about.org_path}
        made = Meeting.objects.create(
            review=about, number=drafted_on, starts_at=starts_at, minutes=minutes, link=link, place=place,
            proposed_by_id=account, proposed_at=at, **own,
        )  # fmt: skip
        Reply.objects.create(meeting=made, account_id=account, comes=True, said_at=at, **own)
        data = {"review": about.pk, "number": made.number, "starts_at": starts_at.isoformat(), "minutes": minutes}
        record(stream=f"case:{about.case_id}", kind="reviews.meeting_proposed", at=at, actor=actor, data=data)
        tell(MeetingProposed(about.pk, about.case_id, made.number, starts_at), at=at, actor=actor)
        return made


def reply_to_meeting(*, review: int, number: int, account: int, comes: bool, at: datetime, actor: str) -> None:
    """Say whether one comes; the last word counts. Raises MeetingMoved if another time has been proposed since."""
    with acting(system_scope("an answer to a time for a review")), transaction.atomic():
        about = _open_review(review)
        newest = Meeting.objects.filter(review=about).order_by("-number").first()
        if newest is None or newest.number != number:
            raise MeetingMoved
        Reply.objects.update_or_create(
            meeting=newest, account_id=account,
            defaults={"comes": comes, "said_at": at, "person_id": about.person_id, "org_path": about.org_path},
        )  # fmt: skip
        data = {"review": about.pk, "number": number, "comes": comes}
        record(stream=f"case:{about.case_id}", kind="reviews.meeting_answered", at=at, actor=actor, data=data)


def write_analysis(
    *, review: int, account: int, cause: str, words: str, drafted_on: int, at: datetime, actor: str
) -> Analysis:
    """A further version of the analysis: the same numbers, and what somebody concerned says of them.

    Older versions stay readable. Raises AnalysisMoved if `drafted_on` is no longer the newest, ReviewIsClosed. The caller
    has seen to it that the account is one of those concerned.
    """
    with acting(system_scope("a version of an analysis")), transaction.atomic():
        about = _open_review(review)
        newest = Analysis.objects.filter(review=about).latest("number")
        if newest.number != drafted_on:
            raise AnalysisMoved
        made = Analysis.objects.create(
            review=about, person_id=about.person_id, org_path=about.org_path, number=newest.number + 1,
            body=newest.body | {"own": {"cause": cause, "words": words}}, written_at=at, written_by_id=account,
        )  # fmt: skip
        data = {"review": about.pk, "version": made.number, "cause": cause, "words": words}
        record(stream=f"case:{about.case_id}", kind="reviews.analysis_written", at=at, actor=actor, data=data)
        return made
