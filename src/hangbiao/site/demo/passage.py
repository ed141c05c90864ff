"""Let the demo company live until an instant: import what arrives, fix what falls due, in the order of time.

Everything goes through the ordinary importer and the ordinary evaluation. A stamp is written after each arrival, so
that an interrupted run goes on where it stopped.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from hangbiao.engines.policy.services import set_value
from hangbiao.rooms.actuals.services import import_folder
from hangbiao.rooms.calendar.selectors import checkpoints_of, period_on, periods_until
from hangbiao.rooms.calendar.services import ensure_periods
from hangbiao.rooms.lights.selectors import official_days
from hangbiao.rooms.lights.services import ensure_projected, evaluate, project
from hangbiao.site import clock
from hangbiao.site.demo.days import quarters
from hangbiao.site.demo.schedule import BEGINNING, files_until

ACTOR = "system:demo"
CURRENT = quarters()[-1].code
PACK = Path(__file__).parents[2] / "packs" / "fmcg_sales"
START = datetime(2026, 11, 26, 9, 0, tzinfo=clock.ZONE)
REVIEWS_FROM = date(2026, 11, 25)
END = datetime(2027, 1, 1, 9, 30, tzinfo=clock.ZONE)

Progress = Callable[[str, int, int], None]


def live_until(folder: Path, at: datetime, progress: Progress) -> None:
    """Import every file that has arrived by `at` and not yet, light every checkpoint on the way, preview the present.

    `progress(what, done, of)` is told after each arrival. Moving back in time is refused by the caller: what is known
    stays known.
    """
    stamp = folder.parent / "lived"
    since = datetime.fromisoformat(stamp.read_text()) if stamp.exists() else None
    if since is None:
        _begin()
    arrivals = [
        (when, [p for _w, p in files])
        for when, files in groupby(files_until(folder, at, after=since), lambda a: a[0])
    ]
    steps = sorted(
        [*arrivals, *((when, []) for when in _checkpoint_mornings(at) if since is None or when > since)],
        key=lambda s: s[0],
    )
    for done, (when, paths) in enumerate(steps, start=1):
        clock.set_demo(when)
        if paths:
            import_folder(PACK, folder, at=when, actor=ACTOR, only={p.name for p in paths})
        _fix_what_fell_due(when)
        stamp.write_text(when.isoformat())
        progress(f"{when:%Y-%m-%d}", done, len(steps))
    clock.set_demo(at)
    yesterday = clock.today() - timedelta(days=1)
    project(evaluate(as_of=yesterday, at=at, actor=ACTOR, kind="preview"))
    stamp.write_text(at.isoformat())


def _begin() -> None:
    clock.set_demo(BEGINNING)
    ensure_periods(first=BEGINNING.date(), last=END.date(), at=BEGINNING, actor=ACTOR)
    set_value(
        key="reviews.begin_on", value=REVIEWS_FROM.isoformat(), valid_from=BEGINNING.date(), at=BEGINNING, actor=ACTOR,
        source="Before this day nobody of the demo company was there to hold a review.", approver="demo",
    )  # fmt: skip
    for key, value in (("begin_on", START.date().isoformat()), ("ids_by_code", ["wecom", "dingtalk", "feishu"])):
        set_value(
            key=f"messages.{key}", value=value, valid_from=BEGINNING.date(), at=BEGINNING, actor=ACTOR, approver="demo",
            source="Before this day nobody of the demo company was there to read a message.",
        )  # fmt: skip


def _checkpoint_mornings(at: datetime) -> Iterator[datetime]:
    """When the lights of a checkpoint are fixed: 09:30 on the next day, after the morning's files."""
    for period in periods_until(at.date()):
        for day in _official_days(period.code, checkpoints_of(period)):
            morning = datetime(day.year, day.month, day.day, 9, 30, tzinfo=clock.ZONE) + timedelta(days=1)
            if morning <= at or (morning.date() == at.date()):
                yield min(morning, at)


def _official_days(code: str, days: list[date]) -> list[date]:
    """Before the current quarter files came by the month, so that only a quarter's last day could be judged."""
    return days if code == CURRENT else days[-1:]


def _fix_what_fell_due(when: datetime) -> None:
    """Write the official lights of every checkpoint whose morning has come."""
    local = when.astimezone(clock.ZONE)
    for period in periods_until(local.date()):
        done = official_days(period.pk)
        for day in _official_days(period.code, checkpoints_of(period)):
            morning = datetime(day.year, day.month, day.day, 9, 0, tzinfo=clock.ZONE) + timedelta(days=1)
            if day not in done and morning <= local:
                ensure_projected(evaluate(as_of=day, at=when, actor=ACTOR, kind="checkpoint"))


def next_checkpoint_morning(at: datetime) -> datetime:
    """09:30 on the day after the next checkpoint of the current period."""
    today = at.astimezone(clock.ZONE).date()
    period = period_on(today)
    days = [d for d in (checkpoints_of(period) if period else []) if d >= today]
    return clock.next_morning(at, (days[0] - today).days + 1 if days else 1)
