"""From territory targets to what each person answers for (docs/rules/phasing.md): days worked, leave and transfer counted."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from hangbiao.core.deadlines import WorkCalendar
from hangbiao.core.errors import RuleError
from hangbiao.core.phasing import Liability, Part
from hangbiao.core.quantity import round_half_up_to_int
from hangbiao.rooms.calendar.facts import OpenPeriod
from hangbiao.rooms.people.facts import Organisation, Spell
from hangbiao.rooms.targets.models import Version


@dataclass(frozen=True, slots=True)
class PersonDraft:
    metric: int
    person: int
    org_path: str
    base: int
    stretch: int | None
    liability: Liability
    active_days: int
    reason: str


def person_drafts(
    period: OpenPeriod,
    versions: Mapping[tuple[int, int], Version],
    organisation: Organisation,
    calendar: WorkCalendar,
) -> Iterator[PersonDraft]:
    """One draft per person and metric that has at least one working day of liability in the period."""
    spells: dict[int, list[tuple[Spell, date, date]]] = defaultdict(list)
    for spell in organisation.spells:
        _joined, left = organisation.employed.get(spell.person, (None, None))
        first = max(spell.first, period.start)
        last = min(d for d in (spell.last, left, period.end) if d)
        if first <= last:
            spells[spell.person].append((spell, first, last))
    by_metric: dict[int, dict[int, Version]] = defaultdict(dict)
    for (metric, territory), version in versions.items():
        by_metric[metric][territory] = version
    for metric, of_territory in by_metric.items():
        for person, worked in spells.items():
            mine = [
                (of_territory[s.territory], first, last)
                for s, first, last in worked
                if s.territory in of_territory
            ]
            leave = organisation.protected_leave.get(person, ())
            draft = _draft(period, metric, person, mine, leave, calendar, organisation)
            if draft:
                yield draft


def _draft(
    period: OpenPeriod,
    metric: int,
    person: int,
    worked: Sequence[tuple[Version, date, date]],
    leave: tuple[tuple[date, date], ...],
    calendar: WorkCalendar,
    organisation: Organisation,
) -> PersonDraft | None:
    if not worked:
        return None
    leave = tuple(
        (max(a, period.start), min(b, period.end)) for a, b in leave if a <= period.end and b >= period.start
    )
    path = organisation.path_of(person, worked[-1][2])
    version, first, last = worked[0]
    if len(worked) == 1 and not leave and (first, last) == (period.start, period.end):
        whole = shape_of(version)
        return PersonDraft(
            metric, person, path, version.base, version.stretch, whole, version.period_days, ""
        )
    bases, stretches = [], []
    for version, first, last in worked:
        part = shape_of(version).parts[0]
        mine = replace(part, target=version.base, active=((first, last),), excluded=leave)
        bases.append(mine)
        stretches.append(replace(mine, target=version.base if version.stretch is None else version.stretch))
    try:
        liability = Liability(tuple(bases))
        base = round_half_up_to_int(liability.total(calendar))
        stretch = round_half_up_to_int(Liability(tuple(stretches)).total(calendar))
        if not base:
            liability.curve(calendar)  # days to answer for, or EmptyPlan
    except RuleError:
        return None
    has_stretch = any(v.stretch is not None for v, _f, _l in worked)
    days = _active_days(bases, leave, calendar)
    reason = _why(period, worked, leave)
    return PersonDraft(
        metric, person, path, base, max(stretch, base) if has_stretch else None, liability, days, reason
    )


@lru_cache(maxsize=4096)
def _shape(_digest: str, text: str) -> Liability:
    return Liability.from_json(json.loads(text))


def shape_of(version: Version) -> Liability:
    """The version's phasing as a value; thousands of versions share a few shapes."""
    return _shape(version.spec.digest, json.dumps(version.spec.spec))


def _active_days(parts: Sequence[Part], leave: Sequence[tuple[date, date]], calendar: WorkCalendar) -> int:
    days: set[date] = set()
    for part in parts:
        for first, last in part.active:
            days.update(calendar.working_days(first, last))
    return len([d for d in days if not any(a <= d <= b for a, b in leave)])


def _why(
    period: OpenPeriod, worked: Sequence[tuple[Version, date, date]], leave: Sequence[tuple[date, date]]
) -> str:
    said = []
    first, last = min(f for _v, f, _l in worked), max(end for _v, _f, end in worked)
    if first > period.start:
        said.append(_("%(day)s 起到岗") % {"day": first.isoformat()})
    if last < period.end:
        said.append(_("%(day)s 离岗") % {"day": last.isoformat()})
    if len(worked) > 1:
        said.append(_("期间负责 %(n)s 个片区") % {"n": len(worked)})
    said += [_("保护性休假 %(a)s 至 %(b)s") % {"a": a.isoformat(), "b": b.isoformat()} for a, b in leave]
    return "；".join(said)[:200]
