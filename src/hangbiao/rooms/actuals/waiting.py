"""What waits for the administrator, and how far each source reaches: the first sentence of the import page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from hangbiao.rooms.actuals import sql
from hangbiao.rooms.actuals.models import Batch, Feed, ImportJob, Quarantine, Suspect, Upload


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a stream's data reach: everywhere at least to `oldest`, somewhere to `newest`."""

    stream: str
    oldest: date
    newest: date
    places_behind: int


@dataclass(frozen=True, slots=True)
class Attention:
    """What somebody should look at."""

    refused: int
    suspects: int
    failed: Sequence[ImportJob]

    @property
    def anything(self) -> bool:
        return bool(self.refused or self.suspects or self.failed)


def reaches() -> list[Reach]:
    """Per stream of facts, the longest behind first."""
    by_stream: dict[str, list[date]] = {}
    for stream, day in Feed.objects.values_list("stream", "data_as_of"):
        by_stream.setdefault(stream, []).append(day)
    found = [
        Reach(stream, min(days), max(days), sum(1 for d in days if d < max(days)))
        for stream, days in by_stream.items()
    ]
    return sorted(found, key=lambda r: (r.newest, r.stream))


def by_day(found: Sequence[Reach]) -> list[tuple[date, list[Reach]]]:
    """Streams that reach the same day together, the newest first."""
    groups: dict[date, list[Reach]] = {}
    for one in found:
        groups.setdefault(one.newest, []).append(one)
    return sorted(groups.items(), reverse=True)


def attention() -> Attention:
    """Open refused rows, undecided suspects, jobs that failed and were not tried again."""
    refused = Quarantine.objects.filter(batch__counts=True)
    refused = refused.filter(Q(resolved_by=None) | Q(resolved_by__counts=False))
    suspects = Suspect.objects.filter(verdict="", batch__counts=True)
    return Attention(refused.count(), suspects.count(), failed_jobs())


def failed_jobs() -> list[ImportJob]:
    """The last job of an upload that waits, where that one failed."""
    latest = ImportJob.objects.filter(upload__put_away=False).order_by("upload_id", "-id").distinct("upload_id")
    return [j for j in latest.select_related("upload") if j.state == ImportJob.State.FAILED]


def with_open_rows(count: int = 20) -> list[Batch]:
    """Batches with refused rows that wait, the newest first."""
    waiting = Q(refused__isnull=False) & (
        Q(refused__resolved_by=None) | Q(refused__resolved_by__counts=False)
    )
    return list(Batch.objects.filter(waiting, counts=True).distinct().order_by("-id")[:count])


@dataclass(frozen=True, slots=True)
class Waiting:
    """An uploaded file with the last that was done about it, and the batch its content is in, if any."""

    upload: Upload
    job: ImportJob | None
    batch: Batch | None


def uploads_waiting() -> list[Waiting]:
    """Files that were sent and neither booked nor put away."""
    found = []
    for upload in Upload.objects.filter(put_away=False).select_related("mapping")[:50]:
        found.append(Waiting(upload, upload.jobs.order_by("-id").first(), batch_with(upload.sha256)))
    return found


def batch_with(sha256: str) -> Batch | None:
    """The batch that counts and was read from this very content."""
    return Batch.objects.filter(sha256=sha256, counts=True, undoes=None).order_by("-id").first()


def upload_called(number: int) -> Upload | None:
    return Upload.objects.select_related("mapping").filter(pk=number).first()


def job_called(number: int) -> ImportJob | None:
    return ImportJob.objects.select_related("upload", "mapping", "subject", "batch").filter(pk=number).first()


def jobs_under_way() -> list[ImportJob]:
    states = [ImportJob.State.WAITING, ImportJob.State.RUNNING]
    found = ImportJob.objects.filter(state__in=states).select_related("upload", "mapping", "subject")
    return list(found.order_by("id"))


def row_called(number: int) -> Quarantine | None:
    return Quarantine.objects.select_related("batch__mapping", "resolved_by").filter(pk=number).first()


def worker_runs() -> bool:
    """Whether a worker has been heard of lately."""
    return sql.worker_is_heard()
