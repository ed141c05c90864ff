"""Read evaluations. Everything goes through the scoped managers: what the reader may not see is not counted either."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from hangbiao.engines.pages.numbers import is_chinese
from hangbiao.rooms.lights.models import Flip, Light, Projection, Run, UnitLight
from hangbiao.rooms.targets.selectors import targets_in, targets_of_person


def periods_with_runs(until: date) -> list[Any]:
    """The periods that have begun by `until` and were evaluated at least once, oldest first."""
    begun = Run.objects.filter(period__start__lte=until).order_by("period__start", "period_id")
    one_of_each = begun.distinct("period__start", "period_id").only("period").select_related("period")
    return [run.period for run in one_of_each]


def runs_of(period: int) -> list[Run]:
    """A period's evaluations, oldest first: its checkpoints and the newest preview."""
    return list(Run.objects.filter(period_id=period).select_related("period").order_by("as_of", "pk"))


def official_days(period: int) -> set[date]:
    """The days of a period whose official lights are fixed."""
    return set(Run.objects.filter(period_id=period, kind=Run.Kind.CHECKPOINT).values_list("as_of", flat=True))


def below_any(paths: Sequence[str]) -> Q:
    """The condition "in one of these units"."""
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(org_path__startswith=path)
    return wanted


def unit_lights(runs: Iterable[int], metric: int, paths: Iterable[str]) -> list[UnitLight]:
    """What the given runs say of the units with exactly these paths, oldest run first."""
    found = UnitLight.objects.filter(run__in=list(runs), metric_id=metric, org_path__in=list(paths))
    return list(found.order_by("run__as_of", "run_id"))


def person_lights(run: int, metric: int, paths: Sequence[str]) -> QuerySet[Light]:
    """The people's own lights below the given units."""
    lights = Light.objects.filter(below_any(paths), run_id=run, metric_id=metric)
    return lights.select_related("person")


def _name_read() -> F | Coalesce:
    """The person's name in the reader's language, as a column."""
    name = F("person__name")
    return name if is_chinese() else Coalesce(NullIf(F("person__name_en"), Value("")), name)


def lamp_rows(run: int, metric: int, paths: Sequence[str]) -> list[tuple[Any, ...]]:
    """(path, light, code, name, actual × den, base × num) of everybody: enough for a lamp and its order."""
    found = Light.objects.filter(below_any(paths), run_id=run, metric_id=metric).values_list(
        "org_path", "light", "person__code", _name_read(), "actual", "base", "plan_num", "plan_den"
    )
    return [(p, light, c, n, a * int(den), b * int(num)) for p, light, c, n, a, b, num, den in found]


def newest_lamps(metric: int) -> list[tuple[str, str, str]]:
    """(path, light, person's code) of the newest run, in the order of codes; empty before the first one."""
    run = Run.objects.order_by("-as_of", "-pk").first()
    lights = Light.objects.filter(run=run, metric_id=metric).order_by("person__code")
    return list(lights.values_list("org_path", "light", "person__code"))


def with_point(lights: QuerySet[Light], run: int) -> QuerySet[Light]:
    """The same with `point`, where each target will probably end: to sort by."""
    ends = Projection.objects.filter(run_id=run, target=OuterRef("target"))
    return lights.annotate(point=Subquery(ends.values("point")[:1]))


def of_person(run: int, person: int) -> list[Light]:
    """Somebody's own lights in one run, a row per metric, the headline first."""
    own = list(targets_of_person(person).values_list("pk", flat=True))  # a light has no index on people
    lights = Light.objects.filter(run_id=run, target__in=own).select_related("person", "metric")
    return list(lights.order_by("metric__position", "metric__code"))


def official_lights(runs: Iterable[int], targets: Iterable[int]) -> dict[int, list[tuple[date, str]]]:
    """Target → the day and light of each given checkpoint, oldest first."""
    rows = Light.objects.filter(run__in=list(runs), target__in=list(targets)).order_by("run__as_of")
    found: dict[int, list[tuple[date, str]]] = {}
    for target, day, light in rows.values_list("target_id", F("run__as_of"), "light"):
        found.setdefault(target, []).append((day, light))
    return found


def projections_of(run: int, targets: Iterable[int]) -> dict[int, Projection]:
    """Target → where it will probably end."""
    rows = Projection.objects.filter(run_id=run, target__in=list(targets))
    return {p.target_id: p for p in rows if p.target_id is not None}


def unit_projections(run: int, metric: int, paths: Iterable[str]) -> dict[str, Projection]:
    """Unit path → where the unit will probably end."""
    rows = Projection.objects.filter(
        run_id=run, metric_id=metric, target__isnull=True, org_path__in=list(paths)
    )
    return {p.org_path: p for p in rows}


def run_for(period: int, *, official: bool) -> Run | None:
    """The newest run of a period, or its newest checkpoint."""
    runs = Run.objects.filter(period_id=period).select_related("period")
    return (runs.filter(kind=Run.Kind.CHECKPOINT) if official else runs).order_by("-as_of", "-pk").first()


def lights_after(
    run: int, after: int, limit: int, *, metric: str = "", path: str = "", person: str = "", light: str = ""
) -> list[Light]:
    """A run's lights in order of their targets, from behind `after` on; empty filters ask for all."""
    found = Light.objects.filter(run_id=run, target_id__gt=after)
    wanted = {
        "metric__code": metric, "org_path__startswith": path, "person__code": person, "light": light,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    return list(found.select_related("person", "metric").order_by("target_id")[:limit])


def run_called(run: int) -> Run | None:
    return Run.objects.filter(pk=run).first()


def flips_after(run: int, after: int, limit: int) -> list[Flip]:
    """Official lights of a run that differ from the checkpoint before, in order of their keys."""
    found = Flip.objects.filter(run_id=run, pk__gt=after).select_related("person", "metric")
    return list(found.order_by("pk")[:limit])


def newest_official() -> Run | None:
    """The last checkpoint whose lights are fixed."""
    return Run.objects.filter(kind=Run.Kind.CHECKPOINT).order_by("-as_of", "-pk").first()


def _troubled(run: int, metric: int, paths: Sequence[str]) -> QuerySet[Light]:
    return Light.objects.filter(
        below_any(paths), run_id=run, metric_id=metric, light__in=["red", "yellow"], person__isnull=False
    )


def troubled(run: int, metric: int, paths: Sequence[str]) -> list[tuple[str, int, str, str, str]]:
    """(path, person, light, code, name) of everybody below the given units whose light is red or yellow."""
    rows = _troubled(run, metric, paths).order_by("org_path", "person_id")
    rows_of = rows.values_list("org_path", "person_id", "light", "person__code", "person__name")
    return [(path, int(person or 0), light, code, name) for path, person, light, code, name in rows_of]


def troubled_counts(
    run: int, metric: int, paths: Sequence[str], without: Collection[int]
) -> list[tuple[str, str, int]]:
    """(path, light, how many) of the same, without some people: a company has too many to name."""
    rows = _troubled(run, metric, paths).exclude(person__in=without) if without else _troubled(run, metric, paths)
    counted = rows.values_list("org_path", "light").annotate(people=Count("target_id"))
    return [(path, light, people) for path, light, people in counted]


def judged(run: int, metric: int, colours: Sequence[str]) -> list[Light]:
    """Everybody's light of one metric that has one of these colours."""
    found = Light.objects.filter(run_id=run, metric_id=metric, light__in=colours, person__isnull=False)
    return list(found.order_by("person_id"))


def flips_of(run: int, metric: int) -> list[tuple[str, int, str, str]]:
    """(path, person, before, after) of everybody whose official light changed at this checkpoint."""
    flips = Flip.objects.filter(run_id=run, metric_id=metric, person__isnull=False)
    rows = flips.order_by("pk").values_list("org_path", "person_id", "before", "after")
    return [(path, int(person or 0), before, after) for path, person, before, after in rows]


def run_numbered(run: int) -> Run:
    return Run.objects.get(pk=run)


def people_called(lights: QuerySet[Light], wanted: str) -> QuerySet[Light]:
    """The lights of people whose name holds the wanted text, or whose code it is."""
    name = Q(person__name__icontains=wanted) | Q(person__name_en__icontains=wanted)
    return lights.filter(name | Q(person__code__iexact=wanted))


def of_people(run: Run, people: Iterable[int]) -> list[Light]:
    """Several people's own lights in one run, a row per person and metric."""
    own = list(targets_in(run.period_id).filter(person__in=list(people)).values_list("pk", flat=True))
    lights = Light.objects.filter(run=run, target__in=own).select_related("metric")
    return list(lights.order_by("person_id", "metric__position", "metric__code"))


def checkpoints_between(after: date, until: date) -> list[Run]:
    """The checkpoints behind a day up to another (that one included), oldest first."""
    runs = Run.objects.filter(kind=Run.Kind.CHECKPOINT, as_of__gt=after, as_of__lte=until)
    return list(runs.order_by("as_of", "pk"))
