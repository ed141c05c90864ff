"""How well the end of a quarter is foreseen, on the demo generator's own history with planted shocks.

The generator knows each quarter to its end, so the projection of every quarter with enough history can be held against
what came. Nothing later than the point of view is handed to the estimates.
"""

import csv
import io
import math
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import say

SEED, REPS, LINES = 11, 300, 400_000
JUDGED = (6, 7, 8, 9)  # a whole year
BAR, PRECISION, FOUR_WEEKS = 0.7, 0.85, 20


@dataclass(frozen=True)
class World:
    """Per quarter: cumulative sales [units, working days + 1], the calendar share passed by each of those days, targets."""

    sold: list[Any]
    elapsed: list[Any]
    base: list[Any]
    regions: Any
    worked: list[Any]  # per calendar day of each quarter


@dataclass(frozen=True)
class Seen:
    """One quarter at one point: projection, truth, target and the plain run-rate."""

    point: Any
    low: Any
    high: Any
    truth: Any
    base: Any
    linear: Any


def figures(_long: bool) -> dict[str, float | None]:
    os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/unused")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangbiao.site.settings")
    import django

    django.setup()
    with tempfile.TemporaryDirectory(prefix="hangbiao-bench-projection-") as folder:
        world = _world(Path(folder))
    third = [_seen(world, q, 0.38) for q in JUDGED]
    error = _error([s.point for s in third], third) / _error([s.linear for s in third], third)
    inside = [
        np.mean((s.low <= s.truth) & (s.truth <= s.high))
        for share in (0.15, 0.38, 0.69)
        for s in _at(world, share)
    ]
    say(f"coverage by point and quarter: {', '.join(f'{100 * x:.0f}' for x in inside)} %")
    return {
        "projection_vs_linear_38": float(error),
        "projection_coverage_pct": float(100 * np.mean(inside)),
        "light_recall_w8_pct": _recall(world, 8 / 13),
        "light_recall_w10_pct": _recall(world, 10 / 13),
    }


def _at(world: World, share: float) -> list[Seen]:
    return [_seen(world, q, share) for q in JUDGED]


def _error(points: list[Any], seen: list[Seen]) -> float:
    return float(
        sum(np.abs(p - s.truth).sum() for p, s in zip(points, seen, strict=True))
        / sum(s.truth.sum() for s in seen)
    )


def _recall(world: World, share: float) -> float:
    """Share of the units ending below 70 % that a projected attainment below 70 % finds, at a precision of 85 %."""
    seen = _at(world, share)
    foreseen = np.concatenate([s.point / s.base for s in seen])
    bad = np.concatenate([s.truth / s.base for s in seen]) < BAR
    best = 0.0
    for border in np.sort(foreseen[foreseen < BAR])[::-1]:
        flagged = foreseen <= border
        if bad[flagged].mean() >= PRECISION:
            best = float(100 * (flagged & bad).sum() / bad.sum())
            break
    say(f"at {share:.0%}: {int(bad.sum())} of {len(bad)} end below 70 %, {best:.0f} % of them foreseen")
    return best


def _seen(world: World, quarter: int, share: float) -> Seen:
    from hangbiao.rooms.lights.history import History, projected

    cut = [round(share * (q.shape[1] - 1)) for q in world.sold[: quarter + 1]]
    table = lambda shift: np.column_stack(
        [q[:, max(c - shift, 0)] for q, c in zip(world.sold, cut, strict=False)]
    )
    whole = np.column_stack([q[:, -1] for q in world.sold[: quarter + 1]])
    truth = whole[:, -1].copy()
    whole[:, -1] = np.nan  # the estimates must not see it
    weekly = np.column_stack([np.diff(q[:, ::5], axis=1) for q in world.sold[quarter - 4 : quarter]])
    moves = _moves(world, quarter, cut)
    history = History(tuple(range(len(truth))), whole, table(0), table(FOUR_WEEKS), weekly, *moves)
    _now, ends, _model = projected(history, world.regions)
    linear = history.seen[:, -1] / world.elapsed[quarter][cut[-1]]
    known = np.isfinite(ends.low) & np.isfinite(
        linear
    )  # a territory without any history has no curve to go by
    rows = (ends.point, ends.low, ends.high, truth, world.base[quarter], linear)
    return Seen(*(row[known] for row in rows))


def _moves(world: World, quarter: int, cut: list[int]) -> Any:
    """What a moved holiday does to last year's shares, at the point and four weeks before, and the doubt, by quarter."""
    from hangbiao.core.estimates.holidays import relay

    rows = np.zeros((3, quarter + 1))
    for q in range(quarter - 3):
        sold = np.diff(world.sold[q].sum(axis=0))
        if relaid := relay(sold, world.worked[q], world.worked[q + 4]):
            done = cut[q + 4]
            rows[:, q] = relaid.shift(done), relaid.shift(max(done - FOUR_WEEKS, 0)), relaid.doubt
    return rows


def _world(folder: Path) -> World:
    from hangbiao.site.demo.days import quarters, workdays
    from hangbiao.site.demo.generate import generate

    generate(folder, seed=SEED, reps=REPS, lines=LINES)
    files = folder / "files"
    unit_of = {row["片区编号"]: row["单位编号"].split("-")[0] for row in _rows(files, "territories")}
    row_of = {unit: i for i, unit in enumerate(sorted(unit_of))}
    sold, elapsed, base, worked = [], [], [], []
    for quarter in quarters():
        daily = np.zeros((len(row_of), len(quarter.days)))
        for unit, day, value in _sales(files, quarter):
            column = (day - quarter.days[0]).days
            if unit in row_of and 0 <= column < daily.shape[1]:
                daily[row_of[unit], column] += value
        ends = np.cumsum(daily, axis=1)[:, np.flatnonzero(workdays(quarter))]
        ends[:, -1] = daily.sum(axis=1)
        elapsed.append(np.concatenate([[0.0], (np.flatnonzero(workdays(quarter)) + 1) / len(quarter.days)]))
        worked.append(workdays(quarter))
        sold.append(np.hstack([np.zeros((len(row_of), 1)), ends]))
        aims = {
            r["片区编号"]: float(r["基础目标"])
            for r in _rows(files, f"targets_{quarter.code}")
            if r["指标"] == "销售额"
        }
        base.append(np.array([aims.get(u, np.nan) for u in row_of]))
    keep = ~np.isnan(np.array(base)).any(axis=0)
    regions = np.unique([unit_of[u] for u in row_of], return_inverse=True)[1][keep]
    return World([q[keep] for q in sold], elapsed, [b[keep] for b in base], regions, worked)


def _sales(files: Path, quarter: Any) -> Iterator[tuple[str, date, float]]:
    """(territory, day, amount) of one quarter, from totals or order lines; rows the importer would refuse are passed over."""
    if not quarter.has_lines:
        for row in _rows(files, f"daily_totals_{quarter.code}"):
            if row["指标"] == "销售额":
                yield row["片区"], date.fromisoformat(row["日期"]), float(row["数值"])
        return
    for month in sorted({f"{d:%Y-%m}" for d in quarter.days}):
        for row in _rows(files, f"orders_*{month}*"):
            try:
                amount = float(row["净额"])
                day = date.fromisoformat(row["订单日期"])
            except (ValueError, TypeError):
                continue
            if math.isfinite(amount):
                yield row["片区"], day, amount


def _rows(files: Path, stem: str) -> Iterator[dict[str, str]]:
    """Rows of the CSV or XLSX files of that name, whatever their encoding."""
    for path in sorted([*files.glob(f"{stem}.csv"), *files.glob(f"{stem}.xlsx")]):
        if path.suffix == ".xlsx":
            from openpyxl import load_workbook

            rows = load_workbook(path, read_only=True).active.iter_rows(values_only=True)
            header = [str(cell) for cell in next(rows)]
            yield from (dict(zip(header, map(str, row), strict=False)) for row in rows)
            continue
        yield from csv.DictReader(io.StringIO(_text(path.read_bytes())))


def _text(raw: bytes) -> str:
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")
