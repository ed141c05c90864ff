"""Cases by the ten thousand: opening them at once, the sweep when nothing is due, one action among them."""

import statistics
import time
from datetime import UTC, date, datetime, timedelta

from benchmarks.machine import backend_ms, cpu_of, say, scratch

CASES, REGIONS, TEAM = 10_000, 18, 9
AT = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
ROUNDS, ACTIONS = 5, 60


def figures(_long: bool) -> dict[str, float | None]:
    with scratch("flows"):
        subjects = _people()
        opened = [_open(subjects) for _ in range(ROUNDS)]
        say(f"10 000 cases with three tasks each: {', '.join(f'{s:.1f}' for s in opened)} CPU s")
        sweeps, acts = [_sweep() for _ in range(ROUNDS + 1)][1:], _acts()
        return {
            "open_10k_cases_cpu_s": round(statistics.median(opened), 2),
            "idle_sweep_ms_10k": round(statistics.median(sweeps), 1),
            "act_ms": round(statistics.median(acts), 1),
        }


def _people() -> list[object]:
    """Reps in teams with supervisors, regions with managers: every role of the flow is filled by somebody."""
    from hangbiao.engines.accounts.models import Account
    from hangbiao.engines.flows.services import Subject
    from hangbiao.engines.workdays.services import seed
    from hangbiao.rooms.people import services as people
    from hangbiao.rooms.people.models import Person, Post, Unit
    from hangbiao.rooms.reviews import response

    who = {"at": AT, "actor": "system:bench"}
    seed(through_year=2027, **who)
    company = people.ensure_company(name="bench", **who)
    begin = date(2026, 1, 1)
    teams = [
        Unit(code=f"T{n}", name=f"T{n}", kind="team", parent=company, path=f"/C/R{n % REGIONS}/T{n}/", valid_from=begin)
        for n in range(CASES // TEAM + 1)
    ]
    regions = [
        Unit(code=f"R{n}", name=f"R{n}", kind="region", parent=company, path=f"/C/R{n}/", valid_from=begin)
        for n in range(REGIONS)
    ]
    units = Unit.objects.bulk_create([*regions, *teams])
    heads = [*((unit, "region_manager" if unit.kind == "region" else "supervisor") for unit in units)]
    heads += [(company, "executive"), *((unit, "hrbp") for unit in units[:REGIONS])]
    posts = heads + [(units[REGIONS + n % len(teams)], "rep") for n in range(CASES)]
    accounts = Account.objects.bulk_create(Account(username=f"u{n}", name=f"u{n}") for n in range(len(posts)))
    persons = Person.objects.bulk_create(
        Person(code=f"P{n}", name=f"P{n}", account=account) for n, account in enumerate(accounts)
    )
    Post.objects.bulk_create(
        Post(person=person, unit=unit, role=role, valid_from=begin)
        for person, (unit, role) in zip(persons, posts, strict=True)
    )
    response.ensure_published(**who)
    reps = list(zip(persons, posts, strict=True))[len(heads) :]
    return [Subject(person.pk, unit.path, 2, {"highest_light": "red"}) for person, (unit, _role) in reps]


def _open(subjects: list[object]) -> float:
    """A fresh ten thousand; those before are closed first, outside the measure."""
    from hangbiao.engines.flows.models import Case, Task
    from hangbiao.engines.flows.services import open_cases
    from hangbiao.rooms.reviews import response
    from hangbiao.site import clock

    Task.objects.filter(state="open").update(state="void")
    Case.objects.filter(closed_at__isnull=True).update(closed_at=AT)

    def work() -> None:
        done = open_cases(
            flow=response.FLOW, subjects=subjects, triggered_at=AT, at=AT, actor="system:bench", zone=clock.ZONE
        )
        if len(done.opened) != CASES:
            raise RuntimeError(f"{len(done.opened)} cases were opened")

    spent = cpu_of(work)
    if Task.objects.filter(state="open").count() != 3 * CASES:
        raise RuntimeError("not three tasks for each case")
    return spent


def _ms(work: object) -> float:
    """CPU milliseconds of this process and of the database's session."""
    from django.db import connection

    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    before = time.process_time() * 1000 + backend_ms(pid)
    work()  # type: ignore[operator]
    return time.process_time() * 1000 + backend_ms(pid) - before


def _sweep() -> float:
    from hangbiao.engines.flows.services import sweep
    from hangbiao.site import clock

    return _ms(lambda: sweep(at=AT + timedelta(hours=1), actor="system:bench", zone=clock.ZONE))


def _acts() -> list[float]:
    """One party's part in each of some cases; the first few warm up."""
    from hangbiao.engines.flows.models import Task
    from hangbiao.engines.flows.services import act
    from hangbiao.site import clock

    tasks = list(Task.objects.filter(state="open", role="employee").order_by("pk")[:: CASES // ACTIONS])
    said = {"cause": "visits", "words": "十一月后两周少跑了三条线路，客户没有补货。", "need": ""}
    spent = [
        _ms(
            lambda task=task: act(
                task=task.pk, account=task.assignee_id, decision="done", answer=said, at=AT, actor="system:bench",
                zone=clock.ZONE,
            )
        )
        for task in tasks
    ]  # fmt: skip
    return spent[5:]
