"""Landed files: immutable Parquet under settings.LANDING, written before the commit, counted once registered."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from hangbiao.rooms.actuals.ledger import sql
from hangbiao.rooms.actuals.ledger.stage import Stage, Verdict
from hangbiao.rooms.actuals.models import Batch, LandedFile
from hangbiao.rooms.actuals.streams import Stream


@dataclass(frozen=True, slots=True)
class Landing:
    """Where files land: the landing folder, or a scratch folder during a dry run (then paths are kept absolute)."""

    root: Path
    dry: bool = False

    def name_of(self, path: Path) -> str:
        return str(path) if self.dry else path.relative_to(self.root).as_posix()


def real() -> Landing:
    return Landing(Path(settings.LANDING))


def place_of(path: str) -> Path:
    """A registered path on this machine."""
    return Path(settings.LANDING) / path


def digest_of(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def land(stage: Stage, stream: Stream, batch: Batch, verdict: Verdict, landing: Landing) -> list[LandedFile]:
    """Write the ready rows by day, their keys, and what the file confirmed, under names that no other batch can have."""
    rows = land_lines(stage, stream, batch, verdict, landing)
    folder = landing.root / f"stream={stream.name}" / "keys"
    if verdict.days:
        stage.duck.execute(sql.land_keys(stage.folder / "keys.parquet"))
        total = verdict.new + verdict.superseded + verdict.late
        rows.append(
            _settle(stage.folder / "keys.parquet", folder, batch, landing, holds="keys", day=None, rows=total)
        )
    if verdict.confirmed:
        stage.duck.execute(sql.land_confirmed(stage.folder / "confirmed.parquet"))
        found = stage.folder / "confirmed.parquet"
        rows.append(
            _settle(found, folder, batch, landing, holds="confirmed", day=None, rows=verdict.confirmed)
        )
    return LandedFile.objects.bulk_create(rows)


def land_lines(
    stage: Stage, stream: Stream, batch: Batch, verdict: Verdict, landing: Landing
) -> list[LandedFile]:
    """Write the ready rows by day. Gives the files, which do not count before they are registered."""
    if not verdict.days:
        return []
    scratch = stage.folder / "landed"
    stage.duck.execute("SET threads = 1")  # one file per day
    stage.duck.execute(sql.land(scratch))
    stage.duck.execute("SET threads = 2")
    rows = []
    for day, (count, corrections) in verdict.days.items():
        (written,) = (scratch / f"day={day.isoformat()}").glob("*.parquet")
        folder = landing.root / f"stream={stream.name}" / f"day={day.isoformat()}"
        rows.append(_settle(written, folder, batch, landing, day=day, rows=count, corrections=corrections))
    return rows


def _settle(
    written: Path,
    folder: Path,
    batch: Batch,
    landing: Landing,
    *,
    day: date | None,
    rows: int,
    corrections: int = 0,
    holds: str = "lines",
) -> LandedFile:
    """Move a finished file to its place, safely on disk, and describe it."""
    digest = digest_of(written)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"b{batch.pk:010d}-{digest[:12]}.parquet"
    part = target.with_suffix(".part")
    shutil.copyfile(written, part)
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(target)
    return LandedFile(
        batch=batch, stream=batch.stream, holds=holds, day=day, path=landing.name_of(target), rows=rows,
        corrections=corrections, sha256=digest,
    )  # fmt: skip


def key_files(stream: str) -> list[Path]:
    """What says which lines are known: the keys of every batch that counts. Lines that merely confirmed others matter
    only where one of those others was undone."""
    claims = LandedFile.objects.filter(stream=stream, batch__counts=True)
    undone = Batch.objects.filter(stream=stream, counts=False, undoes__isnull=True).order_by("id").first()
    wanted = Q(holds=LandedFile.Holds.KEYS)
    if undone:
        wanted |= Q(holds=LandedFile.Holds.CONFIRMED, batch__gt=undone)
    return [place_of(p) for p in claims.filter(wanted).values_list("path", flat=True)]


def claim_files(stream: str, batch: int | None = None) -> tuple[list[Path], list[Path]]:
    """The files of keys and of confirmed lines, of one batch or of all."""
    files = LandedFile.objects.filter(stream=stream, day__isnull=True)
    files = files.filter(batch=batch) if batch else files
    found: dict[str, list[Path]] = {LandedFile.Holds.KEYS: [], LandedFile.Holds.CONFIRMED: []}
    for holds, path in files.values_list("holds", "path"):
        found[holds].append(place_of(path))
    return found[LandedFile.Holds.KEYS], found[LandedFile.Holds.CONFIRMED]


def files_of_days(streams: Iterable[str], days: Sequence[date]) -> dict[str, dict[date, list[LandedFile]]]:
    """Stream → day → its landed files."""
    found: dict[str, dict[date, list[LandedFile]]] = {}
    for file in LandedFile.objects.filter(stream__in=list(streams), day__in=list(days)).order_by("id"):
        if file.day is not None:
            found.setdefault(file.stream, {}).setdefault(file.day, []).append(file)
    return found


def landed_days(undated: date) -> list[date]:
    """Every business day with landed lines, in order."""
    days = LandedFile.objects.exclude(day=undated).values_list("day", flat=True).distinct()
    return sorted(d for d in days if d is not None)


def sweep(landing: Landing) -> list[str]:
    """Remove what lies in the landing folder unregistered: the traces of imports that never committed.

    Call it under the import lock (services.sweep_landing), or a running import would lose its files.
    """
    registered = set(LandedFile.objects.values_list("path", flat=True))
    gone = []
    for path in sorted(landing.root.glob("stream=*/*/*")):
        name = landing.name_of(path)
        if path.is_file() and name not in registered:
            path.unlink()
            gone.append(name)
    return gone
