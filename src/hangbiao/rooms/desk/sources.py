"""What the rooms below have for the inbox, read through their selectors in the viewer's scope."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from hangbiao.core.deadlines import due as due_after
from hangbiao.core.errors import CalendarTooShort
from hangbiao.engines.pages.dates import day as said_day
from hangbiao.engines.pages.lamps import word
from hangbiao.engines.pages.numbers import listed, name_of
from hangbiao.engines.pages.waiting import Waiting
from hangbiao.engines.policy.selectors import policy_on
from hangbiao.engines.workdays.selectors import calendar
from hangbiao.rooms.actuals import selectors as actuals
from hangbiao.rooms.desk.looking import light_key, lights_looked_at, looked_at
from hangbiao.rooms.desk.parameters import KEYS
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.people.directory import regions
from hangbiao.rooms.people.roles import Role
from hangbiao.rooms.people.viewer import Viewer
from hangbiao.rooms.reviews.selectors import in_review
from hangbiao.rooms.targets.selectors import headline, metrics

ORDER = {"red": 0, "yellow": 1}
DATA_MATTERS = (Role.ADMINISTRATOR,)
BY_PERSON = (Role.SUPERVISOR, Role.REGION_MANAGER)
BY_REGION = (Role.HRBP, Role.EXECUTIVE)


def my_light(viewer: Viewer) -> Sequence[Waiting]:
    """A rep's own official light that is red or yellow and not yet looked at."""
    if viewer.role != Role.REP or viewer.person is None:
        return ()
    run, metric = lights.newest_official(), headline()
    if run is None or metric is None:
        return ()
    own = next((one for one in lights.of_person(run.pk, viewer.person.pk) if one.metric_id == metric.pk), None)
    key = light_key(run.pk, viewer.person.pk)
    if own is None or own.light not in ORDER or looked_at(viewer, [key]) or in_review([viewer.person.pk]):
        return ()
    title = _("你的灯：%(day)s 定为%(light)s") % {"day": said_day(run.as_of), "light": word(own.light)}
    said = _("看看差在哪里，接下来每周要做到多少。")
    return [Waiting(key, title, "/me/", run.at, said, _due(run.at, "inbox.light_workdays", viewer), own.light)]


def lights_of_my_people(viewer: Viewer) -> Sequence[Waiting]:
    """Official red and yellow lights that a manager has not looked at: by person, or for wide views by region."""
    if viewer.role not in (*BY_PERSON, *BY_REGION):
        return ()
    run, metric = lights.newest_official(), headline()
    if run is None or metric is None:
        return ()
    seen = lights_looked_at(viewer, run.pk)
    by = _due(run.at, "inbox.light_workdays", viewer)
    if viewer.role in BY_REGION:
        return _by_region(lights.troubled_counts(run.pk, metric.pk, viewer.paths, seen), run, by)
    rows = [row for row in lights.troubled(run.pk, metric.pk, viewer.paths) if row[1] not in seen]
    talked = in_review([row[1] for row in rows])  # their review waits instead
    fresh = [row for row in rows if row[1] not in talked]
    fresh.sort(key=lambda row: (ORDER[row[2]], row[3]))
    return [
        Waiting(
            light_key(run.pk, person), _("%(name)s：%(day)s 定为%(light)s") % {
                "name": name, "day": said_day(run.as_of), "light": word(light)},
            f"/people/{code}/", run.at, _("看原因，约一次谈话。"), by, light,
        )
        for _path, person, light, code, name in fresh
    ]  # fmt: skip


def _by_region(rows: Sequence[tuple[str, str, int]], run: Any, by: date) -> list[Waiting]:
    units = {unit.path: unit for unit in regions()}
    counts: dict[str, Counter[str]] = {}
    for path, light, number in rows:
        region = next((place for place in units if path.startswith(place)), "")
        counts.setdefault(region, Counter())[light] += number
    found = []
    for path, count in sorted(counts.items(), key=lambda item: (-item[1]["red"], -item[1]["yellow"], item[0])):
        unit = units.get(path)
        title = _("%(unit)s：%(lights)s，还没有看过") % {"unit": name_of(unit) if unit else "–", "lights": _counted(count)}
        href = f"/inbox/region/{unit.code}/" if unit else "/board/"
        light = "red" if count["red"] else "yellow"
        found.append(Waiting(f"region:{run.pk}:{path}", title, href, run.at, said_day(run.as_of), by, light))
    return found


def _counted(count: Counter[str]) -> str:
    """红灯 8 人、黄灯 3 人; a light that nobody has is not named."""
    parts = [_("红灯 %(n)s 人") % {"n": count["red"]}] * bool(count["red"])
    parts += [_("黄灯 %(n)s 人") % {"n": count["yellow"]}] * bool(count["yellow"])
    return listed(parts)


def refused_rows(viewer: Viewer) -> Sequence[Waiting]:
    """Batches with rows that were not booked or look booked twice, until somebody has looked at them."""
    if viewer.role not in DATA_MATTERS:
        return ()
    batches = actuals.batches_with_open_rows(viewer.at)
    seen = looked_at(viewer, [f"batch:{batch.pk}" for batch in batches])
    found = []
    for batch in batches:
        if f"batch:{batch.pk}" in seen:
            continue
        parts = [_("退回 %(n)s 行") % {"n": batch.quarantined}] * bool(batch.quarantined)
        parts += [_("疑似重复 %(n)s 组") % {"n": batch.suspected}] * bool(batch.suspected)
        title = f"{batch.file_name} · {listed(parts)}"
        by = _due(batch.recorded_at, "inbox.import_workdays", viewer)
        found.append(
            Waiting(f"batch:{batch.pk}", title, f"/inbox/batch/{batch.pk}/", batch.recorded_at, "", by, icon="file-text")
        )
    return found


def late_feeds(viewer: Viewer) -> Sequence[Waiting]:
    """Metrics whose data stop too early somewhere: the lights there turn grey until they arrive."""
    if viewer.role not in DATA_MATTERS:
        return ()
    oldest, found, known = actuals.late_before(viewer.on), [], metrics()
    reaches = actuals.data_as_of_all(metric.code for metric in known)
    for metric in known:
        reach = reaches[metric.code]
        late = [day for day in (_reached(place, reach) for place in reach) if day < oldest]
        if late:
            title = _("数据迟到：%(metric)s 停在 %(day)s") % {"metric": name_of(metric), "day": said_day(min(late))}
            said = _("影响 %(n)s 个区域，那里的灯会变灰。催一下数据来源。") % {"n": len(late)}
            key = f"feed:{metric.code}:{min(late)}"
            found.append(Waiting(key, title, "/inbox/", viewer.at, said, viewer.on, icon="clock"))
    return found


def _reached(place: str, reach: dict[str, date]) -> date:
    """A file of the whole company reaches every place in it."""
    return max(day for above, day in reach.items() if place.startswith(above))


def _due(since: datetime, key: str, viewer: Viewer) -> date:
    count = int(policy_on(KEYS, on=viewer.on, known_at=viewer.at)[key])
    zone = viewer.zone
    try:
        return due_after(since, count, calendar(start=since.astimezone(zone).date()), zone=zone).day
    except CalendarTooShort:
        return since.astimezone(zone).date()
