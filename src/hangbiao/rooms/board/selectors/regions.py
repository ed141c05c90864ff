"""The board by region (or by team inside one region)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hangbiao.engines.pages.lamps import ORDER, Lamp, Share
from hangbiao.engines.pages.trend import Trend
from hangbiao.rooms.actuals import series as facts
from hangbiao.rooms.board.figures import Figures, of_unit, together
from hangbiao.rooms.board.filters import Filters
from hangbiao.rooms.board.selectors.setting import Ground, Setting
from hangbiao.rooms.board.tiles import Tile, tiles_of
from hangbiao.rooms.board.viewer import Viewer
from hangbiao.rooms.board.weekly import Series, days_needed, end_of, rates, trend_of
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.people import selectors as people

NOBODY = 1e6  # sorts behind everybody who has a plan


@dataclass(frozen=True, slots=True)
class Counts:
    """People per light, and the change since the checkpoint before."""

    red: int
    yellow: int
    green: int
    grey: int
    more_red: int | None = None
    more_yellow: int | None = None

    @property
    def people(self) -> int:
        return self.red + self.yellow + self.green + self.grey


@dataclass(frozen=True, slots=True)
class Row:
    """One region or team."""

    unit: Any
    manager: str
    light: Any
    figures: Figures
    rates: Sequence[float]
    lamps: Sequence[Lamp]
    shares: Sequence[Share]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page except the list of people."""

    ground: Ground
    figures: Figures
    counts: Counts
    worst: Sequence[Row]
    rows: Sequence[Row]
    tiles: Sequence[Tile]
    trend: Trend | None
    original: Fraction | None
    vacancies: Sequence[Any]


def board_of(
    viewer: Viewer, setting: Setting, ground: Ground, filters: Filters, *, with_people: bool
) -> Board:
    """Read the board; `with_people` adds a lamp per person and the weeks of each row (the region view)."""
    found = _unit_lights(setting, ground)
    now, ends = found[setting.run.pk], _ends(setting, ground)
    top = together([of_unit(now[p], ends.get(p)) for p in ground.paths if p in now])
    weeks = _series(setting, ground)
    lamps = _lamps(setting, ground, filters) if with_people else {}
    managers = people.managers_on(viewer.on) if with_people else {}
    rows = [
        Row(
            unit=unit,
            manager=managers.get(unit.path, ""),
            light=now[unit.path],
            figures=of_unit(now[unit.path], ends.get(unit.path)),
            rates=rates(_sum(weeks, unit.path), setting.weeks, setting.today) if with_people else (),
            lamps=lamps.get(unit.path, ()),
            shares=_shares(setting, found, unit.path),
        )
        for unit in ground.rows
        if unit.path in now
    ]
    whole = Series()
    for one in weeks.values():
        _add(whole, one)
    return Board(
        ground=ground,
        figures=top,
        counts=_counts(setting, ground, found),
        worst=_most_red(rows),
        rows=_sorted([r for r in rows if _wanted(r, filters)], filters.sort),
        tiles=_tiles(setting, rows),
        trend=trend_of(whole, top, setting.weeks, setting.today, setting.metric.name),
        original=_original(top, [now[p] for p in ground.paths if p in now]),
        vacancies=people.vacancies(ground.paths, setting.today),
    )


def _original(top: Figures, lights_on_top: Sequence[Any]) -> Fraction | None:
    """ΣA over the targets as they were first agreed; None where no target was changed (docs/rules/attainment.md)."""
    first = sum(one.original_base for one in lights_on_top)
    return Fraction(top.actual, first) if first > 0 and first != top.base else None


def _unit_lights(setting: Setting, ground: Ground) -> dict[int, dict[str, Any]]:
    """Run → path → light, for the run on screen and the checkpoints up to it."""
    runs = {r.pk for r in setting.checkpoint_runs} | {setting.run.pk}
    paths = {u.path for u in ground.rows} | set(ground.paths)
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for light in lights.unit_lights(runs, setting.metric.pk, paths):
        found[light.run_id][light.org_path] = light
    return found


def _ends(setting: Setting, ground: Ground) -> dict[str, Any]:
    paths = {u.path for u in ground.rows} | set(ground.paths)
    return lights.unit_projections(setting.run.pk, setting.metric.pk, paths)


def _series(setting: Setting, ground: Ground) -> dict[str, Series]:
    """Path of a row → its weeks; what lies in no row stands under its own path."""
    found: dict[str, Series] = defaultdict(Series)
    rows = [u.path for u in ground.rows]
    days = days_needed(setting.period.start, setting.weeks, setting.today)
    arguments = (setting.period.pk, setting.metric.pk, ground.paths)
    start, today = setting.period.start, setting.today
    for path, week, value in facts.weekly_of_units(*arguments, start, today):
        found[_row_of(path, rows)].add_actual(end_of(week, start, today), value)
    for path, day, plan in facts.plan_of_units(*arguments, days, setting.run.calendar_version):
        found[_row_of(path, rows)].add_plan(day, plan)
    return found


def _row_of(path: str, rows: Sequence[str]) -> str:
    return next((r for r in rows if path.startswith(r)), path)


def _sum(weeks: dict[str, Series], path: str) -> Series:
    return weeks.get(path) or Series()


def _add(whole: Series, one: Series) -> None:
    for day, value in one.actual.items():
        whole.add_actual(day, value)
    for day, plan in one.plan.items():
        whole.add_plan(day, plan)


def _lamps(setting: Setting, ground: Ground, filters: Filters) -> dict[str, list[Lamp]]:
    """A lamp per person, worst first: by light, then by pace."""
    rows = [u.path for u in ground.rows]
    found: dict[str, list[tuple[int, float, Lamp]]] = defaultdict(list)
    for path, light, code, name, done, planned in lights.lamp_rows(
        setting.run.pk, setting.metric.pk, ground.paths
    ):
        pace = done / planned if planned > 0 else NOBODY
        note = f"{(200 * done + planned) // (2 * planned)}%" if planned > 0 else ""
        found[_row_of(path, rows)].append((ORDER[light], pace, Lamp(filters.person(code), name, light, note)))
    return {path: [m[2] for m in sorted(members, key=lambda m: m[:2])] for path, members in found.items()}


def _shares(setting: Setting, found: dict[int, dict[str, Any]], path: str) -> list[Share]:
    columns = []
    for run in setting.checkpoint_runs:
        light = found[run.pk].get(path)
        if light is not None:
            columns.append(Share(setting.label_of(run.as_of), light.people, light.red, light.yellow))
    return columns


def _counts(setting: Setting, ground: Ground, found: dict[int, dict[str, Any]]) -> Counts:
    def total(run: int, light: str) -> int:
        return sum(getattr(found[run][p], light) for p in ground.paths if p in found[run])

    now = {light: total(setting.run.pk, light) for light in ("red", "yellow", "green", "grey")}
    before = setting.before
    if before is None:
        return Counts(**now)
    return Counts(
        **now,
        more_red=now["red"] - total(before.pk, "red"),
        more_yellow=now["yellow"] - total(before.pk, "yellow"),
    )


def _most_red(rows: Sequence[Row]) -> list[Row]:
    return sorted((r for r in rows if r.light.red), key=lambda r: -r.light.red)[:3]


def _wanted(row: Row, filters: Filters) -> bool:
    """A row stays if its province fits, if it has somebody under the asked light and somebody of the asked name."""
    if filters.province and row.unit.province != filters.province:
        return False
    if filters.light and not getattr(row.light, filters.light):
        return False
    wanted = filters.q.casefold()
    names = (row.unit.name, row.unit.name_en, row.manager, *(m.name for m in row.lamps))
    return not wanted or any(wanted in name.casefold() for name in names)


def _sorted(rows: Sequence[Row], sort: str) -> list[Row]:
    if sort == "name":
        return sorted(rows, key=lambda r: r.unit.path)
    if sort == "forecast":
        return sorted(rows, key=lambda r: (r.figures.end is None, r.figures.end or 0))
    return sorted(rows, key=lambda r: (r.figures.gap is None, r.figures.gap or 0))


def _tiles(setting: Setting, rows: Sequence[Row]) -> list[Tile]:
    """Provinces from their regions: ΣA / ΣP, lit by the borders that the run used."""
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.unit.kind == "region" and row.unit.province:
            parts[row.unit.province].append(row)
    if len(parts) <= 1:
        return []
    return tiles_of(
        {p: (_light_of(setting, below), together([r.figures for r in below])) for p, below in parts.items()}
    )


def _light_of(setting: Setting, below: Sequence[Row]) -> str:
    """Grey where every region is grey; otherwise by the sum."""
    if all(r.light.light == "grey" for r in below):
        return "grey"
    figures = together([r.figures for r in below])
    ratio = figures.pace if setting.policy["light.basis"] == "pace" else figures.attained
    if ratio is None:
        return "grey"
    if ratio < Fraction(setting.policy["light.red_below"]):
        return "red"
    return "yellow" if ratio < Fraction(setting.policy["light.yellow_below"]) else "green"
