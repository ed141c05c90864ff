"""What the desk does upon others' events: it writes notices in the house. Messages to phones come with the message engine."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from hangbiao.engines.flows import selectors as flows
from hangbiao.engines.flows.events import TasksEscalated, TasksGiven, TasksReminded
from hangbiao.rooms.desk.models import Notice
from hangbiao.rooms.desk.services import write_notices
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.lights.events import LightFlipped
from hangbiao.rooms.people.directory import accounts_of, accounts_over, names_of
from hangbiao.rooms.people.events import DeputyChanged
from hangbiao.rooms.reviews.selectors import reviews_in
from hangbiao.rooms.targets.selectors import headline

TOLD = ("red", "yellow", "green")


def tell_whose_light_flipped(event: LightFlipped, *, at: datetime, actor: str) -> None:  # noqa: ARG001 - the bus gives it
    """Everybody hears of their own light, and everybody who looks after units how many changed there: one notice each."""
    metric = headline()
    if metric is None or not event.flips:
        return
    run = lights.run_numbered(event.run)
    flips = [flip for flip in lights.flips_of(run.pk, metric.pk) if flip[3] in TOLD]
    day = run.as_of.isoformat()
    accounts = accounts_of(person for _path, person, _before, _after in flips)
    own = [
        Notice(account_id=accounts[person], key=f"light:{run.pk}:{person}", kind="light.own_flipped", href="/me/", at=at,
               facts={"day": day, "light": after, "before": before})
        for _path, person, before, after in flips
        if person in accounts
    ]  # fmt: skip
    write_notices([*own, *_for_managers(run, flips, day, at)])


def tell_who_stands_in(event: DeputyChanged, *, at: datetime, actor: str) -> None:  # noqa: ARG001 - the bus gives it
    """Both hear of it, whoever named it."""
    accounts, names = accounts_of([event.principal, event.deputy]), names_of([event.principal, event.deputy])
    days = {"from": event.first.isoformat(), "to": event.last.isoformat()}
    who = {"principal": names[event.principal], "deputy": names[event.deputy]}
    kind = "deputy.ended" if event.ended else "deputy.named"
    key = f"{kind}:{event.number}:{event.last.isoformat()}:{at.timestamp():.0f}"
    write_notices(
        Notice(account_id=account, key=key, kind=kind, href="/deputies/", at=at,
               facts={**who, **days, "you": "deputy" if person == event.deputy else "principal"})
        for person, account in accounts.items()
    )  # fmt: skip


def _for_managers(run: Any, flips: list[tuple[str, int, str, str]], day: str, at: datetime) -> list[Notice]:
    below: dict[str, Counter[str]] = {}
    for path, _person, _before, after in flips:
        steps = path.strip("/").split("/")
        for n in range(len(steps)):
            below.setdefault("/" + "/".join(steps[: n + 1]) + "/", Counter())[after] += 1
    places: dict[int, set[str]] = {}
    for account, path in accounts_over(run.as_of):
        places.setdefault(account, set()).add(path)
    counts = {account: _counted(below, paths) for account, paths in places.items()}
    return [
        Notice(account_id=account, key=f"lights:{run.pk}", kind="light.people_flipped", href="/board/?view=people", at=at,
               facts={"day": day, **{light: count[light] for light in TOLD}})
        for account, count in counts.items()
        if count.total()
    ]  # fmt: skip


def _counted(below: dict[str, Counter[str]], paths: set[str]) -> Counter[str]:
    """The sum over somebody's units, a unit inside another of them not counted twice."""
    outer = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    return sum((below.get(path, Counter()) for path in outer), Counter())


def tell_of_tasks(event: TasksGiven, *, at: datetime, actor: str) -> None:  # noqa: ARG001 - the bus gives it
    """Whoever has something new to do hears of it once, however many tasks it is."""
    tasks = flows.tasks_numbered(event.tasks)
    write_notices(_of_tasks("tasks.given", _by_account((task.assignee_id, task) for task in tasks), at))


def remind_of_tasks(event: TasksReminded, *, at: datetime, actor: str) -> None:  # noqa: ARG001
    """Whoever has still not done it."""
    tasks = flows.tasks_numbered(event.tasks)
    write_notices(_of_tasks("tasks.reminded", _by_account((task.assignee_id, task) for task in tasks), at))


def tell_of_late_tasks(event: TasksEscalated, *, at: datetime, actor: str) -> None:  # noqa: ARG001
    """The next manager, and whoever the flow keeps in copy."""
    tasks = flows.tasks_numbered(event.tasks)
    told = _by_account((task.escalated_to_id, task) for task in tasks)
    for account, subjects in flows.copied_to(tasks, at.date()).items():
        known = {task.pk for task in told.get(account, ())}
        also = [task for task in tasks if task.subject_id in subjects and task.pk not in known]
        told.setdefault(account, []).extend(also)
    write_notices(_of_tasks("tasks.late", told, at))


def _by_account(rows: Iterable[tuple[int | None, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for account, task in rows:
        if account is not None:
            found.setdefault(account, []).append(task)
    return found


def _of_tasks(kind: str, by_account: dict[int, list[Any]], at: datetime) -> list[Notice]:
    reviews = reviews_in([task.case_id for tasks in by_account.values() for task in tasks])
    made = []
    for account, tasks in by_account.items():
        cases = {task.case_id for task in tasks}
        one = reviews.get(next(iter(cases))) if len(cases) == 1 else None
        facts = {"n": len(cases), "due": min(task.due_on for task in tasks).isoformat()}
        key = f"{kind}:{at:%Y%m%d}:{min(task.pk for task in tasks)}"
        href = f"/reviews/{one.pk}/" if one else ("/reviews/" if kind == "tasks.late" else "/inbox/")
        made.append(Notice(account_id=account, key=key, kind=kind, href=href, at=at, facts=facts))
    return made
