"""Cases from opening to closing: who has what to do, when, and what follows."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from hangbiao.engines.flows import services
from hangbiao.engines.flows.clocks import recount
from hangbiao.engines.flows.errors import AlreadyDone, NoSuchDecision, NotYours, ReasonNeeded
from hangbiao.engines.flows.events import (
    CaseClosed,
    CasesOpened,
    CasesRaised,
    TasksEscalated,
    TasksGiven,
    TasksReminded,
)
from hangbiao.engines.flows.models import Case, Task
from hangbiao.engines.flows.services import Subject
from hangbiao.engines.journal.models import Entry
from hangbiao.engines.workdays.services import change_days
from hangbiao.engines.workdays.sources import DayRow
from tests.engines.flows.world import BODY

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2025, 9, 26, 9, 0, tzinfo=SHANGHAI)
WHO = {"actor": "system:test", "zone": SHANGHAI}

pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture
def published(people):
    return services.publish(body=BODY, at=FRIDAY, actor="system:test")


def opened(*subjects, at=FRIDAY, light="yellow"):
    level = {"yellow": 1, "red": 2}[light]
    return services.open_cases(
        flow="test_response", triggered_at=at, at=at, **WHO,
        subjects=[Subject(n, f"/C/R1/T{n}/", level, {"highest_light": light}) for n in subjects],
    )  # fmt: skip


def the_case(n=1):
    return Case.objects.get(subject_id=n, closed_at__isnull=True)


def open_tasks(n=1):
    return {(t.role, t.part): t for t in Task.objects.filter(subject_id=n, state="open").select_related("case")}


def do(task, decision="done", *, at=FRIDAY, by=None, **answer):
    return services.act(task=task.pk, account=by or task.assignee_id, decision=decision, at=at, answer=answer, **WHO)


def through(*keys, n=1, at=FRIDAY):
    """Do all open tasks of the next steps, approving."""
    for key in keys:
        while the_case(n).step == key:
            for task in list(open_tasks(n).values()):
                step_kind = "agree" if key in {"director", "confirm"} or task.part == "confirm" else "done"
                do(task, step_kind, at=at)
            if not Case.objects.filter(subject_id=n, closed_at__isnull=True).exists():
                return


def test_three_people_are_due_at_the_end_of_the_fifth_working_day_with_make_up_days(published, told):
    opened(1)

    tasks = open_tasks()
    assert set(tasks) == {("employee", "do"), ("supervisor", "do"), ("region_manager", "do")}
    assert {task.due_on for task in tasks.values()} == {date(2025, 10, 10)}, "Sun 28 Sep is worked, 1-8 Oct is not"
    assert [type(event) for event in told] == [CasesOpened, TasksGiven]


def test_one_open_case_per_person_and_it_only_rises(published, told):
    opened(1, 2)
    again = opened(1, 2, 3)
    assert len(again.opened) == 1
    assert again.raised == ()

    red = opened(1, light="red")
    yellow = opened(1, light="yellow")

    assert red.raised == (the_case().pk,)
    assert yellow.raised == ()
    assert the_case().facts == {"highest_light": "red"}
    assert Task.objects.filter(subject_id=1).count() == 3, "a more serious light is no second case"
    assert CasesRaised("test_response", red.raised) in told


def test_yellow_goes_past_the_director_and_closes_with_the_hrbp(published, people, told):
    opened(1)

    through("review", "minutes")
    assert the_case().step == "confirm"
    (task,) = open_tasks().values()
    assert task.due_on == date(2025, 9, 29), "two working days of its own: Sun 28 Sep, Mon 29 Sep"
    case = do(task, "agree")

    assert (case.outcome, case.closed_at) == ("closed", FRIDAY)
    assert told[-1] == CaseClosed("test_response", case.pk, "closed")


def test_red_needs_the_director(published):
    opened(1, light="red")

    through("review", "minutes")

    assert the_case().step == "director"


def test_a_case_that_turned_red_on_the_way_needs_the_director(published):
    opened(1)
    through("review")
    opened(1, light="red")

    through("minutes")

    assert the_case().step == "director"


def test_minutes_are_confirmed_by_the_other_two_and_an_objection_needs_words(published):
    opened(1)
    through("review")
    do(open_tasks()["supervisor", "do"], minutes="…")

    confirming = open_tasks()
    assert set(confirming) == {("employee", "confirm"), ("region_manager", "confirm")}
    with pytest.raises(ReasonNeeded):
        do(confirming["employee", "confirm"], "object", reason="  ")
    do(confirming["employee", "confirm"], "object", reason="拜访数不对")
    assert the_case().step == "minutes"
    do(confirming["region_manager", "confirm"], "agree")
    assert the_case().step == "confirm"


def test_a_rejection_goes_back_with_a_new_deadline_and_both_rounds_stay(published):
    opened(1, light="red")
    through("review", "minutes")
    later = datetime(2025, 10, 9, 10, 0, tzinfo=SHANGHAI)

    do(open_tasks()["director", "do"], "reject", at=later, reason="行动不具体")

    (task,) = open_tasks().values()
    assert (task.role, task.step, task.round, task.due_on) == ("supervisor", "minutes", 2, date(2025, 10, 15))
    through("minutes", "director", "confirm", at=later)
    case = Case.objects.get(subject_id=1)
    assert case.outcome == "closed"
    assert Task.objects.filter(case=case, step="minutes", part="do").count() == 2


def test_nobody_decides_for_another_twice_or_after_the_end(published, people):
    opened(1)
    task = open_tasks()["employee", "do"]

    with pytest.raises(NotYours):
        do(task, by=people.accounts["hrbp"])
    with pytest.raises(NoSuchDecision):
        do(task, "agree")
    do(task)
    with pytest.raises(AlreadyDone):
        do(task)


def test_a_vacant_role_leaves_a_task_that_nobody_has_and_nothing_closes(published, people):
    people.vacant.add("region_manager")
    opened(1)

    do(open_tasks()["employee", "do"])
    do(open_tasks()["supervisor", "do"])

    assert open_tasks()["region_manager", "do"].assignee_id is None
    assert the_case().step == "review"


def test_one_person_in_two_roles_has_one_task(published, people):
    people.accounts["region_manager"] = people.accounts["supervisor"]
    opened(1)

    assert set(open_tasks()) == {("employee", "do"), ("supervisor", "do")}


def test_pending_tasks_follow_a_deputy_and_come_back(published, people, told):
    opened(1, 2)
    supervisor, deputy = people.accounts["supervisor"], people.accounts["deputy"]

    people.deputies[supervisor] = deputy
    services.sweep(at=FRIDAY, actor="system:test", zone=SHANGHAI)
    moved = open_tasks()["supervisor", "do"]
    assert (moved.assignee_id, moved.principal_id) == (deputy, supervisor)
    assert isinstance(told[-1], TasksGiven)
    do(moved)
    people.deputies.clear()
    services.sweep(at=FRIDAY, actor="system:test", zone=SHANGHAI)

    assert open_tasks(2)["supervisor", "do"].assignee_id == supervisor
    moved.refresh_from_db()
    assert moved.done_by_id == deputy, "what a deputy did stays theirs"


def test_reminders_come_on_day_three_and_five_once(published, told):
    opened(1)
    days = {}
    for day in (26, 27, 28, 29, 30):
        told.clear()
        for _again in range(2):
            services.sweep(at=datetime(2025, 9, day, 9, 0, tzinfo=SHANGHAI), actor="system:test", zone=SHANGHAI)
        days[day] = [type(event) for event in told]
    for day in (9, 10):
        told.clear()
        services.sweep(at=datetime(2025, 10, day, 9, 0, tzinfo=SHANGHAI), actor="system:test", zone=SHANGHAI)
        days[day] = [type(event) for event in told]

    assert days == {26: [], 27: [], 28: [], 29: [], 30: [TasksReminded], 9: [], 10: [TasksReminded]}, (
        "day 1 is Sun 28 Sep, day 3 Tue 30 Sep, day 4 Thu 9 Oct"
    )


def test_silence_escalates_once_and_never_approves(published, people, told):
    opened(1)
    told.clear()
    late = datetime(2025, 10, 11, 8, 0, tzinfo=SHANGHAI)

    for _again in range(2):
        services.sweep(at=late, actor="system:test", zone=SHANGHAI)

    escalated = [event for event in told if isinstance(event, TasksEscalated)]
    assert [len(event.tasks) for event in escalated] == [3]
    assert open_tasks()["supervisor", "do"].escalated_to_id == people.accounts["region_manager"]
    assert the_case().step == "review"


def test_a_running_case_stays_on_its_version(published):
    opened(1)
    shorter = {**BODY, "steps": BODY["steps"][:1]}
    services.publish(body=shorter, at=FRIDAY, actor="system:test")
    opened(2)

    through("review")
    through("review", n=2)

    assert the_case(1).step == "minutes"
    assert Case.objects.get(subject_id=2).outcome == "closed"


def test_publishing_the_same_again_makes_no_version(published):
    again = services.publish(body=BODY, at=datetime(2026, 1, 1, tzinfo=UTC), actor="system:test")

    assert again.pk == published.pk


def test_every_transition_is_in_the_journal(published):
    opened(1, 2, 3)
    through("review", "minutes", "confirm")

    kinds = list(Entry.objects.filter(kind__startswith="flows.").order_by("pk").values_list("kind", flat=True))
    assert kinds.count("flows.cases_opened") == 1, "a set-based command is one line"
    assert kinds.count("flows.task_done") == 7
    assert kinds[-1] == "flows.case_closed"


def test_the_clock_stands_still_while_the_employee_is_on_protected_leave_and_for_nobody_else(published, people):
    opened(1, 2)
    people.leaves[1] = [date(2025, 10, 9), date(2025, 10, 10)]

    for _again in range(2):
        services.sweep(at=datetime(2025, 10, 9, 7, 0, tzinfo=SHANGHAI), **WHO)

    assert (the_case(1).due_on, the_case(2).due_on) == (date(2025, 10, 13), date(2025, 10, 10))  # Saturday 11th is worked
    assert {task.due_on for task in open_tasks(1).values()} == {date(2025, 10, 13)}
    assert Entry.objects.filter(kind="flows.deadlines_moved").count() == 1


def test_a_day_off_more_moves_deadlines_and_a_day_off_less_does_not(published):
    opened(1)

    change_days([DayRow(date(2025, 10, 9), is_work=False)], at=FRIDAY, actor="test", reason="台风")
    recount(subjects=None, at=FRIDAY, **WHO)
    assert the_case().due_on == date(2025, 10, 11)

    change_days([DayRow(date(2025, 10, 9), is_work=True)], at=FRIDAY, actor="test", reason="取消")
    recount(subjects=None, at=FRIDAY, **WHO)
    assert the_case().due_on == date(2025, 10, 11)


def test_a_red_light_calls_the_director_into_a_case_that_was_past_that_step(published):
    opened(1)
    through("review", "minutes")
    assert the_case().step == "confirm"

    opened(1, light="red")

    assert set(open_tasks()) == {("director", "do")}
    through("director", "confirm")
    assert Case.objects.get(subject_id=1).outcome == "closed"


def test_two_who_are_away_with_one_deputy_leave_the_deputy_one_part(published, people):
    opened(1)
    deputy = people.accounts["deputy"]
    people.deputies.update({people.accounts["supervisor"]: deputy, people.accounts["region_manager"]: deputy})

    services.settle(on=FRIDAY.date(), at=FRIDAY, actor="test")

    assert [task.assignee_id for task in open_tasks().values()].count(deputy) == 1
