"""What the desk does upon others' events: it writes notices in the house. Messages to phones come with the message engine."""

from collections import Counter
from datetime import datetime
from typing import Any

from hangbiao.rooms.desk.models import Notice
from hangbiao.rooms.desk.services import write_notices
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.lights.events import LightFlipped
from hangbiao.rooms.people.directory import accounts_of, accounts_over, names_of
from hangbiao.rooms.people.events import DeputyChanged
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
