"""Write the demo company's files: `python -m hangbiao.site.demo.generate OUT --seed 7 --people 300 --lines 2000000`.

The same words give the same bytes. The files go to OUT/files, what was planted to OUT/truth.json.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hangbiao.site.demo import company as staff
from hangbiao.site.demo import customers, facts, places
from hangbiao.site.demo.aims import aims_of
from hangbiao.site.demo.blemishes import Blemishes
from hangbiao.site.demo.causes import LATE_ARRIVES, LATE_FROM, LATE_UNTIL, Cause, plant
from hangbiao.site.demo.company import Company, found
from hangbiao.site.demo.days import Quarter, quarters
from hangbiao.site.demo.market import Market, found_market
from hangbiao.site.demo.masters import write_masters
from hangbiao.site.demo.writing import write_rows, write_workbook

AIMS = ("季度", "指标", "片区编号", "基础目标", "挑战目标", "节奏")
ROUTES_FROM = 8  # route plans are kept for the last quarter and the current one


def generate(
    out: Path,
    *,
    seed: int = 7,
    reps: int = 300,
    lines: int = 2_000_000,
    causes: bool = True,
    progress: Callable[[str], None] = lambda _line: None,
) -> dict[str, Any]:
    """Write OUT/files and OUT/truth.json; give back what the truth file says. `causes=False` plants nothing."""
    files = out / "files"
    if files.exists():
        shutil.rmtree(files)
    files.mkdir(parents=True)
    company = found(reps=reps, seed=seed)
    market = found_market(company, seed)
    planted = plant(company, market, seed, reps=reps) if causes else []
    opened = customers.openings(market, company, planted)
    world = facts.World(files, company, market, planted, opened, late_feed=causes)
    blemishes, counts = Blemishes(), dict.fromkeys(("totals", "orders", "visits", "stockouts"), 0)
    write_masters(files, company, market)
    counts["outlets"] = facts.write_outlets(
        files, customers.outlet_rows(market, company, opened), customers.HEADER
    )
    for quarter in quarters():
        progress(quarter.code)
        _write_aims(files, company, market, quarter)
        if not quarter.has_lines:
            counts["totals"] += facts.write_totals(world, quarter)
            continue
        drawn = round(lines / 5 * 1.06)  # the causes take some away
        counts["orders"] += facts.write_orders(world, quarter, blemishes, lines=drawn)
        counts["visits"] += facts.write_visits(world, quarter, planned=quarter.index >= ROUTES_FROM)
        counts["stockouts"] += facts.write_stockouts(world, quarter)
    told = _truth(company, planted, blemishes, counts, seed=seed, causes=causes)
    (out / "truth.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return told


def _write_aims(files: Path, company: Company, market: Market, quarter: Quarter) -> None:
    """Targets of a quarter: CSV, the current quarter as a workbook with one row for a territory nobody knows."""
    aims = aims_of(market, company, quarter)
    rows = [
        (quarter.code, a.metric, company.territory(a.territory), a.base, a.stretch, a.phasing) for a in aims
    ]
    if quarter.is_live:
        rows.append((*rows[0][:2], "T998", *rows[0][3:]))
        write_workbook(files / f"targets_{quarter.code}.xlsx", "目标", AIMS, rows)
    else:
        write_rows(files / f"targets_{quarter.code}.csv", AIMS, rows)


def _truth(
    company: Company,
    planted: list[Cause],
    blemishes: Blemishes,
    counts: dict[str, int],
    *,
    seed: int,
    causes: bool,
) -> dict[str, Any]:
    """What was planted. Nothing in the product reads this file."""
    told = [c.told(company) for c in planted]
    if causes:
        late = {
            "kind": "late_feed",
            "start": str(LATE_FROM),
            "end": str(LATE_UNTIL),
            "arrives": str(LATE_ARRIVES),
        }
        told.append(
            late | {"region": places.LATE_REGION, "strength": 1.0, "metrics": ["sales"], "meant": "grey"}
        )
    away, sick_from, sick_to = company.spells[company.sick].person, *map(str, staff.SICK)
    mover, leaver = company.spells[company.mover].person, company.spells[company.leaver].person
    moved = {"from": company.territory(company.mover), "to": company.territory(company.leaver)}
    events = [
        {"kind": "vacancy", "territory": company.territory(company.vacant), "from": str(staff.FORMER_LEFT)},
        {"kind": "leaver", "person": leaver, "last_day": str(staff.LEAVER_LAST)},
        {"kind": "joiner", "person": company.people[-1].code, "joined": str(staff.JOINED)},
        {"kind": "transfer", "person": mover, "on": str(staff.MOVED)} | moved,
        {"kind": "protected_leave", "person": away, "start": sick_from, "end": sick_to},
    ]
    return {"seed": seed, "counts": counts, "causes": told, "events": events, "blemishes": blemishes.told}


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main(argv: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write the demo company's files.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--no-causes", action="store_true")
    args = parser.parse_args(argv)
    told = generate(
        args.out, seed=args.seed, reps=args.people, lines=args.lines, causes=not args.no_causes, progress=_say
    )
    _say(json.dumps(told["counts"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
