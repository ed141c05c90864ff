"""Results as tables for other programs: one row per light, or per target with its attainments and score."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, TextIO

from openpyxl import Workbook

from hangbiao.core.payout import policy_called
from hangbiao.core.quantity import major
from hangbiao.engines.scope.conditions import required
from hangbiao.engines.scope.context import acting, system_scope
from hangbiao.rooms.lights.cards import Card, cards_on
from hangbiao.rooms.lights.models import Light, Run
from hangbiao.rooms.lights.services import named_inputs
from hangbiao.rooms.lights.wording import because
from hangbiao.rooms.people.selectors import territory_names
from hangbiao.rooms.targets.selectors import metrics


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


LIGHTS = [
    "period",
    "as_of",
    "kind",
    "holder",
    "name",
    "org_path",
    "metric",
    "light",
    "state",
    "because",
]
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
        return Table("lights", LIGHTS, [_light(run, light) for light in lights])
    people = [
        _attainment(run, ("person", light.person.code, light.person.name), light.metric, light)
        for light in lights
        if light.person
    ]
    return Table("attainment", ATTAINMENT, people + _territories(run))


def _light(run: Run, light: Light) -> list[str]:
    holder = (light.person.code, light.person.name) if light.person else ("", "")
    return [
        run.period.code, run.as_of.isoformat(), run.kind, *holder, light.org_path,
        light.metric.code, light.light, light.state, because(light, run.policy),
    ]  # fmt: skip


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
