"""Run the groups, print a table, write the JSON."""

import argparse
import importlib
import json
import os
import pkgutil
import platform
import sys
import time
from pathlib import Path

import benchmarks
from benchmarks.promises import verdict

HARNESS = {"__main__", "promises", "machine", "company", "viewers", "serve_pages", "baselines", "faults_house"}


def groups() -> list[str]:
    """Every module of this folder that measures something."""
    return sorted(m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name not in HARNESS)


def chosen(asked: list[str]) -> list[str]:
    """The groups to measure: a name stands for itself and for every group that begins with it, like `reliability`."""
    return [g for g in groups() if not asked or any(g == name or g.startswith(f"{name}_") for name in asked)]


def machine() -> str:
    """The machine in one line, without its name."""
    memory = ""
    if hasattr(os, "sysconf"):
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} × {_processor()}{memory}, {system}"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "processor"


def measure(name: str, *, long: bool) -> dict[str, float]:
    """One group's figures. What could not be measured is absent, with a line saying why."""
    began = time.monotonic()
    try:
        group = importlib.import_module(f"benchmarks.{name}")
        why_not = group.needs() if hasattr(group, "needs") else ""
        figures = {} if why_not else group.figures(long)
    except Exception as fault:  # noqa: BLE001 - one broken group must not hide the others
        why_not, figures = f"{type(fault).__name__}: {fault}", {}
    if why_not:
        print(f"{name}: not measured: {why_not}", file=sys.stderr)
    for figure in (f for f, value in figures.items() if value is None):
        print(f"{figure}: not measured", file=sys.stderr)
    print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return {f: value for f, value in figures.items() if value is not None}


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measure the promised figures.")
    parser.add_argument("group", nargs="*", help=f"of: {', '.join(groups()) or 'none yet'}; without any, all")
    parser.add_argument("--json", type=Path, metavar="FILE", help='write {"machine": …, "figures": {…}}')
    parser.add_argument("--long", action="store_true", help="also what takes longer")
    args = parser.parse_args()
    unknown = {name for name in args.group if not chosen([name])}
    if unknown:
        parser.error(f"no group {', '.join(sorted(unknown))}; there are: {', '.join(groups())}")
    figures: dict[str, float] = {}
    for name in chosen(args.group):
        figures |= measure(name, long=args.long)
    print(machine())
    for name, value in figures.items():
        print(f"{name:<40} {value:>12.6g}  {verdict(name, value)}")
    if args.json:
        args.json.write_text(
            json.dumps({"machine": machine(), "figures": figures}, indent=1) + "\n", encoding="utf-8"
        )
    return int(any(verdict(n, v).startswith("MISSED") for n, v in figures.items()))


if __name__ == "__main__":
    sys.exit(main())
