"""What the desk does upon others' events: it tells people, in the house and by their channels."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from hangbiao.engines.flows import selectors as flows
from hangbiao.engines.flows.events import TasksDone, TasksEscalated, TasksGiven, TasksReminded
from hangbiao.engines.notify import services as messages
from hangbiao.engines.notify.clocks import zone
from hangbiao.engines.notify.events import ChannelStopped, MessageRead
from hangbiao.rooms.desk.models import Notice
from hangbiao.rooms.desk.services import News, mark_told_read, post_to_groups, write_notices
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.lights.events import LightFlipped
from hangbiao.rooms.lights.rules.selectors import told
from hangbiao.rooms.people.directory import accounts_of, accounts_over, names_of, regions
from hangbiao.rooms.people.events import DeputyChanged
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.selectors import holders_of
from hangbiao.rooms.reviews import response
from hangbiao.rooms.reviews.events import MeetingProposed
from hangbiao.rooms.targets.selectors import headline

TOLD = ("red", "yellow", "green")
LIT = ("red", "yellow")
# By default executives are told nothing: they look at the board.
BY_MESSAGE = {
    "supervisor": Role.SUPERVISOR, "region_manager": Role.REGION_MANAGER, "hrbp": Role.HRBP, "sales_director": Role.EXECUTIVE,
}  # fmt: skip
NAMED = 12  # names in one message; the others are counted


def tell_whose_light_flipped(event: LightFlipped, *, at: datetime, actor: str) -> None:  # noqa: ARG001 - the bus gives it
    """Everybody hears of their own light if it changed or is still yellow or red, and everybody who looks after units how
    it stands there: one notice each. Robots of groups get the sums."""
    metric = headline()
    if metric is None:
        return
    run = lights.run_numbered(event.run)
    flips = [flip for flip in lights.flips_of(run.pk, metric.pk) if flip[3] in TOLD]
    flipped = {person for _path, person, _before, _after in flips}
    judged = lights.judged(run.pk, metric.pk, LIT)
    hears = _who_hears(run, judged)
    lit = sorted((one.org_path, one.person_id or 0, one.light) for one in judged)
    still = [(path, person, light, light) for path, person, light in lit if person not in flipped]
    day = run.as_of.isoformat()
    write_notices([*_own(run, [*flips, *still], hears, day, at), *_for_managers(run, flips, lit, hears, day, at)])
    if lit:
        _tell_groups(run, lit, day, at)


def _who_hears(run: Any, judged: Iterable[Any]) -> dict[str, set[Any]]:
    """Party → the people (`employee`) or the units and all above them (managers) of whom it hears by message, as the rule that
    judged each light says."""
    found: dict[str, set[Any]] = {}
    for one in judged:
        steps = one.org_path.strip("/").split("/")
        above = {f"/{'/'.join(steps[: n + 1])}/" for n in range(len(steps))}
        for party in told(run.policy, one.rule_id):
            found.setdefault(party, set()).update({one.person_id} if party == "employee" else above)
    return found


def _own(
    run: Any, changes: list[tuple[str, int, str, str]], hears: dict[str, set[Any]], day: str, at: datetime
) -> list[News]:
    """Green is good to know and disturbs nobody: it stays in the house."""
    accounts = accounts_of(person for _path, person, _before, _after in changes)
    return [
        News(
            Notice(account_id=accounts[person], key=f"light:{run.pk}:{person}", kind="light.own_flipped", href="/me/", at=at,
                   facts={"day": day, "light": after, "before": before}),
            outside=after in LIT and person in hears.get("employee", ()),
        )
        for _path, person, before, after in changes
        if person in accounts
    ]  # fmt: skip


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


def _for_managers(
    run: Any, flips: list[tuple[str, int, str, str]], lit: list[tuple[str, int, str]], hears: dict[str, set[Any]],
    day: str, at: datetime,
) -> list[News]:
    """One digest for everybody who looks after units; it leaves the house where somebody is yellow or red."""
    changed, standing = _below((path, after) for path, _p, _b, after in flips), _below((p, light) for p, _person, light in lit)
    places: dict[int, set[str]] = {}
    for account, path in accounts_over(run.as_of):
        places.setdefault(account, set()).add(path)
    outside = {
        account
        for party, role in BY_MESSAGE.items()
        for account, path in accounts_over(run.as_of, (role,))
        if path in hears.get(party, ())
    }
    names = names_of(person for _path, person, _light in lit)
    found = []
    for account, paths in places.items():
        now, all_ = _counted(changed, paths), _counted(standing, paths)
        if not now.total() and not all_.total():
            continue
        facts = {"day": day, **{light: now[light] for light in TOLD}, **{f"all_{light}": all_[light] for light in LIT}}
        facts["names"] = [[names[person], light] for _path, person, light in _first(lit, paths)]
        notice = Notice(account_id=account, key=f"lights:{run.pk}", kind="light.people_flipped", at=at, facts=facts,
                        href="/board/?view=people")  # fmt: skip
        found.append(News(notice, outside=account in outside and all_.total() > 0))
    return found


def _first(lit: list[tuple[str, int, str]], paths: set[str]) -> list[tuple[str, int, str]]:
    """The first few in somebody's units, the red ones before the yellow ones. `lit` is in the order of its paths."""
    mine = {one for path in paths for one in lit[bisect_left(lit, (path,)) : bisect_left(lit, (path[:-1] + "0",))]}
    return sorted(mine, key=lambda one: (LIT.index(one[2]), one[0], one[1]))[:NAMED]


def _below(lights_: Iterable[tuple[str, str]]) -> dict[str, Counter[str]]:
    """Path → how many of which light, for the place itself and all above it."""
    below: dict[str, Counter[str]] = {}
    for path, light in lights_:
        steps = path.strip("/").split("/")
        for n in range(len(steps)):
            below.setdefault("/" + "/".join(steps[: n + 1]) + "/", Counter())[light] += 1
    return below


def _counted(below: dict[str, Counter[str]], paths: set[str]) -> Counter[str]:
    """The sum over somebody's units, a unit inside another of them not counted twice."""
    outer = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    return sum((below.get(path, Counter()) for path in outer), Counter())


def _tell_groups(run: Any, lit: list[tuple[str, int, str]], day: str, at: datetime) -> None:
    """Numbers by region: nobody's own result ever goes to a group."""
    below = _below((path, light) for path, _person, light in lit)
    by_region = [(unit.name, below[unit.path]) for unit in regions() if unit.path in below]
    total = Counter(light for _path, _person, light in lit)
    facts = {"day": day, "red": total["red"], "yellow": total["yellow"],
             "regions": [[name, count["red"], count["yellow"]] for name, count in by_region]}  # fmt: skip
    post_to_groups(key=f"lights:{run.pk}", kind="light.company", facts=facts, href="/board/", at=at)


def tell_administrators(event: ChannelStopped, *, at: datetime, actor: str) -> None:  # noqa: ARG001 - the bus gives it
    """Whoever can mend a channel hears that it has stopped, by the others."""
    facts = {"channel": event.channel, "trouble": event.trouble, "code": event.code}
    write_notices(
        Notice(account_id=person.account_id, key=f"channel:{event.channel}:{at:%Y%m%d%H%M}", kind="channel.stopped", at=at,
               facts=facts, href="/studio/messages/")
        for person in holders_of(Role.ADMINISTRATOR, at.astimezone(zone()).date())
        if person.account_id is not None
    )  # fmt: skip


def notices_were_read(event: MessageRead, *, at: datetime, actor: str) -> None:  # noqa: ARG001 - the bus gives it
    """Read there is read here."""
    if event.account is not None:
        mark_told_read(account=event.account, keys=event.keys, at=at)


def close_todos(event: TasksDone, *, at: datetime, actor: str) -> None:  # noqa: ARG001 - the bus gives it
    """Done here is done in people's lists elsewhere."""
    messages.finish(about=[_todo(task) for task in event.tasks])


def _todo(task: int) -> str:
    return f"task:{task}"


def tell_of_tasks(event: TasksGiven, *, at: datetime, actor: str) -> None:  # noqa: ARG001 - the bus gives it
    """Whoever has something new to do hears of it once, however many tasks it is."""
    tasks = flows.tasks_numbered(event.tasks)
    messages.hand_over(owners={_todo(task.pk): task.assignee_id for task in tasks if task.assignee_id})
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


def tell_of_meeting(event: MeetingProposed, *, at: datetime, actor: str) -> None:  # noqa: ARG001 - the bus gives it
    """Everybody who has a part in the review; the calendar file lies behind the link."""
    facts = {"at": event.starts_at.isoformat(), "again": event.number > 0}
    key, href = f"meeting:{event.review}:{event.number}", f"/reviews/{event.review}/#meeting"
    write_notices(
        Notice(account_id=account, key=key, kind="meeting.proposed", href=href, at=at, facts=facts)
        for account in flows.accounts_in(event.case)
    )


def _by_account(rows: Iterable[tuple[int | None, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for account, task in rows:
        if account is not None:
            found.setdefault(account, []).append(task)
    return found


def _of_tasks(kind: str, by_account: dict[int, list[Any]], at: datetime) -> list[News]:
    """What is late is for others to follow up: nothing that they could tick off."""
    names = names_of({task.subject_id for tasks in by_account.values() for task in tasks})
    made = []
    for account, tasks in by_account.items():
        cases = {task.case_id: task.subject_id for task in tasks}
        alone = tasks[0] if len(cases) == 1 and tasks[0].flow == response.FLOW else None
        due = min(task.due_on for task in tasks)
        facts = {"n": len(cases), "due": due.isoformat(), "who": [names[who] for who in list(cases.values())[:NAMED]]}
        key = f"{kind}:{at:%Y%m%d}:{min(task.pk for task in tasks)}"
        href = f"/inbox/case/{alone.case_id}/" if alone else ("/reviews/" if kind == "tasks.late" else "/inbox/")
        todo = kind == "tasks.given"
        made.append(
            News(
                Notice(account_id=account, key=key, kind=kind, href=href, at=at, facts=facts), due if todo else None,
                [_todo(task.pk) for task in tasks] if todo else (),
            )
        )  # fmt: skip
    return made
