"""When what is due: in working days, on which the person a case is about is not on protected leave.

A running deadline may move later, never earlier: when that leave is booked, and when the working-day table changes.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta, tzinfo

from hangbiao.core.deadlines import WorkCalendar, WorkDay
from hangbiao.core.deadlines import due as due_after
from hangbiao.engines.flows import sql
from hangbiao.engines.flows.definition import Flow, Step
from hangbiao.engines.flows.models import Case, Task
from hangbiao.engines.flows.ports import roles
from hangbiao.engines.flows.selectors import flow_of
from hangbiao.engines.journal.services import record
from hangbiao.engines.workdays.selectors import calendar

Asked = Callable[[datetime, int, int], date]
_LOOK_AHEAD = timedelta(days=60)  # beyond any holiday


def due(since: datetime, workdays: int, zone: tzinfo, rests: Sequence[date] = ()) -> date:
    """The last day for what began at `since`; `rests` do not count."""
    day = since.astimezone(zone).date()
    days = calendar(start=day, end=day + timedelta(days=2 * workdays + len(rests)) + _LOOK_AHEAD)
    if rests:
        still = set(rests)
        days = WorkCalendar([WorkDay(d, is_work and d not in still, open_) for d, is_work, open_ in days.days])
    return due_after(since, workdays, days, zone=zone).day


def of_step(
    case: Case, step: Step, anchor: datetime | None, at: datetime, zone: tzinfo, rests: Sequence[date] = ()
) -> date:
    """Its own days from now; else those of the case, begun anew at `anchor` where something was sent back."""
    if step.due_workdays is not None:
        return due(at, step.due_workdays, zone, rests)
    if anchor is not None:
        return due(anchor, flow_of(case.definition).due_workdays, zone, rests)
    return case.due_on


def rests_of(cases: Collection[Case], zone: tzinfo) -> dict[int, Sequence[date]]:
    """Subject → the days on which the clock of its case stands still."""
    if not cases:
        return {}
    first = min(case.triggered_at for case in cases).astimezone(zone).date()
    return dict(roles().rests({case.subject_id for case in cases}, first))


def recount(*, subjects: Collection[int] | None, at: datetime, actor: str, zone: tzinfo) -> int:
    """Ask all open cases (or those of `subjects`) for their deadlines again. Gives how many tasks and cases moved."""
    open_ = Case.objects.filter(closed_at__isnull=True).select_related("definition").order_by("pk")
    cases = list(open_ if subjects is None else open_.filter(subject_id__in=subjects))
    rests = rests_of(cases, zone)
    known: dict[tuple[datetime, int, tuple[date, ...]], date] = {}

    def asked(since: datetime, workdays: int, subject: int) -> date:
        key = (since, workdays, tuple(rests.get(subject, ())))
        if key not in known:
            known[key] = due(since, workdays, zone, key[2])
        return known[key]

    moved_cases, flows = [], {case.pk: flow_of(case.definition) for case in cases}
    by_number = {case.pk: case for case in cases}
    for case in cases:
        later = asked(case.triggered_at, flows[case.pk].due_workdays, case.subject_id)
        if later > case.due_on:
            case.due_on = later
            moved_cases.append((case.pk, later))
    tasks = Task.objects.filter(case__in=by_number, state=Task.State.OPEN).order_by("pk")
    moved = [
        (task.pk, later)
        for task in tasks
        if (later := _of_task(task, by_number[task.case_id], flows[task.case_id], asked)) > task.due_on
    ]
    if moved or moved_cases:
        sql.move_deadlines(moved_cases, moved)
        data = {"cases": [[pk, day.isoformat()] for pk, day in moved_cases],
                "tasks": [[pk, day.isoformat()] for pk, day in moved]}  # fmt: skip
        record(stream="flows", kind="flows.deadlines_moved", at=at, actor=actor, data=data)
    return len(moved) + len(moved_cases)


def _of_task(task: Task, case: Case, flow: Flow, asked: Asked) -> date:
    own = flow.step(task.step).due_workdays
    if own is not None:
        return asked(task.given_at, own, case.subject_id)
    if task.round > 1:
        return asked(task.given_at, flow.due_workdays, case.subject_id)
    return case.due_on
