"""Results as tables for other programs: one row per light, or per target with its attainments and score."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TextIO

from openpyxl import Workbook

from hangbiao.core.payout import policy_called
from hangbiao.core.quantity import major
from hangbiao.rooms.lights.models import Light, Run
from hangbiao.rooms.lights.wording import because


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


LIGHTS = [
    "period",
    "as_of",
    "kind",
    "book",
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
    lights = Light.objects.filter(run=run).select_related("person", "territory", "metric")
    lights = lights.order_by("book", "metric__position", "person__code", "territory__code")
    if what == "lights":
        return Table("lights", LIGHTS, [_light(run, light) for light in lights])
    return Table("attainment", ATTAINMENT, [_attainment(run, light) for light in lights])


def _holder(light: Light) -> tuple[str, str]:
    holder = light.person or light.territory
    return (holder.code, holder.name) if holder else ("", "")


def _light(run: Run, light: Light) -> list[str]:
    return [
        run.period.code, run.as_of.isoformat(), run.kind, light.book, *_holder(light), light.org_path,
        light.metric.code, light.light, light.state, because(light, run.policy),
    ]  # fmt: skip


def _attainment(run: Run, light: Light) -> list[str]:
    places = light.metric.decimals
    plan = Decimal(light.base) * light.plan_num / light.plan_den
    policy = policy_called(run.policy["score.policy"])
    score = policy.score(light.actual, light.base, light.stretch)
    return [
        run.period.code, run.as_of.isoformat(), light.book, *_holder(light), light.metric.code, light.metric.unit,
        str(major(light.base, places)), "" if light.stretch is None else str(major(light.stretch, places)),
        str(major(light.actual, places)), _round(plan.scaleb(-places), places),
        _ratio(Decimal(light.actual), plan), _ratio(Decimal(light.actual), Decimal(light.base)),
        "" if score is None else _round(Decimal(score.numerator) / score.denominator, 2), policy.name,
        str(light.version),
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
