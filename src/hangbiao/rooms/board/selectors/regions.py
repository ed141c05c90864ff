"""The board by region (or by team inside one region)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from hangbiao.engines.pages.lamps import ORDER, Lamp, Share
from hangbiao.engines.pages.numbers import name_of
from hangbiao.engines.pages.trend import Trend
from hangbiao.rooms.actuals import series as facts
from hangbiao.rooms.board.figures import Figures, of_unit, together
from hangbiao.rooms.board.filters import PAGE_ROWS, Filters
from hangbiao.rooms.board.remembered import remembered
from hangbiao.rooms.board.selectors.setting import Ground, Setting
from hangbiao.rooms.board.tiles import Tile, tiles_of
from hangbiao.rooms.board.viewer import Viewer
from hangbiao.rooms.board.weekly import Series, days_needed, end_of, rates, trend_of
from hangbiao.rooms.lights import selectors as lights
from hangbiao.rooms.lights.unassigned import summed, written_down
from hangbiao.rooms.people import selectors as people

NOBODY = 1e6  # sorts behind everybody who has a plan
NODES, NODES_A_ROW, NODES_A_LAMP = 1800, 34, 3  # what the rows may weigh of the 2,500 nodes of a page
NAMES_LOOKED_AT = 2_000


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
    """One region or team. `rates`, `lamps` and `shares` are there for the rows of the page only."""

    unit: Any
    manager: str
    light: Any
    figures: Figures
    rates: Sequence[float] = ()
    lamps: Sequence[Lamp] = ()
    shares: Sequence[Share] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page except the list of people. `rows` are one page of `fitting`, those that fit the filters."""

    ground: Ground
    figures: Figures
    counts: Counts
    worst: Sequence[Row]
    rows: Sequence[Row]
    fitting: Sequence[Row]
    units: int
    total: int
    page: int
    each_person: bool
    tiles: Sequence[Tile]
    trend: Trend | None
    original: Fraction | None
    vacancies: Sequence[Any]
    of_no_territory: int  # in no sum of a unit
    of_no_person: int  # in the sums of units, in nobody's own

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE_ROWS + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def before(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def after(self) -> int | None:
        return self.page + 1 if self.last < self.total else None


def board_of(viewer: Viewer, setting: Setting, ground: Ground, filters: Filters, *, with_rows: bool) -> Board:
    """Read the board; `with_rows` adds what only the view by unit shows."""
    now, ends = _lights_now(setting, ground), _ends(setting, ground)
    top = together([of_unit(now[p], ends.get(p)) for p in ground.paths if p in now])
    weeks = _series(viewer, setting, ground)
    managers = people.managers_of([u.path for u in ground.rows], viewer.on) if with_rows else {}
    rows = [
        Row(unit, _name(managers.get(unit.path)), now[unit.path], of_unit(now[unit.path], ends.get(unit.path)))
        for unit in ground.rows
        if unit.path in now
    ]
    fitting = _fitting(setting, rows, filters) if with_rows else _sorted(rows, filters.sort)
    page = min(filters.page, max(-(-len(fitting) // PAGE_ROWS), 1))
    shown = fitting[(page - 1) * PAGE_ROWS : page * PAGE_ROWS] if with_rows else []
    each_person = NODES_A_LAMP * sum(r.light.people for r in shown) + NODES_A_ROW * len(shown) <= NODES
    before = _lights_before(setting, ground, [r.unit.path for r in shown])
    lamps = _lamps(setting, [r.unit.path for r in shown], filters) if each_person and shown else {}
    whole = Series()
    for path in ground.paths:
        whole.add(weeks.get(path) or Series())
    return Board(
        ground=ground,
        figures=top,
        counts=_counts(setting, ground, now, before),
        worst=_most_red(rows),
        rows=[_filled(setting, row, weeks, lamps, now, before) for row in shown],
        fitting=fitting,
        units=len(rows),
        total=len(fitting),
        page=page,
        each_person=each_person,
        tiles=_tiles(setting, rows),
        trend=trend_of(whole, top, setting.weeks, setting.today, setting.metric.name),
        original=_original(top, [now[p] for p in ground.paths if p in now]),
        vacancies=people.vacancies(ground.paths, setting.today),
        of_no_territory=_unassigned(viewer, setting, ground, "territory"),
        of_no_person=_unassigned(viewer, setting, ground, "person"),
    )


def _name(manager: Any | None) -> str:
    return name_of(manager) if manager else ""


def _filled(
    setting: Setting,
    row: Row,
    weeks: dict[str, Series],
    lamps: dict[str, list[Lamp]],
    now: dict[str, Any],
    before: dict[int, dict[str, Any]],
) -> Row:
    path = row.unit.path
    return replace(
        row,
        rates=rates(weeks.get(path) or Series(), setting.weeks, setting.today),
        lamps=lamps.get(path, ()),
        shares=_shares(setting, before, now, path),
    )


def _unassigned(viewer: Viewer, setting: Setting, ground: Ground, book: str) -> int:
    """What lies in the units on top and counts for no holder in them, as far as the viewer sees."""
    whole = written_down(setting.run, book)
    seen = [row for row in whole if row.metric_id == setting.metric.pk and viewer.scope.covers(row.org_path)]
    return summed(seen, ground.paths)


def _original(top: Figures, lights_on_top: Sequence[Any]) -> Fraction | None:
    """ΣA over the targets as they were first agreed; None where no target was changed (docs/rules/attainment.md)."""
    first = sum(one.original_base for one in lights_on_top)
    return Fraction(top.actual, first) if first > 0 and first != top.base else None


def _lights_now(setting: Setting, ground: Ground) -> dict[str, Any]:
    """Path → light of every unit of the page, in the run on screen."""
    paths = {u.path for u in ground.rows} | set(ground.paths)
    return {one.org_path: one for one in lights.unit_lights([setting.run.pk], setting.metric.pk, paths)}


def _lights_before(setting: Setting, ground: Ground, shown: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Earlier checkpoint → path → light, of what stands on top and of the rows shown."""
    runs = [r.pk for r in setting.checkpoint_runs if r.pk != setting.run.pk]
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for one in lights.unit_lights(runs, setting.metric.pk, {*shown, *ground.paths}):
        found[one.run_id][one.org_path] = one
    return found


def _ends(setting: Setting, ground: Ground) -> dict[str, Any]:
    paths = {u.path for u in ground.rows} | set(ground.paths)
    return lights.unit_projections(setting.run.pk, setting.metric.pk, paths)


def _series(viewer: Viewer, setting: Setting, ground: Ground) -> dict[str, Series]:
    """Path → its weeks, of the rows and of the units on top. Kept as long as the run."""
    paths = tuple(sorted({u.path for u in ground.rows} | set(ground.paths)))
    key = ("series", setting.metric.pk, paths)
    return remembered(setting.run, viewer.scope, key, lambda: _read_series(setting, paths))


def _read_series(setting: Setting, paths: Sequence[str]) -> dict[str, Series]:
    found: dict[str, Series] = defaultdict(Series)
    days = days_needed(setting.period.start, setting.weeks, setting.today)
    arguments = (setting.period.pk, setting.metric.pk, paths)
    start, today = setting.period.start, setting.today
    for path, week, value in facts.weekly_of_units(*arguments, start, today):
        found[path].add_actual(end_of(week, start, today), value)
    for path, day, plan in facts.plan_of_units(*arguments, days, setting.run.calendar_version):
        found[path].add_plan(day, plan)
    return dict(found)


def _row_of(path: str, rows: set[str]) -> str:
    """The row that a path lies in: itself or the nearest above."""
    at = path
    while at not in rows:
        at = at[: at.rstrip("/").rfind("/") + 1]
        if len(at) <= 1:
            return path
    return at


def _lamps(setting: Setting, shown: Sequence[str], filters: Filters) -> dict[str, list[Lamp]]:
    """A lamp per person of the rows shown, worst first: by light, then by pace."""
    rows = set(shown)
    found: dict[str, list[tuple[int, float, Lamp]]] = defaultdict(list)
    for path, light, code, name, done, planned in lights.lamp_rows(setting.run.pk, setting.metric.pk, shown):
        pace = done / planned if planned > 0 else NOBODY
        note = f"{(200 * done + planned) // (2 * planned)}%" if planned > 0 else ""
        found[_row_of(path, rows)].append((ORDER[light], pace, Lamp(filters.person(code), name, light, note)))
    return {path: [m[2] for m in sorted(members, key=lambda m: (*m[:2], m[2].href))] for path, members in found.items()}


def _shares(
    setting: Setting, before: dict[int, dict[str, Any]], now: dict[str, Any], path: str
) -> list[Share]:
    columns = []
    for run in setting.checkpoint_runs:
        light = now.get(path) if run.pk == setting.run.pk else before[run.pk].get(path)
        if light is not None:
            columns.append(Share(setting.label_of(run.as_of), light.people, light.red, light.yellow))
    return columns


def _counts(
    setting: Setting, ground: Ground, now: dict[str, Any], before: dict[int, dict[str, Any]]
) -> Counts:
    def total(found: dict[str, Any], light: str) -> int:
        return sum(getattr(found[p], light) for p in ground.paths if p in found)

    counts = {light: total(now, light) for light in ("red", "yellow", "green", "grey")}
    if setting.before is None:
        return Counts(**counts)
    then = before[setting.before.pk]
    return Counts(
        **counts,
        more_red=counts["red"] - total(then, "red"),
        more_yellow=counts["yellow"] - total(then, "yellow"),
    )


def _most_red(rows: Sequence[Row]) -> list[Row]:
    return sorted((r for r in rows if r.light.red), key=lambda r: -r.light.red)[:3]


def _fitting(setting: Setting, rows: Sequence[Row], filters: Filters) -> list[Row]:
    """The rows that fit the filters, in the asked order."""
    named = _paths_of_people_named(setting, rows, filters)
    return _sorted([r for r in rows if _wanted(r, filters, named)], filters.sort)


def _paths_of_people_named(setting: Setting, rows: Sequence[Row], filters: Filters) -> set[str]:
    """The rows in which somebody of the asked name works."""
    if not filters.q:
        return set()
    paths = {r.unit.path for r in rows}
    found = lights.people_called(
        lights.person_lights(setting.run.pk, setting.metric.pk, list(paths)), filters.q
    )
    return {_row_of(path, paths) for path in found.values_list("org_path", flat=True)[:NAMES_LOOKED_AT]}


def _wanted(row: Row, filters: Filters, named: set[str]) -> bool:
    """A row stays if its province fits, if it has somebody under the asked light and somebody of the asked name."""
    if filters.province and row.unit.province != filters.province:
        return False
    if filters.light and not getattr(row.light, filters.light):
        return False
    wanted = filters.q.casefold()
    names = (row.unit.name, row.unit.name_en, row.manager)
    return not wanted or row.unit.path in named or any(wanted in name.casefold() for name in names)


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
