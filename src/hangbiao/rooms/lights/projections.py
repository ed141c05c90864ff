"""Where each target will probably end (docs/rules/projection.md): from last year's curve, or at the pace of four weeks.

A person who works one territory for the whole period ends where the territory ends. Units are the sums of their
territories; their range is calibrated on sums, because errors of people partly cancel and those of a market do not.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

import numpy as np

from hangbiao.core.attainment import landing
from hangbiao.core.estimates.peers import Ints
from hangbiao.core.estimates.projection import Projection as Ends
from hangbiao.core.quantity import round_half_up_to_int
from hangbiao.rooms.lights.cards import Card, cards_on
from hangbiao.rooms.lights.history import History, history_of, projected
from hangbiao.rooms.lights.models import Projection, Run, UnitLight
from hangbiao.rooms.people.facts import organisation
from hangbiao.rooms.targets.selectors import headline

CURVE, PACE = "last_year", "landing"
BAR = Fraction(7, 10)
FOUR_WEEKS = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Outlook:
    """One end in minor units; without a calibrated range low, high and the probability are None."""

    method: str
    point: int
    low: int | None = None
    high: int | None = None
    p70: int | None = None


def write_projections(run: Run, facts: Mapping[str, Any]) -> None:
    """One row per target and unit of the headline metric that has something to project from; `facts` the run's inputs."""
    metric = headline()
    if metric is None:
        return
    territories = cards_on(facts, "territory", metric=metric.pk)
    cards = [*territories, *cards_on(facts, "person", metric=metric.pk)]
    history = history_of(run, metric.pk)
    of_territory = _of_territories(history, territories) if history else {}
    works = _works(run)
    base_of = {card.territory_id: (card.base, card.actual) for card in territories}
    before = _four_weeks_ago(run, facts, metric.pk)
    outlooks = {
        card.target_id: _of_target(card, works, of_territory, base_of)
        or _at_this_pace(card, before.get(card.target_id))
        for card in cards
    }
    rows = [*_targets(run, cards, outlooks), *_units(run, metric.pk, history, territories, outlooks)]
    Projection.objects.bulk_create(rows)


def _works(run: Run) -> dict[int, int]:
    """Person → territory on the run's day. The organisation keeps no record of what it said earlier, so the first
    projection of a run writes it down as one more input."""
    if run.works is None:
        run.works = {s.person: s.territory for s in organisation().spells if s.covers(run.as_of)}
        run.save(update_fields=["works"])
    return {int(person): territory for person, territory in run.works.items()}


def _of_territories(history: History, territories: Sequence[Card]) -> dict[int, Outlook]:
    targets = {card.territory_id: card.base for card in territories}
    peers = _regions(history.units, {t.territory_id: t.org_path for t in territories if t.territory_id})
    now, ends, _model = projected(history, peers)
    chance = ends.prob_at_least(np.array([float(BAR) * targets.get(u, 0) for u in history.units]))
    return {
        unit: _outlook(CURVE, float(ends.point[i]), float(ends.low[i]), float(ends.high[i]), float(chance[i]))
        for i, unit in enumerate(history.units)
        if np.isfinite(ends.point[i]) and now.prior[i] > 0
    }


def _regions(units: Sequence[int], paths: Mapping[int, str]) -> Ints:
    names = ["/".join(paths.get(u, "").split("/")[:3]) for u in units]
    return np.asarray(np.unique(names, return_inverse=True)[1], dtype=np.int64)


def _outlook(method: str, point: float, low: float, high: float, chance: float) -> Outlook:
    known = math.isfinite(low) and math.isfinite(high)
    return Outlook(
        method,
        _money(point),
        _money(low) if known else None,
        _money(high) if known else None,
        _money(chance * 1000) if known and math.isfinite(chance) else None,
    )


def _money(estimate: float) -> int:
    """The named rounding by which an estimate becomes whole minor units."""
    return round_half_up_to_int(Fraction(estimate))


def _of_target(
    card: Card,
    works: Mapping[int, int],
    of_territory: Mapping[int, Outlook],
    base_of: Mapping[int | None, tuple[int, int]],
) -> Outlook | None:
    """A territory's own outlook, and that of a person whose numbers are the territory's."""
    if card.territory_id:
        return of_territory.get(card.territory_id)
    territory = works.get(card.person_id or 0, 0)
    same = base_of.get(territory) == (card.base, card.actual)
    return of_territory.get(territory) if same else None


def _targets(run: Run, cards: Sequence[Card], outlooks: Mapping[int, Outlook | None]) -> Iterator[Projection]:
    for card in cards:
        if outlook := outlooks[card.target_id]:
            yield Projection(
                run=run, target_id=card.target_id, metric_id=card.metric_id, person_id=card.person_id,
                org_path=card.org_path, method=outlook.method, point=outlook.point, low=outlook.low,
                high=outlook.high, p70_permille=outlook.p70,
            )  # fmt: skip


def _at_this_pace(card: Card, before: Card | None) -> Outlook | None:
    """Without last year's curve: what is left of the plan at the pace of the last four weeks; before there are four, or
    where nothing was planned in them, at the pace so far (docs/rules/attainment.md)."""
    if card.plan <= 0:
        return None
    sold, planned = Fraction(card.actual), card.plan
    if before and before.plan < card.plan:
        sold, planned = sold - before.actual, planned - before.plan
    end = landing(card.actual, card.base, card.plan, max(sold / planned, Fraction(0)))
    return Outlook(PACE, round_half_up_to_int(end))


def _four_weeks_ago(run: Run, facts: Mapping[str, Any], metric: int) -> dict[int, Card]:
    """Target → its card four weeks before the run's day; nothing in the first four."""
    cut = run.as_of - FOUR_WEEKS
    if cut < run.period.start:
        return {}
    both = (cards_on(facts, book, metric=metric, on=cut) for book in ("territory", "person"))
    return {card.target_id: card for cards in both for card in cards}


def _units(
    run: Run,
    metric: int,
    history: History | None,
    territories: Sequence[Card],
    outlooks: Mapping[int, Outlook | None],
) -> Iterator[Projection]:
    """Sums of the territories' points, with the range that sums of this size have had."""
    points: dict[str, list[int]] = defaultdict(list)
    for card in territories:
        if outlook := outlooks[card.target_id]:
            points[card.org_path].append(outlook.point)
    units = UnitLight.objects.filter(run=run, metric_id=metric).order_by("org_path")
    for depth in {u.org_path.count("/") for u in units}:
        level = [u for u in units if u.org_path.count("/") == depth]
        widths = _widths(history, territories, depth) if history else {}
        for unit in level:
            below = [point for path, some in points.items() if path.startswith(unit.org_path) for point in some]
            if below:
                yield _unit(run, unit, sum(below), widths.get(unit.org_path, math.nan))


def _unit(run: Run, unit: UnitLight, point: int, width: float) -> Projection:
    left = np.array([float(max(point - unit.actual, 0))])
    ends = Ends(np.array([float(unit.actual)]), left, np.array([width]))
    chance = ends.prob_at_least(np.array([float(BAR * unit.base)]))
    method = CURVE if math.isfinite(width) else PACE
    outlook = _outlook(method, point, float(ends.low[0]), float(ends.high[0]), float(chance[0]))
    return Projection(
        run=run, target=None, metric_id=unit.metric_id, org_path=unit.org_path, method=method,
        point=point, low=outlook.low, high=outlook.high, p70_permille=outlook.p70,
    )  # fmt: skip


def _widths(history: History, territories: Sequence[Card], depth: int) -> dict[str, float]:
    """Unit path → half-width of the 80 % range of its log remainder, learnt on sums of the same level."""
    paths = {t.territory_id: "/".join(t.org_path.split("/")[:depth]) + "/" for t in territories}
    names, groups = np.unique([paths.get(u, "") for u in history.units], return_inverse=True)
    sums = history.summed(np.asarray(groups, dtype=np.int64))
    _now, ends, model = projected(sums, np.zeros(len(names), dtype=np.int64))
    return {str(name): float(ends.half_width[i]) for i, name in enumerate(names)} if model else {}
