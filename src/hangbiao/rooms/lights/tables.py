"""Results as tables for other programs: one row per light, or per target with its attainments and score."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _
from openpyxl import Workbook

from hangbiao.core.payout import policy_called
from hangbiao.core.quantity import major
from hangbiao.engines.scope.conditions import required
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.lights.cards import Card, cards_on
from hangbiao.rooms.lights.models import Light, Run, UnitLight
from hangbiao.rooms.lights.services import named_inputs
from hangbiao.rooms.lights.unassigned import unassigned_in
from hangbiao.rooms.lights.wording import because, in_force_for
from hangbiao.rooms.people.selectors import territory_names, units_at
from hangbiao.rooms.targets.selectors import metrics


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


LIGHTS = [
    "period", "as_of", "kind", "level", "holder", "name", "org_path", "metric", "light", "state", "grey_reason", "because",
    "data_as_of", "target_version", "basis", "score_policy", "facts_as_of", "calendar_version", "people", "green", "yellow",
    "red", "grey",
]  # fmt: skip
ATTAINMENT = [
    "period", "as_of", "book", "holder", "name", "metric", "unit", "base", "stretch", "actual", "plan_to_date",
    "pace", "attainment", "score", "score_policy", "target_version",
]  # fmt: skip


def table_of(what: str, period: str | None) -> Table | None:
    """`lights` or `attainment` of the newest run (of a period), as far as the reader's scope goes. None: no run yet."""
    runs = Run.objects.filter(period__code=period) if period else Run.objects.all()
    run = runs.order_by("-as_of", "-pk").select_related("period").first()
    if run is None:
        return None
    lights = list(
        Light.objects.filter(run=run)
        .select_related("person", "metric")
        .order_by("metric__position", "person__code")
    )
    if what == "lights":
        return Table("lights", LIGHTS, [*(_light(run, light) for light in lights), *_units(run)])
    people = [
        _attainment(run, ("person", light.person.code, light.person.name), light.metric, light)
        for light in lights
        if light.person
    ]
    return Table("attainment", ATTAINMENT, [*people, *_territories(run), *_unassigned(run)])


def _light(run: Run, light: Light) -> list[str]:
    holder = (light.person.code, light.person.name) if light.person else ("", "")
    day = light.data_as_of.isoformat() if light.data_as_of else ""
    return [
        *_of_run(run), "person", *holder, light.org_path, light.metric.code, light.light, light.state, light.grey_reason,
        because(light, run.policy), day, str(light.version), in_force_for(light, run.policy)["light.basis"], *_inputs(run)[1:],
        *[""] * 5,
    ]  # fmt: skip


def _units(run: Run) -> list[list[str]]:
    """Teams, regions and the company: ΣA / ΣT over the territory book, and how many people stand where."""
    found = list(UnitLight.objects.filter(run=run).select_related("metric").order_by("metric__position", "org_path"))
    units = units_at({one.org_path for one in found})
    return [
        [
            *_of_run(run), units[one.org_path].kind, units[one.org_path].code, units[one.org_path].name, one.org_path,
            one.metric.code, one.light, "", one.grey_reason, because(one, run.policy), "", "", *_inputs(run),
            *(str(n) for n in (one.people, one.green, one.yellow, one.red, one.grey)),
        ]
        for one in found
    ]  # fmt: skip


def _of_run(run: Run) -> tuple[str, str, str]:
    return run.period.code, run.as_of.isoformat(), run.kind


def _inputs(run: Run) -> tuple[str, str, str, str]:
    """By which rules, from which facts and calendar."""
    return run.policy["light.basis"], run.policy["score.policy"], str(run.facts_as_of), str(run.calendar_version)


def _territories(run: Run) -> list[list[str]]:
    """The territory book as the run's inputs have it: what nobody works is in it too."""
    reader = required(Light)
    with acting(system_scope(f"the territory book, cut to: {reader.reason}")):
        cards = [c for c in cards_on(named_inputs(run), "territory") if reader.covers(c.org_path)]
    names, of = territory_names(), {m.pk: m for m in metrics()}
    cards.sort(key=lambda c: (of[c.metric_id].position, names[c.territory_id or 0]))
    return [
        _attainment(run, ("territory", *names[card.territory_id or 0]), of[card.metric_id], card)
        for card in cards
    ]


def _unassigned(run: Run) -> list[list[str]]:
    """Per book and metric what counts for no row above, 0 too: Σ rows of a book = the ledger."""
    reader = required(Light)
    rows = []
    for book in ("person", "territory"):
        here = [one for one in unassigned_in(run, book) if reader.covers(one.org_path)]
        for metric in metrics():
            value = sum(one.value for one in here if one.metric_id == metric.pk)
            named = [run.period.code, run.as_of.isoformat(), book, "", _("未归属"), metric.code, metric.unit]
            rows.append([*named, "", "", str(major(value, metric.decimals)), *[""] * 6])
    return rows


def _attainment(run: Run, holder: tuple[str, str, str], metric: Any, row: Light | Card) -> list[str]:
    places = metric.decimals
    plan = Decimal(row.base) * row.plan_num / row.plan_den
    policy = policy_called(run.policy["score.policy"])
    score = policy.score(row.actual, row.base, row.stretch)
    return [
        run.period.code, run.as_of.isoformat(), *holder, metric.code, metric.unit,
        str(major(row.base, places)), "" if row.stretch is None else str(major(row.stretch, places)),
        str(major(row.actual, places)), _round(plan.scaleb(-places), places),
        _ratio(Decimal(row.actual), plan), _ratio(Decimal(row.actual), Decimal(row.base)),
        "" if score is None else _round(Decimal(score.numerator) / score.denominator, 2), policy.name,
        str(row.version),
    ]  # fmt: skip


def _ratio(part: Decimal, whole: Decimal) -> str:
    return _round(part / whole, 6) if whole > 0 else ""


def _round(value: Decimal, places: int) -> str:
    return str(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def write_csv(table: Table, out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.head)
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)


def _harmless(cell: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return (
        f"'{cell}"
        if cell[:1] in {"=", "@", "\t", "\r"} or (cell[:1] in "+-" and not _is_number(cell))
        else cell
    )


def _is_number(cell: str) -> bool:
    return cell.lstrip("+-").replace(".", "", 1).isdigit()


def write_xlsx(table: Table, path: Path) -> None:
    """Numbers stay numbers, everything else is text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.title)
    sheet.append(list(table.head))
    for row in table.rows:
        sheet.append(
            [
                Decimal(c) if _is_number(c) and h != "holder" else _harmless(c)
                for h, c in zip(table.head, row, strict=True)
            ]
        )
    book.save(path)
