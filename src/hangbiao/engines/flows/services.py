"""Publish a flow, open cases, act, hand over, and the sweep that reminds and escalates."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db import transaction

from hangbiao.core.merkle import tree_hash
from hangbiao.engines.flows import clocks, sql
from hangbiao.engines.flows import definition as flow_definition
from hangbiao.engines.flows.catalogue import names_of
from hangbiao.engines.flows.definition import Step
from hangbiao.engines.flows.errors import AlreadyDone, NoSuchDecision, NotYours, ReasonNeeded
from hangbiao.engines.flows.events import (
    CaseClosed,
    CasesOpened,
    CasesRaised,
    TasksDone,
    TasksEscalated,
    TasksGiven,
    TasksReminded,
)
from hangbiao.engines.flows.models import Case, Definition, Task
from hangbiao.engines.flows.ports import roles
from hangbiao.engines.flows.selectors import flow_of, newest
from hangbiao.engines.formula.judging import judge
from hangbiao.engines.journal.events import tell
from hangbiao.engines.journal.services import record
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.engines.workdays.selectors import calendar

STREAM = "flows"
DONE, AGREE, OBJECT, REJECT = "done", "agree", "object", "reject"
CLOSED, REJECTED = "closed", "rejected"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a case is about, where, how serious, and what the flow's conditions may ask."""

    subject: int
    path: str
    level: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of the subjects: new cases, and open ones that rose. The others had an open case as serious."""

    of_subjects: tuple[tuple[int, int], ...]  # (subject, its new case)
    raised: tuple[int, ...]

    @property
    def opened(self) -> tuple[int, ...]:
        return tuple(case for _subject, case in self.of_subjects)


@transaction.atomic
def publish(*, body: dict[str, Any], at: datetime, actor: str) -> Definition:
    """Make a flow the one that new cases go through. Cases that run stay on their version.

    Raises BadDefinition with every mistake. An unchanged body gives the version there is.
    """
    key = str(body.get("flow", ""))
    flow_definition.read(body, roles=roles().names(), names=names_of(key))
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    before = Definition.objects.filter(flow=key).order_by("-version").first()
    if before is not None and before.sha256 == digest:
        return before
    made = Definition.objects.create(
        flow=key, version=before.version + 1 if before else 1, body=body, sha256=digest, published_at=at, published_by=actor
    )  # fmt: skip
    data = {"flow": key, "version": made.version, "sha256": digest}
    record(stream=STREAM, kind="flows.published", at=at, actor=actor, data=data)
    return made


@transaction.atomic
def open_cases(
    *, flow: str, subjects: Sequence[Subject], triggered_at: datetime, at: datetime, actor: str, zone: tzinfo
) -> Opened:
    """Open a case for everybody who has none of this flow, raise those that became more serious, give the first tasks.

    The clock runs from `triggered_at`. Written as one journal line with the number and Merkle root of the cases.
    """
    published = newest(flow)
    due_on = clocks.due(triggered_at, flow_of(published).due_workdays, zone)
    rows = [(s.subject, s.path, s.level, s.facts) for s in subjects]
    fresh, raised = sql.open_cases(
        rows, definition=published.pk, flow=flow, triggered_at=triggered_at, due_on=due_on, at=at
    )
    if fresh or raised:
        root = tree_hash([f"{case}:{subject}".encode() for case, subject in sorted(fresh)]).hex()
        data = {"flow": flow, "version": published.version, "opened": len(fresh), "raised": sorted(raised), "root": root}
        record(stream=STREAM, kind="flows.cases_opened", at=at, actor=actor, data=data)
    done = Opened(tuple((subject, case) for case, subject in fresh), tuple(raised))
    if done.opened:
        tell(CasesOpened(flow, done.opened), at=at, actor=actor)
        cases = list(Case.objects.filter(pk__in=done.opened).select_related("definition"))
        _go_on(cases, round_=1, at=at, actor=actor, zone=zone)
    if done.raised:
        tell(CasesRaised(flow, done.raised), at=at, actor=actor)
        _call_in(done.raised, at=at, actor=actor, zone=zone)
    return done


def act(
    *, task: int, account: int, decision: str, at: datetime, actor: str, zone: tzinfo, answer: dict[str, Any] | None = None
) -> Case:  # fmt: skip
    """Do a task of one's own: `done`; `agree` or `reject` an approval; `agree` or `object` where one confirms.

    The step after it begins when nobody is left. Raises NotYours, AlreadyDone, NoSuchDecision, ReasonNeeded.
    """
    with acting(system_scope("a step of a case, done by its assignee")), transaction.atomic():
        mine = Task.objects.filter(pk=task, assignee_id=account).first()
        if mine is None:
            raise NotYours(task=task)
        case = Case.objects.select_for_update().get(pk=mine.case_id)
        mine.refresh_from_db()
        if mine.state != Task.State.OPEN or case.closed_at is not None or mine.assignee_id != account:
            raise AlreadyDone(task=task)
        step = flow_of(case.definition).step(mine.step)
        said = answer or {}
        if decision not in decisions(step, mine.part):
            raise NoSuchDecision(decision=decision)
        if decision in {OBJECT, REJECT} and not str(said.get("reason", "")).strip():
            raise ReasonNeeded(decision=decision)
        mine.state, mine.decision, mine.answer = Task.State.DONE, decision, said
        mine.done_at, mine.done_by_id = at, account
        mine.save()
        data = {
            "case": case.pk, "task": mine.pk, "step": step.key, "part": mine.part, "role": mine.role, "round": mine.round,
            "decision": decision, "account": account, "principal": mine.principal_id, "answer": said,
        }  # fmt: skip
        record(stream=f"case:{case.pk}", kind="flows.task_done", at=at, actor=actor, data=data)
        _settle_same(step, mine)
        over = Task.objects.filter(case=case, step=step.key, round=mine.round).exclude(state=Task.State.OPEN)
        tell(TasksDone(tuple(over.values_list("pk", flat=True))), at=at, actor=actor)
        _after(case, step, mine, at=at, actor=actor, zone=zone)
        return case


def decisions(step: Step, part: str) -> tuple[str, ...]:
    """What may be answered."""
    if part == Task.Part.CONFIRM:
        return AGREE, OBJECT
    return (AGREE, REJECT) if step.kind == "approve" else (DONE,)


def sweep(*, at: datetime, actor: str, zone: tzinfo) -> None:
    """Let tasks go to who stands in today, let clocks stand still, remind on the days the flow names, escalate what is
    overdue. Safe to repeat."""
    with acting(system_scope("the sweep of the flows")), transaction.atomic():
        today = at.astimezone(zone).date()
        if away := roles().away(today):
            clocks.recount(subjects=away, at=at, actor=actor, zone=zone)
        settle(on=today, at=at, actor=actor)
        _remind(today, at=at, actor=actor, zone=zone)
        _escalate(today, at=at, actor=actor)


def settle(*, on: date, at: datetime, actor: str) -> list[int]:
    """Open tasks follow a deputy, and come back when the time is over. Gives the tasks that moved."""
    standing_in = roles().standing_in(on)
    principals = sorted({*standing_in, *sql.displaced()})
    if moved := sql.settle(principals, [standing_in.get(principal, principal) for principal in principals]):
        data = {"tasks": [[task, account] for task, account in sorted(moved)]}
        record(stream=STREAM, kind="flows.tasks_moved", at=at, actor=actor, data=data)
        tell(TasksGiven(tuple(task for task, _account in moved)), at=at, actor=actor)
    return [task for task, _account in moved]


def _remind(today: date, *, at: datetime, actor: str, zone: tzinfo) -> None:
    """Working day n of a flow is the day with as many working days left as its last day has after day n."""
    wanted, published = [], list(Definition.objects.all())
    for due_on in sql.due_days():
        if due_on < today:
            continue
        left = calendar(start=today, end=due_on).count_working_days(today + timedelta(days=1), due_on)
        for one in published:
            flow = flow_of(one)
            reached = [n for n in flow.remind_workdays if n <= flow.due_workdays - left]
            wanted += [(due_on, one.pk, max(reached))] if reached else []
    morning = datetime.combine(today, time(0), tzinfo=zone)
    tasks = sql.remind(wanted, given_before=morning) if wanted else []
    if tasks:
        tell(TasksReminded(tuple(tasks)), at=at, actor=actor)


def _escalate(today: date, *, at: datetime, actor: str) -> None:
    late = sql.overdue(today)
    if not late:
        return
    above = roles().above({account for _task, account in late if account is not None}, today)
    tasks = [task for task, _account in late]
    sql.escalate(tasks, [above.get(account) if account else None for _task, account in late], at)
    record(stream=STREAM, kind="flows.escalated", at=at, actor=actor, data={"tasks": tasks})
    tell(TasksEscalated(tuple(tasks)), at=at, actor=actor)


def _settle_same(step: Step, task: Task) -> None:
    """Others need not do what one of them has settled: a rejection, or the first of `any`."""
    same = Task.objects.filter(case_id=task.case_id, step=step.key, round=task.round, state=Task.State.OPEN)
    if task.decision == REJECT:
        same.update(state=Task.State.VOID)
    elif step.mode == "any" and task.part == Task.Part.DO:
        same.filter(part=task.part).update(state=Task.State.VOID)


def _after(case: Case, step: Step, task: Task, *, at: datetime, actor: str, zone: tzinfo) -> None:
    """What follows a done task: back, wait for the others, the confirmations, or the next step."""
    same = Task.objects.filter(case=case, step=step.key, round=task.round)
    if task.decision == REJECT:
        if not step.on_reject:
            _close(case, REJECTED, at=at, actor=actor)
            return
        back = flow_of(case.definition).step(step.on_reject)
        _give([case], back, round_=task.round + 1, anchor=at, at=at, actor=actor, zone=zone)
        return
    part = same.filter(part=task.part)
    if part.filter(state=Task.State.OPEN).exists():
        return
    if task.part == Task.Part.DO and step.confirm_by:
        did = set(part.filter(state=Task.State.DONE).values_list("done_by_id", flat=True))
        if _give([case], step, round_=task.round, at=at, actor=actor, zone=zone, part=Task.Part.CONFIRM, but=did):
            return
    _go_on([case], round_=task.round, at=at, actor=actor, zone=zone)


def _go_on(cases: Sequence[Case], *, round_: int, at: datetime, actor: str, zone: tzinfo) -> None:
    """Each case into its next step whose condition holds; without one it is closed."""
    at_step: dict[tuple[int, str], tuple[Step, list[Case]]] = {}
    for case in cases:
        coming = flow_of(case.definition).after(case.step)
        step = next((s for s in coming if s.when is None or judge(s.when, _facts(case, s)) is True), None)
        if step is None:
            _close(case, CLOSED, at=at, actor=actor)
        else:
            at_step.setdefault((case.definition_id, step.key), (step, []))[1].append(case)
    for step, there in at_step.values():
        _give(there, step, round_=round_, at=at, actor=actor, zone=zone)


def _call_in(raised: Sequence[int], *, at: datetime, actor: str, zone: tzinfo) -> None:
    """A step that was passed over because its condition did not hold, and holds now, is made up for before what follows it."""
    for case in Case.objects.filter(pk__in=raised).select_related("definition"):
        flow = flow_of(case.definition)
        passed = [s for s in flow.steps if s not in flow.after(case.step) and s.key != case.step]
        gone_through = set(case.tasks.values_list("step", flat=True))
        over = (s for s in passed if s.when and s.key not in gone_through and judge(s.when, _facts(case, s)) is True)
        missed = next(over, None)
        if missed is None:
            continue
        waiting = list(case.tasks.filter(state=Task.State.OPEN).values_list("pk", flat=True))
        Task.objects.filter(pk__in=waiting).update(state=Task.State.VOID)
        tell(TasksDone(tuple(waiting)), at=at, actor=actor)
        round_ = 1 + max(case.tasks.values_list("round", flat=True))
        data = {"case": case.pk, "from": case.step, "to": missed.key, "round": round_}
        record(stream=f"case:{case.pk}", kind="flows.step_called_in", at=at, actor=actor, data=data)
        _give([case], missed, round_=round_, at=at, actor=actor, zone=zone)


def _facts(case: Case, step: Step) -> dict[str, Any]:
    """What is not known of a case is missing, not an error."""
    names = step.when.names() if step.when else set()
    return {name: case.facts.get(name) for name in names}


def _give(
    cases: Sequence[Case], step: Step, *, round_: int, at: datetime, actor: str, zone: tzinfo,
    part: str = Task.Part.DO, anchor: datetime | None = None, but: Collection[int] = (),
) -> list[int]:  # fmt: skip
    """The tasks of a step for its people, one each. A role that nobody fills leaves a task without an assignee."""
    wanted = step.who if part == Task.Part.DO else step.confirm_by
    on = at.astimezone(zone).date()
    filled = roles().fill(wanted, {case.subject_id: case.org_path for case in cases}, on)
    rests = clocks.rests_of(cases, zone)
    rows: list[sql.GIVEN] = []
    for case in cases:
        due_on, taken = clocks.of_step(case, step, anchor, at, zone, rests.get(case.subject_id, ())), set(but)
        for role in wanted:
            people = [one for one in filled.get((role, case.subject_id), ()) if one.account not in taken]
            known = bool(filled.get((role, case.subject_id)))
            taken |= {one.account for one in people}
            rows += [(case.pk, step.key, round_, role, one.account, one.principal, due_on) for one in people]
            rows += [] if known else [(case.pk, step.key, round_, role, None, None, due_on)]
    if part == Task.Part.DO:
        sql.stand_at([case.pk for case in cases], step.key)
        for case in cases:
            case.step = step.key
    tasks = sql.give_tasks(rows, part=part, at=at)
    if tasks:
        tell(TasksGiven(tuple(tasks)), at=at, actor=actor)
    return tasks


def _close(case: Case, outcome: str, *, at: datetime, actor: str) -> None:
    case.closed_at, case.outcome = at, outcome
    case.save(update_fields=["closed_at", "outcome"])
    data = {"case": case.pk, "outcome": outcome}
    record(stream=f"case:{case.pk}", kind="flows.case_closed", at=at, actor=actor, data=data)
    tell(CaseClosed(case.flow, case.pk, outcome), at=at, actor=actor)
