"""Read reviews, in the viewer's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hangbiao.engines.flows import selectors as flows
from hangbiao.engines.flows.definition import Flow, Step
from hangbiao.engines.pages.numbers import name_of
from hangbiao.engines.pages.parts import DONE, NOW, TODO
from hangbiao.engines.pages.parts import Step as Mark
from hangbiao.rooms.lights.selectors import below_any
from hangbiao.rooms.people.selectors import units_under
from hangbiao.rooms.people.viewer import Viewer
from hangbiao.rooms.reviews.before import Checked, checkpoints_after, verdict
from hangbiao.rooms.reviews.models import Action, Analysis, Evidence, Meeting, Reply, Review

MOST = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything the page of one review shows."""

    review: Review
    case: Any
    flow: Flow
    tasks: Sequence[Any]
    mine: Any | None  # the viewer's open task
    analysis: Analysis
    actions: Sequence[Action]
    checked: Sequence[Checked]  # the checkpoints that judge the actions
    verdict: str
    evidence: Sequence[Evidence]
    meetings: Sequence[Meeting]  # the newest first

    @property
    def step(self) -> Step | None:
        """Where it stands; None once it is closed."""
        return None if self.case.closed_at else self.flow.step(self.case.step)

    @property
    def marks(self) -> list[Mark]:
        """The steps for the drawing; one whose condition does not hold is left out once it has been passed."""
        done = {task.step for task in self.tasks}
        keys = [step.key for step in self.flow.steps]
        here = len(keys) if self.case.closed_at else keys.index(self.case.step)
        return [
            Mark(step.name, DONE if n < here else NOW if n == here else TODO)
            for n, step in enumerate(self.flow.steps)
            if n >= here or step.key in done
        ]

    @property
    def waiting_for(self) -> list[Any]:
        """Open tasks: who has still to do something."""
        return [task for task in self.tasks if task.state == "open"]


def review_for(viewer: Viewer, number: int) -> Seen | None:
    """A review the viewer may see, or None."""
    review = (
        Review.objects.filter(pk=number).select_related("person", "metric", "run__period").first()
    )
    case = flows.case_numbered(review.case_id) if review else None
    if review is None or case is None:
        return None
    tasks = list(flows.tasks_of(case))
    mine = next((t for t in tasks if t.state == "open" and t.assignee_id == viewer.account_id), None)
    analysis = Analysis.objects.filter(review=review).order_by("-number").first()
    if analysis is None:
        raise LookupError(f"review {number} without an analysis")
    actions = list(Action.objects.filter(review=review).select_related("owner"))
    after = _after(review, viewer) if actions else []
    judged = verdict(review, Fraction(analysis.body["pace"]) if analysis.body["pace"] else None, after)
    evidence = list(Evidence.objects.filter(review=review).select_related("file", "added_by"))
    meetings = list(Meeting.objects.filter(review=review).select_related("proposed_by").order_by("-number"))
    return Seen(
        review, case, flows.flow_of(case.definition), tasks, mine, analysis, actions, after, judged, evidence, meetings
    )


def _after(review: Review, viewer: Viewer) -> list[Checked]:
    people = [review.person_id]
    return checkpoints_after(people, review.metric_id, review.run.as_of, viewer.on)[review.person_id]


def evidence_numbered(review: int, number: int) -> Evidence | None:
    """A file of a review."""
    return Evidence.objects.filter(pk=number, review=review).select_related("file").first()


def replies_to(meeting: Meeting) -> dict[int, bool]:
    """Account → whether it comes."""
    return dict(Reply.objects.filter(meeting=meeting).values_list("account_id", "comes"))


def parties_of(seen: Seen) -> list[tuple[str, Any]]:
    """(role, account) of everybody who talks: the first step's tasks."""
    first = seen.flow.steps[0].key
    found = {task.assignee_id: (task.role, task.assignee) for task in seen.tasks if task.step == first and task.state != "void"}
    return [pair for account, pair in found.items() if account is not None]


def may_write(viewer: Viewer, seen: Seen) -> bool:
    """Those concerned write, send files and propose times while the review is open: whoever has or had a part in it."""
    concerned = {account for task in seen.tasks if task.state != "void" for account in (task.assignee_id, task.principal_id)}
    return seen.case.closed_at is None and viewer.account_id is not None and viewer.account_id in concerned


def versions_of(review: int) -> list[Analysis]:
    """Every version of a review's analysis, the newest first."""
    return list(Analysis.objects.filter(review=review).select_related("written_by").order_by("-number"))


def version_of(review: int, number: int) -> Analysis | None:
    """One of them."""
    return Analysis.objects.filter(review=review, number=number).first()


@dataclass(frozen=True, slots=True)
class Line:
    """One review in a list."""

    review: Review
    case: Any
    step: str
    late: bool
    place: str


def reviews_of(viewer: Viewer, *, closed: bool = False) -> list[Line]:
    """Reviews below the viewer's units, or about the viewer; open ones first due first, closed ones newest first."""
    found = Review.objects.also_through("case").filter(case__closed_at__isnull=not closed)
    if viewer.scope.person_id is None or viewer.sees_results_of_others:
        found = found.filter(below_any(viewer.paths))
    found = found.select_related("person", "case__definition", "metric")
    found = found.order_by("-case__closed_at") if closed else found.order_by("case__due_on", "-case__level", "org_path")
    places = {unit.path: name_of(unit) for unit in units_under(viewer.paths)}
    return [
        Line(
            one, one.case, _step_name(one.case), not closed and one.case.due_on < viewer.on, places.get(one.org_path, "")
        )
        for one in found[:MOST]
    ]


def _step_name(case: Any) -> str:
    return "" if case.closed_at else flows.flow_of(case.definition).step(case.step).name


def reviews_in(cases: Sequence[int]) -> dict[int, Review]:
    """Case → its review."""
    return {review.case_id: review for review in Review.objects.filter(case_id__in=cases).select_related("person")}


def in_review(people: Sequence[int]) -> set[int]:
    """Those whose review is open."""
    if not people:
        return set()
    found = Review.objects.also_through("case").filter(person_id__in=people, case__closed_at__isnull=True)
    return set(found.values_list("person_id", flat=True))
